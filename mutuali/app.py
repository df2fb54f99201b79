"""The composition root: the one file that knows every feature."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from mutuali.accounts import jobs as account_jobs
from mutuali.accounts.api import bp as accounts_api
from mutuali.accounts.cli import people
from mutuali.accounts.views import bp as accounts_pages
from mutuali.agreements import jobs as agreement_jobs
from mutuali.agreements.api import bp as agreements_api
from mutuali.agreements.views import bp as agreements_pages
from mutuali.audit import service as audit
from mutuali.audit.cli import log
from mutuali.audit.views import bp as audit_pages
from mutuali.bookings import jobs as booking_jobs
from mutuali.bookings import service as bookings
from mutuali.bookings.api import bookings_api, search_api, series_api
from mutuali.bookings.views import bp as bookings_pages
from mutuali.bookings.views import series_panel
from mutuali.calendars import jobs as calendar_jobs
from mutuali.calendars.api import bp as calendars_api
from mutuali.calendars.views import agenda_panel
from mutuali.calendars.views import bp as calendars_pages
from mutuali.cards import CARDS
from mutuali.charter import jobs as charter_jobs
from mutuali.charter.api import bp as charter_api
from mutuali.charter.views import bp as charter_pages
from mutuali.charter.views.assessed import charter_panel
from mutuali.charter.views.public import FACTS_KEY
from mutuali.checkin import jobs as checkin_jobs
from mutuali.checkin.api import bp as checkin_api
from mutuali.checkin.service import CARDS_KEY
from mutuali.checkin.views import bp as checkin_pages
from mutuali.checkin.views.walk import checkin_panel
from mutuali.collecting import jobs as collecting_jobs
from mutuali.collecting.api import bp as collecting_api
from mutuali.collecting.cli import collecting as collecting_commands
from mutuali.collecting.views import bp as collecting_pages
from mutuali.collecting.views import dropped_questions
from mutuali.config import ROOT, Settings, read_settings
from mutuali.consent import jobs as consent_jobs
from mutuali.consent.api import bp as consent_api
from mutuali.consent.views import bp as consent_pages
from mutuali.core.permissions import Actor
from mutuali.demo.cli import QUESTIONS_KEY, WORK_KEY, fill_demo
from mutuali.equipment.api import bp as equipment_api
from mutuali.equipment.views import bp as equipment_pages
from mutuali.exports import jobs as export_jobs
from mutuali.exports.api import bp as exports_api
from mutuali.exports.views import bp as exports_pages
from mutuali.extensions import csrf, db, limiter, migrate
from mutuali.facts import FACTS
from mutuali.founding.api import bp as founding_api
from mutuali.founding.views import bp as founding_pages
from mutuali.founding.views import kit_panel, start_panel
from mutuali.governance import jobs as governance_jobs
from mutuali.governance.api import bp as governance_api
from mutuali.governance.cli import registers
from mutuali.governance.views import bp as governance_pages
from mutuali.imports.api import bp as imports_api
from mutuali.imports.cli import imports
from mutuali.imports.views import bp as imports_pages
from mutuali.inventory.api import bp as inventory_api
from mutuali.inventory.views import bp as inventory_pages
from mutuali.jobs import jobs
from mutuali.jobs import service as jobs_service
from mutuali.jobs.cli import run_jobs
from mutuali.learning import views as learning_views
from mutuali.learning.api import bp as learning_api
from mutuali.loans import jobs as loan_jobs
from mutuali.loans.api import bp as loans_api
from mutuali.loans.views import bp as loans_pages
from mutuali.loans.views import conditions_next, conditions_panel, day_panel, papers_panel
from mutuali.messages import jobs as message_jobs
from mutuali.messages import views as message_views
from mutuali.messages.api import bp as messages_api
from mutuali.mishaps import jobs as mishap_jobs
from mutuali.mishaps.api import bp as mishaps_api
from mutuali.mishaps.views import bp as mishaps_pages
from mutuali.mishaps.views import mishaps_panel
from mutuali.mobility.views import bp as mobility_pages
from mutuali.mobility.views import vehicles_line, vehicles_panel
from mutuali.network import service as networks
from mutuali.numbers.api import bp as numbers_api
from mutuali.numbers.views import bp as numbers_pages
from mutuali.numbers.views import numbers_panel
from mutuali.organizations import jobs as organization_jobs
from mutuali.organizations import service as organizations
from mutuali.organizations.api import bp as organizations_api
from mutuali.organizations.views import bp as organizations_pages
from mutuali.owndata import jobs as own_data_jobs
from mutuali.owndata.api import bp as own_data_api
from mutuali.owndata.views import bp as own_data_pages
from mutuali.owndata.views import own_data_panel
from mutuali.privacy.cli import privacy
from mutuali.reviews import jobs as review_jobs
from mutuali.reviews import views as review_views
from mutuali.reviews.api import bp as reviews_api
from mutuali.todos import TODOS
from mutuali.transactions import own_the_begin, try_rested_connections
from mutuali.transparency.views import bp as transparency_pages
from mutuali.trips import jobs as trip_jobs
from mutuali.trips import service as trips
from mutuali.trips.api import bp as trips_api
from mutuali.trips.views import bp as trips_pages
from mutuali.trips.views import trip_panel
from mutuali.voices import jobs as voice_jobs
from mutuali.voices.api import bp as voices_api
from mutuali.voices.views import bp as voices_pages
from mutuali.voices.views import voices_panel
from mutuali.waiting import jobs as waiting_jobs
from mutuali.waiting import views as waiting_views
from mutuali.waiting.api import bp as waiting_api
from mutuali.web.api import init_api
from mutuali.web.assets import init_assets
from mutuali.web.errors import init_errors
from mutuali.web.identity import Who, init_identity
from mutuali.web.language import init_language
from mutuali.web.network import init_network
from mutuali.web.once import forget_old_answers
from mutuali.web.pages import init_pages
from mutuali.web.panels import Panel, Place, init_panels
from mutuali.web.parsing import DROPPED_KEY, collects
from mutuali.web.secrets import new_public_id
from mutuali.web.security import init_security
from mutuali.web.signing import sign
from mutuali.web.squeeze import init_squeeze
from mutuali.webhooks import jobs as webhook_jobs
from mutuali.webhooks.api import bp as webhooks_api
from mutuali.webhooks.views import bp as webhooks_pages


def create_app(settings: Settings | None = None, **config: Any) -> Flask:
    """The application, ready to serve; nothing is connected or started yet.

    ``config`` overrides Flask's own settings, for tests.
    """
    settings = settings or read_settings(os.environ)
    app = Flask("mutuali", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        # Four files of a message, with the form around them.
        MAX_CONTENT_LENGTH=21 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        RATELIMIT_STORAGE_URI=settings.limiter_url,
        RATELIMIT_ENABLED=settings.mode != "test",
        JSON_SORT_KEYS=False,
        **config,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    with app.app_context():
        own_the_begin(db.engine)
        try_rested_connections(db.engine)
    csrf.init_app(app)
    limiter.init_app(app)
    init_network(app, networks.network)
    init_language(app)
    init_identity(app, _by_login, _by_api_token)
    init_security(app)
    init_assets(app)
    init_squeeze(app)
    init_pages(
        app,
        todo_counters=(bookings.count_inbox,),
        todos=TODOS,
    )
    init_panels(app, _PANELS)
    app.extensions[DROPPED_KEY] = dropped_questions
    app.jinja_env.globals["collects"] = collects
    app.extensions[FACTS_KEY] = app.extensions[QUESTIONS_KEY] = FACTS
    app.extensions[CARDS_KEY] = CARDS
    init_errors(app)
    _register_doors(app)
    _register_jobs(app)
    app.cli.add_command(people)
    app.cli.add_command(log)
    app.cli.add_command(run_jobs)
    app.cli.add_command(imports)
    app.cli.add_command(registers)
    app.cli.add_command(collecting_commands)
    app.cli.add_command(fill_demo)
    app.extensions[WORK_KEY] = jobs.work_through
    app.cli.add_command(privacy)
    return app


def _engine_options(settings: Settings) -> dict[str, Any]:
    if settings.database_url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False}}
    # In UTC, instants arrive as they are used: no zone to look up, nothing to convert.
    return {
        "pool_size": 10,
        "max_overflow": 10,
        "connect_args": {"options": "-c timezone=UTC"},
    }


def _register_doors(app: Flask) -> None:
    app.register_blueprint(accounts_pages)
    app.register_blueprint(organizations_pages)
    app.register_blueprint(bookings_pages)
    app.register_blueprint(imports_pages)
    app.register_blueprint(loans_pages)
    app.register_blueprint(waiting_views.bp)
    app.register_blueprint(mishaps_pages)
    app.register_blueprint(review_views.bp)
    app.register_blueprint(trips_pages)
    app.register_blueprint(calendars_pages)
    app.register_blueprint(webhooks_pages)
    app.register_blueprint(message_views.bp)
    app.register_blueprint(equipment_pages)
    app.register_blueprint(inventory_pages)
    app.register_blueprint(mobility_pages)
    app.register_blueprint(consent_pages)
    app.register_blueprint(agreements_pages)
    app.register_blueprint(exports_pages)
    app.register_blueprint(learning_views.bp)
    app.register_blueprint(audit_pages)
    app.register_blueprint(charter_pages)
    app.register_blueprint(checkin_pages)
    app.register_blueprint(own_data_pages)
    app.register_blueprint(founding_pages)
    app.register_blueprint(governance_pages)
    app.register_blueprint(collecting_pages)
    app.register_blueprint(numbers_pages)
    app.register_blueprint(voices_pages)
    app.register_blueprint(transparency_pages)
    api = init_api(app)
    api.register_blueprint(search_api)
    api.register_blueprint(bookings_api)
    api.register_blueprint(imports_api)
    api.register_blueprint(loans_api)
    api.register_blueprint(mishaps_api)
    api.register_blueprint(numbers_api)
    api.register_blueprint(voices_api)
    api.register_blueprint(series_api)
    api.register_blueprint(waiting_api)
    api.register_blueprint(messages_api)
    api.register_blueprint(reviews_api)
    api.register_blueprint(trips_api)
    api.register_blueprint(webhooks_api)
    api.register_blueprint(calendars_api)
    api.register_blueprint(equipment_api)
    api.register_blueprint(organizations_api)
    api.register_blueprint(accounts_api)
    api.register_blueprint(inventory_api)
    api.register_blueprint(consent_api)
    api.register_blueprint(charter_api)
    api.register_blueprint(learning_api)
    api.register_blueprint(checkin_api)
    api.register_blueprint(own_data_api)
    api.register_blueprint(founding_api)
    api.register_blueprint(governance_api)
    api.register_blueprint(collecting_api)
    api.register_blueprint(agreements_api)
    api.register_blueprint(exports_api)


#: What later features add to the pages of earlier ones.
_PANELS: Mapping[Place, tuple[Panel, ...]] = {
    Place.BOOKING_NEXT: (
        review_views.next_review,
        conditions_next,
        waiting_views.at_risk_line,
    ),
    Place.BOOKING: (
        day_panel,
        trip_panel,
        message_views.booking_messages,
        review_views.booking_reviews,
        papers_panel,
        conditions_panel,
        agenda_panel,
        mishaps_panel,
        series_panel,
    ),
    Place.LISTING: (
        waiting_views.listing_line,
        review_views.listing_reviews,
        message_views.listing_messages,
    ),
    Place.SEARCH: (waiting_views.search_to_keep,),
    Place.REQUEST_REFUSED: (waiting_views.refused_request,),
    Place.SERIES: (waiting_views.series_line,),
    Place.ORGANIZATION: (
        checkin_panel,
        charter_panel,
        own_data_panel,
        vehicles_panel,
        numbers_panel,
        learning_views.organization_panel,
    ),
    Place.CONSENTS: (learning_views.before_consent,),
    Place.AGREEMENT_BEGUN: (learning_views.before_agreement,),
    Place.EXPORT_REVIEW: (learning_views.before_release,),
    Place.INBOX: (start_panel,),
    Place.TRANSPARENCY: (vehicles_line, voices_panel, kit_panel),
}

#: The kinds of job that each step of a booking sets off, each with the booking and its step.
_AFTER_A_STEP: tuple[str, ...] = (
    "bookings.tell",
    "bookings.watch",
    "loans.papers",
    "reviews.stepped",
    "waiting.stepped",
    "trips.stepped",
    "webhooks.booking",
)

#: Jobs that come back by themselves, and how often.
_PERIODS = {
    "audit.seal": timedelta(seconds=5),
    "audit.head": timedelta(hours=1),
    "bookings.tick": timedelta(minutes=1),
    "web.forget": timedelta(days=1),
    "jobs.forget": timedelta(days=1),
    "consent.tick": timedelta(hours=1),
    "agreements.watch": timedelta(days=1),
    "organizations.remind": timedelta(days=1),
    "loans.tick": timedelta(hours=1),
    "calendars.tick": timedelta(hours=1),
    "waiting.tick": timedelta(minutes=5),
    "waiting.look": timedelta(minutes=5),
    "exports.tick": timedelta(hours=1),
    "charter.tick": timedelta(days=1),
    "checkin.tick": timedelta(days=1),
    "owndata.tick": timedelta(hours=1),
    "governance.tick": timedelta(hours=1),
    "voices.tick": timedelta(hours=1),
    "exports.sweep": timedelta(hours=1),
}


def _register_jobs(app: Flask) -> None:
    app.extensions[jobs.PERIODS_KEY] = _PERIODS
    app.extensions[jobs.HANDLERS_KEY] = {
        **jobs.HANDLERS,
        **account_jobs.HANDLERS,
        **organization_jobs.HANDLERS,
        **booking_jobs.HANDLERS,
        **loan_jobs.HANDLERS,
        **mishap_jobs.HANDLERS,
        **message_jobs.HANDLERS,
        **review_jobs.HANDLERS,
        **waiting_jobs.HANDLERS,
        **trip_jobs.HANDLERS,
        **calendar_jobs.HANDLERS,
        "calendars.fetch": jobs.Staged(
            calendar_jobs.to_read, calendar_jobs.read, calendar_jobs.record
        ),
        **webhook_jobs.HANDLERS,
        "webhooks.send": jobs.Staged(webhook_jobs.to_send, webhook_jobs.send, webhook_jobs.record),
        "trips.changed": webhook_jobs.trip_changed,
        "equipment.outage": webhook_jobs.outage_changed,
        "loans.condition": webhook_jobs.condition_said,
        **consent_jobs.HANDLERS,
        **agreement_jobs.HANDLERS,
        **export_jobs.HANDLERS,
        **charter_jobs.HANDLERS,
        **checkin_jobs.HANDLERS,
        **own_data_jobs.HANDLERS,
        **governance_jobs.HANDLERS,
        **voice_jobs.HANDLERS,
        "voices.tell": jobs.Staged(voice_jobs.to_tell, voice_jobs.send, voice_jobs.told),
        "governance.bury": jobs.Staged(
            governance_jobs.read_ended, governance_jobs.bury, lambda *_: None
        ),
        "collecting.note": jobs.Staged(
            collecting_jobs.read_choice, collecting_jobs.note_choice, lambda *_: None
        ),
        "exports.build": jobs.Staged(export_jobs.read, export_jobs.compute, export_jobs.write),
        "exports.sweep": jobs.Staged(export_jobs.read_kept, export_jobs.sweep, lambda *_: None),
        "audit.seal": _seal,
        "audit.head": _sign_head,
        "bookings.stepped": _after_a_step,
        "bookings.tick": _tick,
        "web.forget": _forget,
    }


def _seal(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    audit.seal_events(session, new_blind=new_public_id, now=now)


def _sign_head(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    audit.sign_head(session, sign=sign, now=now)


def _after_a_step(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    for kind in _AFTER_A_STEP:
        jobs_service.enqueue(session, kind, arguments, now=now)


def _tick(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    bookings.expire_lapsed(session, now=now)
    bookings.lapse_proposals(session, now=now)
    bookings.close_seen_returns(session, now=now)
    bookings.release_no_shows(session, now=now)
    bookings.cancel_replaced(session, now=now)
    bookings.forget_carts(session, now=now)
    trips.expire_places(session, now=now)


def _forget(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    forget_old_answers(session, now=now)


def _by_login(session: Session, token_hash: str, now: datetime) -> Who | None:
    return _who(organizations.holder_of_login(session, token_hash, now=now))


def _by_api_token(session: Session, token_hash: str, now: datetime) -> Who | None:
    return _who(organizations.holder_of_token(session, token_hash, now=now))


def _who(found: organizations.Holder | None) -> Who | None:
    """One person with all that they may do, acting for the chosen organization or the first."""
    if found is None:
        return None
    person, standing, organization_id = found.person, found.standing, found.organization_id
    if organization_id not in standing.memberships:
        organization_id = next(iter(standing.memberships), None)
    passed = found.second_factor
    actor = Actor(
        person_id=person.id,
        memberships=standing.memberships,
        delegated=standing.delegated,
        roles=person.roles if passed else frozenset(),
        withheld=frozenset() if passed else person.roles,
        second_factor=passed,
        scopes=found.scopes,
        organization_id=organization_id,
    )
    return Who(actor, person.name, person.language, standing.names)
