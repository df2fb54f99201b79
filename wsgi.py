"""What a server loads: ``wsgi:app``."""

from mutuali.app import create_app

app = create_app()
