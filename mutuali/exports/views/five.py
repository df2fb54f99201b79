"""The page of the five questions, and the programs that answer them at home."""

from flask import Response, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission, may
from mutuali.exports import service
from mutuali.exports.rules.five.answers import answers
from mutuali.exports.rules.five.words import Answer, Said, Table, as_said
from mutuali.exports.views.door import bp
from mutuali.exports.views.five_programs import FiveProgram, made
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.language import language
from mutuali.web.pages import page
from mutuali.web.secrets import fingerprint_key
from mutuali.web.sentences import sentence


@bp.get("/exportations/cinq-questions")
@door(Permission.EXPORT_READ)
def five_questions(session: Session, actor: Actor) -> ResponseReturnValue:
    """What the bundles that one took answer; nothing of the database but where they are kept."""
    taken = service.taken_bundles(session, actor, key=fingerprint_key(), now=utc_now())
    files = [each.file for each in taken if each.file]
    read, amiss = service.read_bundles(current_app.config["SETTINGS"].files_url, files)
    return page(
        "exports/five.html",
        answers=answers(read) if read else (),
        taken={each.dataset.value: each for each in taken if each.file and each.file not in amiss},
        closed=[(each, sentence(each.closed)) for each in taken if each.closed],
        amiss=[each for each in taken if each.file in amiss],
        takes=may(actor, Permission.EXPORT_DOWNLOAD),
        say=_say,
        shown=as_said,
        chart=_chart,
        in_words=in_words,
        programs=[(each.value, made(each).sha256) for each in FiveProgram],
    )


@bp.get(
    '/jeux-de-donnees/cinq-questions/<any("cinq-questions.ipynb", "five_questions.R", '
    '"five_questions.py"):name>'
)
@door(PUBLIC)
def five_program(session: Session, actor: Actor, name: str) -> ResponseReturnValue:
    """A program that answers them from bundles, without us; it holds no data."""
    program = made(FiveProgram(name))
    answer = Response(program.content, content_type=f"{program.media_type}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _say(said: Said) -> str:
    return said[0] if language() == "fr" else said[1]


def in_words(answer: Answer) -> str | None:
    """The interval of an answer in the language of the request; None where nothing can be said."""
    return _say(as_said(answer.interval)) if answer.interval else None


def _chart(table: Table) -> list[tuple[str, int, int | None, str]]:
    """The lines of a table of which something is known: name, lowest, highest, in words."""
    rows = []
    for line in table.lines:
        low, high = line.intervals[0]
        if low or high not in (None, table.most):
            rows.append((_say(line.name), low, high, _say(as_said((low, high)))))
    return rows
