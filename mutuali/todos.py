"""What waits for people on pages of their own: how many, where, in which words."""

from flask_babel import ngettext

from mutuali.agreements import service as agreements
from mutuali.bookings import service as bookings
from mutuali.bookings.views import at_risk_words
from mutuali.checkin import service as checkin
from mutuali.checkin.views.shown import ready_words
from mutuali.consent import service as consent
from mutuali.exports import service as exports
from mutuali.governance import service as governance
from mutuali.loans import service as loans
from mutuali.messages import service as messages
from mutuali.messages.views import reported_words, unread_words
from mutuali.mishaps import service as mishaps
from mutuali.mishaps.views import open_words
from mutuali.organizations import service as organizations
from mutuali.owndata import service as owndata
from mutuali.owndata.views import meetings_words, unlooked_words
from mutuali.reviews import service as reviews
from mutuali.reviews.views import waiting_words
from mutuali.trips import service as trips
from mutuali.trips.views import places_words
from mutuali.voices import service as voices
from mutuali.voices.views import waiting_words as said_words
from mutuali.waiting import service as waiting
from mutuali.web.pages import Todo


def _participation_waiting(count: int) -> str:
    return ngettext(
        "%(num)d entente de participation attend votre lecture",
        "%(num)d ententes de participation attendent votre lecture",
        count,
    )


def _reports_waiting(count: int) -> str:
    return ngettext(
        "%(num)d constat d’état attend votre réponse",
        "%(num)d constats d’état attendent votre réponse",
        count,
    )


def _disputes_open(count: int) -> str:
    return ngettext(
        "%(num)d désaccord sur l’état d’une chose à régler",
        "%(num)d désaccords sur l’état de choses à régler",
        count,
    )


def _documents_waiting(count: int) -> str:
    return ngettext(
        "%(num)d document attend votre vérification",
        "%(num)d documents attendent votre vérification",
        count,
    )


def _proposals_waiting(count: int) -> str:
    return ngettext(
        "%(num)d proposition d’un prêteur attend votre réponse",
        "%(num)d propositions de prêteurs attendent votre réponse",
        count,
    )


def _turns_waiting(count: int) -> str:
    return ngettext(
        "%(num)d moment que vous attendiez est libre\u00a0: c’est votre tour",
        "%(num)d moments que vous attendiez sont libres\u00a0: c’est votre tour",
        count,
    )


def _news_waiting(count: int) -> str:
    return ngettext(
        "%(num)d de vos recherches a trouvé du nouveau",
        "%(num)d de vos recherches ont trouvé du nouveau",
        count,
    )


def _questions_waiting(count: int) -> str:
    return ngettext(
        "%(num)d question de consentement attend votre réponse",
        "%(num)d questions de consentement attendent votre réponse",
        count,
    )


def _own_questions_waiting(count: int) -> str:
    return ngettext(
        "%(num)d question sur vous attend votre réponse",
        "%(num)d questions sur vous attendent votre réponse",
        count,
    )


def _calls_waiting(count: int) -> str:
    return ngettext(
        "%(num)d personne attend votre appel", "%(num)d personnes attendent votre appel", count
    )


def _agreements_waiting(count: int) -> str:
    return ngettext(
        "%(num)d entente attend votre réponse", "%(num)d ententes attendent votre réponse", count
    )


def _data_requests_waiting(count: int) -> str:
    return ngettext(
        "%(num)d demande de données attend votre décision",
        "%(num)d demandes de données attendent votre décision",
        count,
    )


def _recalls_overdue(count: int) -> str:
    return ngettext(
        "%(num)d rappel de copies sans toutes ses attestations, en retard",
        "%(num)d rappels de copies sans toutes leurs attestations, en retard",
        count,
    )


def _recalls_waiting(count: int) -> str:
    return ngettext(
        "%(num)d exportation rappelée attend que vous attestiez",
        "%(num)d exportations rappelées attendent que vous attestiez",
        count,
    )


def _persons_waiting(count: int) -> str:
    return ngettext(
        "%(num)d demande d’une personne sur ses renseignements attend votre réponse",
        "%(num)d demandes de personnes sur leurs renseignements attendent votre réponse",
        count,
    )


def _opinions_waiting(count: int) -> str:
    return ngettext(
        "%(num)d exportation attend votre avis", "%(num)d exportations attendent votre avis", count
    )


#: In the order in which they stand on the page.
TODOS: tuple[Todo, ...] = (
    Todo(
        organizations.count_without_participation,
        "/organisme/participation",
        _participation_waiting,
    ),
    Todo(loans.count_to_confirm, "/constats", _reports_waiting),
    Todo(loans.count_disputed, "/constats", _disputes_open),
    Todo(mishaps.count_open, "/incidents-de-pret?only_open=1", open_words),
    Todo(organizations.count_documents_waiting, "/coordination/documents", _documents_waiting),
    Todo(bookings.count_at_risk, "/reservations-compromises", at_risk_words),
    Todo(bookings.count_proposals, "/reservations", _proposals_waiting),
    Todo(waiting.count_asked, "/attente", _turns_waiting),
    Todo(waiting.count_news, "/recherches", _news_waiting),
    Todo(trips.count_waiting, "/trajets/les-notres", places_words),
    Todo(messages.count_unread, "/messages?which=unread", unread_words),
    Todo(messages.count_reports, "/coordination/signalements", reported_words),
    Todo(reviews.count_to_judge, "/coordination/avis", waiting_words),
    Todo(checkin.count_ready, "/organisme/bilan-du-mois", ready_words),
    Todo(consent.count_unanswered, "/organisme/consentements", _questions_waiting),
    Todo(consent.count_own_unanswered, "/compte/consentements", _own_questions_waiting),
    Todo(consent.count_open_calls, "/intendance/appels", _calls_waiting),
    Todo(owndata.count_meetings, "/intendance/rencontres", meetings_words),
    Todo(owndata.count_unlooked, "/organisme/nos-donnees", unlooked_words),
    Todo(agreements.count_waiting, "/ententes", _agreements_waiting),
    Todo(exports.count_waiting, "/exportations", _data_requests_waiting),
    Todo(exports.count_overdue, "/exportations", _recalls_overdue),
    Todo(exports.count_unattested, "/rappels", _recalls_waiting),
    Todo(governance.count_open, "/intendance/registres/demandes", _persons_waiting),
    Todo(voices.count_waiting, "/intendance/paroles", said_words),
    Todo(exports.count_reviews, "/examens", _opinions_waiting),
)
