"""The API doors of calendars."""

from mutuali.web.api import ApiBlueprint

bp = ApiBlueprint("calendars_api", "Agendas")
