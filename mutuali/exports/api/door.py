"""Where the JSON doors of exports hang."""

from mutuali.web.api import ApiBlueprint

bp = ApiBlueprint("exports_api", "Données gouvernées")
