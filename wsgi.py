"""What a WSGI server serves: ``granian --interface wsgi wsgi:app``."""

import gc

from mutuali.app import create_app

app = create_app()

# What is loaded by now lives as long as the process: looking through it again and again for
# garbage took a fifth of the time of a long page. Requests leave little; look less often.
gc.collect()
gc.freeze()
gc.set_threshold(5_000, 20, 50)
