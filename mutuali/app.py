"""The composition root: the one file that knows every feature."""

import os
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from mutuali.accounts.api import bp as accounts_api
from mutuali.accounts.cli import people
from mutuali.accounts.views import bp as accounts_pages
from mutuali.agreements.api import bp as agreements_api
from mutuali.agreements.views import bp as agreements_pages
from mutuali.audit.cli import log
from mutuali.audit.views import bp as audit_pages
from mutuali.bookings import service as bookings
from mutuali.bookings.api import bookings_api, search_api, series_api
from mutuali.bookings.views import bp as bookings_pages
from mutuali.calendars.api import bp as calendars_api
from mutuali.calendars.views import bp as calendars_pages
from mutuali.cards import CARDS
from mutuali.charter.api import bp as charter_api
from mutuali.charter.views import bp as charter_pages
from mutuali.charter.views.public import FACTS_KEY
from mutuali.checkin.api import bp as checkin_api
from mutuali.checkin.service import CARDS_KEY
from mutuali.checkin.views import bp as checkin_pages
from mutuali.collecting.api import bp as collecting_api
from mutuali.collecting.cli import collecting as collecting_commands
from mutuali.collecting.views import bp as collecting_pages
from mutuali.collecting.views import dropped_questions
from mutuali.config import ROOT, Settings, read_settings
from mutuali.consent.api import bp as consent_api
from mutuali.consent.views import bp as consent_pages
from mutuali.core.permissions import Actor
from mutuali.demo.cli import QUESTIONS_KEY, WORK_KEY, fill_demo
from mutuali.equipment.api import bp as equipment_api
from mutuali.equipment.views import bp as equipment_pages
from mutuali.exports.api import bp as exports_api
from mutuali.exports.views import bp as exports_pages
from mutuali.extensions import csrf, db, limiter, migrate
from mutuali.facts import FACTS
from mutuali.founding.api import bp as founding_api
from mutuali.founding.views import bp as founding_pages
from mutuali.governance.api import bp as governance_api
from mutuali.governance.cli import registers
from mutuali.governance.views import bp as governance_pages
from mutuali.imports.api import bp as imports_api
from mutuali.imports.cli import imports
from mutuali.imports.views import bp as imports_pages
from mutuali.inventory.api import bp as inventory_api
from mutuali.inventory.views import bp as inventory_pages
from mutuali.jobs import jobs
from mutuali.jobs.cli import run_jobs
from mutuali.learning import views as learning_views
from mutuali.learning.api import bp as learning_api
from mutuali.loans.api import bp as loans_api
from mutuali.loans.views import bp as loans_pages
from mutuali.messages import views as message_views
from mutuali.messages.api import bp as messages_api
from mutuali.mishaps.api import bp as mishaps_api
from mutuali.mishaps.views import bp as mishaps_pages
from mutuali.mobility.views import bp as mobility_pages
from mutuali.network import service as networks
from mutuali.numbers.api import bp as numbers_api
from mutuali.numbers.views import bp as numbers_pages
from mutuali.organizations import service as organizations
from mutuali.organizations.api import bp as organizations_api
from mutuali.organizations.views import bp as organizations_pages
from mutuali.owndata.api import bp as own_data_api
from mutuali.owndata.views import bp as own_data_pages
from mutuali.panels import PANELS
from mutuali.privacy.cli import privacy
from mutuali.reviews import views as review_views
from mutuali.reviews.api import bp as reviews_api
from mutuali.todos import TODOS
from mutuali.transactions import own_the_begin, try_rested_connections
from mutuali.transparency.views import bp as transparency_pages
from mutuali.trips.api import bp as trips_api
from mutuali.trips.views import bp as trips_pages
from mutuali.voices.api import bp as voices_api
from mutuali.voices.views import bp as voices_pages
from mutuali.waiting import views as waiting_views
from mutuali.waiting.api import bp as waiting_api
from mutuali.web.api import init_api
from mutuali.web.assets import init_assets
from mutuali.web.errors import init_errors
from mutuali.web.identity import Who, init_identity
from mutuali.web.language import init_language
from mutuali.web.network import init_network
from mutuali.web.pages import init_pages
from mutuali.web.panels import init_panels
from mutuali.web.parsing import DROPPED_KEY, collects
from mutuali.web.security import init_security
from mutuali.web.squeeze import init_squeeze
from mutuali.webhooks.api import bp as webhooks_api
from mutuali.webhooks.views import bp as webhooks_pages
from mutuali.work import HANDLERS, PERIODS


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
    init_panels(app, PANELS)
    app.extensions[DROPPED_KEY] = dropped_questions
    app.jinja_env.globals["collects"] = collects
    app.extensions[FACTS_KEY] = app.extensions[QUESTIONS_KEY] = FACTS
    app.extensions[CARDS_KEY] = CARDS
    init_errors(app)
    _register_doors(app)
    app.extensions[jobs.PERIODS_KEY] = PERIODS
    app.extensions[jobs.HANDLERS_KEY] = HANDLERS
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
