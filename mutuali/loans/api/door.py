"""The JSON doors of loans."""

from mutuali.web.api import ApiBlueprint

bp = ApiBlueprint("loans_api", "Prêts\u00a0: constats d’état, jour même, papiers")
