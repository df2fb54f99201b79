"""Who answers for personal information, as everybody may read it."""

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.organizations import service
from mutuali.organizations.api.door import bp
from mutuali.organizations.rules import Office
from mutuali.web.doors import PUBLIC


class OfficeDumpSchema(Schema):
    """Who answers for personal information; the law publishes title and contact, not the name."""

    office = fields.Enum(Office, by_value=True, required=True)
    title = fields.String(required=True)
    contact = fields.String(required=True)
    competence = fields.String(required=True)
    is_external = fields.Boolean(required=True)
    since = fields.AwareDateTime(required=True)


@bp.operation(
    "GET",
    "/offices",
    PUBLIC,
    "Savoir qui répond des renseignements personnels",
    gives=OfficeDumpSchema,
    many=True,
)
def offices(session: Session, actor: Actor) -> list[service.OfficeFacts]:
    """Who is named now; with nobody in charge, the operator's highest authority is, by law."""
    held = service.offices(session)
    every = (held.person_in_charge, held.substitute, held.qualified_person)
    return [each for each in every if each is not None]
