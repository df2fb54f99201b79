"""The JSON doors of messages."""

from mutuali.web.api import ApiBlueprint

bp = ApiBlueprint("messages_api", "Messages")
