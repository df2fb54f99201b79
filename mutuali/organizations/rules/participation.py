"""What an organization and the operator promise each other, and who may say so."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mutuali.core.errors import Reason
from mutuali.organizations.rules.organization import OrganizationKind, OrganizationState

NBSP = "\u00a0"
#: A change of the words below is a new version; who accepted an older one keeps it until then.
TEXT_VERSION = "2026-11"
#: From the day an organization says that it leaves to the day it has left.
EXIT_NOTICE = timedelta(days=30)

#: Between the two languages in the text whose hash is kept.
_BETWEEN = "\n----------------------------------------\n\n"


class Capacity(StrEnum):
    """By what right somebody says yes for an organization."""

    EXECUTIVE_DIRECTION = "executive_direction"
    PRESIDENCY = "presidency"
    BOARD_MEMBER = "board_member"
    #: Anybody whom a resolution of the board names.
    MANDATE = "mandate"


@dataclass(frozen=True, slots=True)
class Mandate:
    """A capacity, with the resolution of the board behind it where there is one."""

    capacity: Capacity
    resolution: str = ""
    resolved_on: date | None = None


def mandate_objections(mandate: Mandate, today: date) -> tuple[Reason, ...]:
    """Why this is no right to speak: a mandate needs its resolution, a resolution its date.

    A single member of a board decides nothing alone (C.c.Q., art. 336), so needs one too.
    """
    found = []
    by_board = mandate.capacity in {Capacity.MANDATE, Capacity.BOARD_MEMBER}
    if (by_board or mandate.resolved_on is not None) and not mandate.resolution:
        found.append(Reason("participation.resolution_unsaid", {}, "resolution"))
    if (by_board or mandate.resolution) and mandate.resolved_on is None:
        found.append(Reason("participation.resolution_undated", {}, "resolved_on"))
    if mandate.resolved_on is not None and mandate.resolved_on > today:
        found.append(Reason("participation.resolution_to_come", {}, "resolved_on"))
    return tuple(found)


def takes_part(kind: OrganizationKind, state: OrganizationState) -> bool:
    """Whether an organization is one that an agreement of participation is made with."""
    receiving = {OrganizationKind.PARTNER, OrganizationKind.OPERATOR}
    return kind not in receiving and state is OrganizationState.ACCEPTED


_FRENCH = """Entre qui et qui
{operator} tient ce réseau : c’est l’exploitant. {organization} y prend part : c’est vous.

Ce que vous nous confiez
Vous chargez l’exploitant de tenir le service : montrer vos annonces, transmettre vos demandes et \
vos réponses, garder la trace des prêts, répondre de la sécurité. Vous restez maîtres de votre \
équipement, de vos prêts et de vos données.

Ce que l’exploitant peut faire de vos données
S’en servir pour rendre ce service, pour le protéger, et pour obéir à la loi. Pour toute autre \
fin, il vous demande votre oui, une question à la fois, et rien ne sort sans lui. Il ne vend rien. \
Il ne s’en sert pas, et ne laisse personne s’en servir, pour décider de votre financement, vous \
surveiller ou vous sanctionner.

Ce que l’exploitant promet
Ne montrer une adresse exacte qu’à qui a une réservation confirmée. Tenir un journal que vous \
pouvez vérifier. Vous avertir avec diligence si un incident touche vos données. Répondre à vos \
questions par la personne responsable dont les coordonnées sont à la page Confidentialité.

Ce que vous promettez
Décrire votre équipement tel qu’il est. Tenir vos réservations ou prévenir. Dire à vos membres que \
leur nom se voit chez l’organisme avec qui ils font affaire.

Emprunter et prêter n’en dépendent pas
Sans cette entente, vous empruntez et prêtez comme les autres. Elle est nécessaire pour une seule \
chose : dire oui à une question de consentement.

Sortir
Vous pouvez partir en tout temps, sans raison à donner, avec un préavis de {days} jours. Vos oui \
s’éteignent le jour même. Les prêts en cours se terminent comme convenu.

Ce qui vous est rendu, ce qui reste
En partant, vous recevez vos données en fichiers courants (JSON et CSV) : votre fiche, vos lieux, \
vos annonces, vos prêts. L’exploitant garde sept ans votre nom, vos annonces et les prêts faits, \
pour les assurances et les réclamations, et sept ans les ententes, pour qu’on puisse les vérifier. \
Le journal, fait de numéros, reste tant que le réseau existe : une ligne de moins, et il ne prouve \
plus rien. Le reste est détruit après deux ans.

Changer ce texte
Un nouveau texte ne vous lie qu’une fois accepté. D’ici là, celui-ci tient. Il suit les lois du \
Québec.
"""

_ENGLISH = """Between whom
{operator} runs this network: it is the operator. {organization} takes part in it: that is you.

What you entrust to us
You ask the operator to run the service: show your listings, pass on your requests and answers, \
keep the record of loans, answer for security. You remain in charge of your equipment, your loans \
and your data.

What the operator may do with your data
Use it to provide this service, to protect it, and to obey the law. For anything else it asks for \
your yes, one question at a time, and nothing goes out without it. It sells nothing. It does not \
use your data, or let anybody use it, to decide on your funding, to watch you or to penalize you.

What the operator promises
To show an exact address only to whoever has a confirmed booking. To keep a log that you can \
check. To tell you promptly if an incident touches your data. To answer your questions through the \
person in charge, whose contact details are on the Privacy page.

What you promise
To describe your equipment as it is. To keep your bookings or give warning. To tell your members \
that their name is seen by the organization they deal with.

Borrowing and lending do not depend on this
Without this agreement you borrow and lend like the others. It is needed for one thing only: \
saying yes to a consent question.

Leaving
You may leave at any time, without a reason, with {days} days’ notice. Your yeses end the same \
day. Loans in progress finish as agreed.

What is returned to you, what stays
When you leave you receive your data in common files (JSON and CSV): your record, your places, \
your listings, your loans. The operator keeps your name, your listings and past loans for seven \
years, for insurance and claims, and the agreements for seven years, so that they can be checked. \
The log, made of numbers, stays as long as the network does: with one line less it proves nothing. \
The rest is destroyed after two years.

Changing this text
A new text binds you only once you accept it. Until then this one holds. It follows the laws of \
Québec.
"""


def texts(operator_name: str, organization_name: str) -> tuple[str, str]:
    """The agreement of participation of one organization, in French and in English."""
    gaps = {
        "operator": operator_name,
        "organization": organization_name,
        "days": EXIT_NOTICE.days,
    }
    return (
        _FRENCH.replace(" :", f"{NBSP}:").format(**gaps).strip(),
        _ENGLISH.format(**gaps).strip(),
    )


def exact_text(text_fr: str, text_en: str) -> str:
    """Both languages as one text: what the hash covers, in UTF-8."""
    return text_fr + _BETWEEN + text_en


def hash_of(text_fr: str, text_en: str) -> str:
    """SHA-256, hex, of :func:`exact_text`."""
    return hashlib.sha256(exact_text(text_fr, text_en).encode()).hexdigest()
