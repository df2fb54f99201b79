"""The files of a kit that only pages can word, in both languages."""

from flask_babel import force_locale
from flask_babel import gettext as _

from mutuali.checkin.rules import Kind
from mutuali.core.network import Network
from mutuali.core.spreadsheets import csv_bytes
from mutuali.founding.rules import LICENCE, LICENCE_LINK
from mutuali.inventory import service as inventory
from mutuali.inventory.rules import About
from mutuali.web.words import WORDS, label

#: What a kit holds, in the order in which it is told.
FILES = tuple(WORDS["founding.file"])


def worded_files(known: Network) -> dict[str, str]:
    """What to read first, the licence, the cards of the check-in, how long things are kept."""
    files = {
        "LICENCE.txt": (
            f"Creative Commons Attribution 4.0 International ({LICENCE})\n{LICENCE_LINK}\n\n"
            f"© {known.shown_name}\n"
        )
    }
    for language in ("fr", "en"):
        with force_locale(language):
            files[f"README.{language}.md"] = _read_first(known)
            files[f"checkin.{language}.md"] = _cards()
            files[f"retention.{language}.csv"] = _retention()
    return files


def _read_first(known: Network) -> str:
    title = _("Trousse de gouvernance de %(name)s", name=known.shown_name)
    lines = [
        f"# {title}",
        _(
            "Ce qu’un réseau d’organismes a écrit pour gouverner ses données, pour qu’un autre "
            "puisse le reprendre. Elle ne contient rien d’un membre, d’une personne ni d’un prêt."
        ),
        "\n".join(f"- `{files}`: {label('founding.file', files)}" for files in FILES),
        _(
            "Pour la reprendre dans MutuAli\u00a0: menu «\u00a0Compte\u00a0», «\u00a0Trousse de "
            "gouvernance\u00a0», «\u00a0Reprendre une trousse\u00a0»."
        ),
        _("Ce ne sont pas des avis juridiques\u00a0: faites relire ce que vous signez."),
        f"{LICENCE}: {LICENCE_LINK}",
    ]
    return "\n\n".join(lines) + "\n"


def _cards() -> str:
    title = _("Les cartes du bilan du mois")
    blocks = [
        f"# {title}",
        _(
            "Sept au plus, une décision chacune. Ce qui compte tant que personne n’a répondu est "
            "dit."
        ),
    ]
    for kind in Kind:
        deeds = [
            str(words)
            for key, words in WORDS["checkin.deed"].items()
            if key.partition(".")[0] == kind.value
        ]
        lines = [label("checkin.default", kind), *(f"- {each}" for each in deeds)]
        blocks.append(f"## {label('checkin.kind', kind)}\n\n" + "\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _retention() -> str:
    head = (_("Table"), _("Au sujet de"), _("Pour quoi"), _("Combien de temps"))
    rows = (
        (
            str(WORDS["inventory.table"].get(table.name, table.name)),
            label("inventory.about", about),
            label("inventory.why", table.why),
            label("inventory.keep", table.keep),
        )
        for about in About
        for table in inventory.held(about)
    )
    return csv_bytes(head, rows).decode()
