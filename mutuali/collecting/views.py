"""Pages of the steward: do we need this data, collecting less, asking again."""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, current_app, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.collecting import service
from mutuali.collecting.rules import FEWEST_ROWS, PLACES, Answers, Question, unread
from mutuali.collecting.schemas import LONGEST_PURPOSE, AgainSchema, LessSchema
from mutuali.consent.rules import band
from mutuali.core.errors import DomainError, NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission
from mutuali.extensions import db
from mutuali.inventory.rules import Entry, entries
from mutuali.web import signing
from mutuali.web.clock import utc_now
from mutuali.web.doors import door, transaction
from mutuali.web.language import language
from mutuali.web.network import network
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.paper import Paper
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id
from mutuali.web.wording import band as band_words
from mutuali.web.wording import moment
from mutuali.web.words import WORDS, choices, label

bp = Blueprint("collecting", __name__)

_HERE = "/intendance/en-avons-nous-besoin"
#: Words of either language confirm: the page names the one of its own.
_CONFIRMS = {"fr": "moins", "en": "less"}
#: What names columns without reading them: how they are stored, described, ended and made up.
_NOT_READING = (
    *("collecting", "demo", "inventory"),
    *("governance/rules/retention.py", "web/words/inventory.py", "web/words/inventory_columns.py"),
)


@bp.get(_HERE)
@door(Permission.REGISTER_KEEP)
def needs(session: Session, actor: Actor) -> ResponseReturnValue:
    """Three lists, the optional questions, and what was decided of them."""
    return page(
        "collecting/needs.html",
        found=service.report(session, actor, unread_columns(), now=utc_now()),
        questions=service.questions(session, actor),
        choices_made=service.choices(session, actor),
        question_of=PLACES,
        fewest=FEWEST_ROWS,
        band_words=lambda count: band_words(band(count)),
        years=_years,
        table_words=_table_words,
        column_words=_column_words,
    )


def _less_page(
    session: Session, actor: Actor, name: str, error: DomainError | None = None
) -> ResponseReturnValue:
    question = _question(name)
    return page(
        "collecting/less.html",
        asked=service.question_facts(session, actor, question),
        effect=service.effect_of(session, actor, question),
        word=_CONFIRMS[language()],
        typed=request.form,
        errors=errors_by_field(error),
        table_words=_table_words,
        words_of=lambda kind, values: "; ".join(label(kind, each) for each in values),
    )


@bp.get("/intendance/recueillir-moins/<name>")
@door(Permission.REGISTER_KEEP)
def less(session: Session, actor: Actor, name: str) -> ResponseReturnValue:
    """What dropping a question would remove, from whom, and why it cannot be, if so."""
    return _less_page(session, actor, name)


@bp.post("/intendance/recueillir-moins/<name>")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(LessSchema()), again=_less_page)
def ask_less(session: Session, actor: Actor, word: str, name: str) -> ResponseReturnValue:
    """Remove the answers, certify it, and ask no more."""
    question = _question(name)
    if word not in _CONFIRMS.values():
        reason = Reason("collecting.word_unsaid", {"word": _CONFIRMS[language()]}, "word")
        raise Refused(reason)
    done = service.ask_less(
        session, actor, question, sign=signed, public_id=new_public_id(), now=utc_now()
    )
    flash(_("C’est fait. La question n’est plus posée; le certificat est gardé ici."), "success")
    return see_other(f"{_HERE}#{done.public_id}")


def _again_page(
    session: Session, actor: Actor, name: str, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "collecting/again.html",
        asked=service.question_facts(session, actor, _question(name)),
        keeps=choices("inventory.keep"),
        seen=choices("inventory.seen"),
        longest=LONGEST_PURPOSE,
        typed=request.form,
        errors=errors_by_field(error),
    )


@bp.get("/intendance/recueillir-moins/<name>/de-nouveau")
@door(Permission.REGISTER_KEEP)
def again(session: Session, actor: Actor, name: str) -> ResponseReturnValue:
    """The three questions before a question is asked again."""
    return _again_page(session, actor, name)


@bp.post("/intendance/recueillir-moins/<name>/de-nouveau")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(AgainSchema()), again=_again_page)
def ask_again(session: Session, actor: Actor, answers: Answers, name: str) -> ResponseReturnValue:
    """Ask again, from now on."""
    service.ask_again(
        session, actor, _question(name), answers, public_id=new_public_id(), now=utc_now()
    )
    flash(_("La question est de nouveau posée."), "success")
    return see_other(f"{_HERE}#questions")


@bp.get("/intendance/recueillir-moins/certificats/<public_id>.json")
@door(Permission.REGISTER_KEEP)
def certificate(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """A certificate with its signature, to keep and to verify."""
    found, signature = _certified(session, actor, public_id)
    content = {
        "certificate": found.certificate,
        "key_id": signature.key_id,
        "signature": signature.value,
    }
    data = json.dumps(content, ensure_ascii=False, indent=2).encode()
    return _file(data, "application/json", f"certificat-{found.question.value}.json")


@bp.get("/intendance/recueillir-moins/certificats/<public_id>.pdf")
@door(Permission.REGISTER_KEEP)
def certificate_pdf(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The same on paper, in the language of the page."""
    found, signature = _certified(session, actor, public_id)
    operator = network().operator_name
    title = _("Certificat de retrait")
    paper = Paper(title, language=language(), made_at=found.at, foot=operator)
    paper.heading(title)
    paper.paragraph(
        _(
            "%(operator)s certifie que toutes les réponses à la question ci-dessous ont été "
            "retirées de ses données, et qu’elle n’est plus posée depuis ce moment.",
            operator=operator,
        )
    )
    paper.rows(
        [
            (_("Question"), label("collecting.question", found.question)),
            (_("Quand"), moment(found.at)),
            *(
                (
                    _table_words(each["table"]),
                    _(
                        "Réponses retirées\u00a0: %(values)s sur %(rows)s",
                        values=each["values"],
                        rows=each["rows"],
                    ),
                )
                for each in (found.certificate or {})["removed"]
            ),
            (_("Numéro"), found.public_id),
            (_("Clé"), signature.key_id),
            (_("Signature"), signature.value),
        ]
    )
    paper.paragraph(
        _(
            "Une copie de sauvegarde faite avant ce moment garde ces réponses jusqu’à sa propre "
            "fin. Ce qui était déjà sorti ne se rappelle pas ainsi."
        )
    )
    return _file(paper.bytes(), "application/pdf", f"certificat-{found.question.value}.pdf")


@cache
def unread_columns() -> tuple[Entry, ...]:
    """The columns that nothing reads, by the code that runs: looked for once in a process."""
    package = Path(__file__).resolve().parents[1]
    return unread(entries(), _code(package), _templates(Path(str(current_app.template_folder))))


def dropped_questions() -> frozenset[str]:
    """The questions that are asked no more, for forms; in the transaction that there is, if any."""
    session = db.session()
    if session.in_transaction():
        return service.uncollected(session)
    with transaction(reads=True) as reading:
        return service.uncollected(reading)


def signed(data: bytes) -> service.Signed:
    """``data`` signed with the key of this instance."""
    found = signing.sign(data)
    return service.Signed(found.key_id, found.value)


def _code(package: Path) -> Iterator[str]:
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package).as_posix()
        if "/models" not in place and not place.startswith(_NOT_READING):
            yield path.read_text(encoding="utf-8")


def _templates(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.*")):
        yield path.read_text(encoding="utf-8")


def _certified(
    session: Session, actor: Actor, public_id: str
) -> tuple[service.ChoiceFacts, service.Signed]:
    found = service.choice(session, actor, public_id)
    if found.signature is None:
        raise NotFound
    return found, found.signature


def _file(data: bytes, mimetype: str, name: str) -> Response:
    answer = Response(data, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _question(name: str) -> Question:
    try:
        return Question(name)
    except ValueError:
        raise NotFound from None


def _table_words(name: str) -> str:
    return str(WORDS["inventory.table"].get(name, name))


def _column_words(name: str) -> str:
    words = str(WORDS["inventory.column"].get(name, name))
    return words[:1].upper() + words[1:]


def _years(length: timedelta) -> str:
    years, rest = divmod(length.days, 365)
    said = ngettext("%(num)d an", "%(num)d ans", years)
    months = rest * 12 // 365
    if not months:
        return str(said)
    return _(
        "%(years)s et %(months)s",
        years=said,
        months=ngettext("%(num)d mois", "%(num)d mois", months),
    )
