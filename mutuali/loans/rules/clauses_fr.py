"""The clauses of a loan agreement in French, which is handed over first."""

from collections.abc import Iterator

from mutuali.loans.rules.said import NBSP, french, money, one_line, quoted, span
from mutuali.loans.rules.terms import Clause, Terms


def clauses_in_french(terms: Terms) -> Iterator[Clause]:
    """Every clause, in order."""
    for heading, plain, text in _clauses(terms):
        yield Clause(heading, french(plain), french(text))


def _clauses(terms: Terms) -> Iterator[Clause]:
    lender, borrower = one_line(terms.lender), one_line(terms.borrower)
    title = one_line(terms.title_fr or terms.title_en)
    units = "une unité" if terms.units == 1 else f"{terms.units} unités"
    gives = "prêteur" if terms.is_free else "locateur"
    the_taker = "l’emprunteur" if terms.is_free else "le locataire"
    yield Clause(
        "Entre qui et qui",
        f"{lender} {'prête' if terms.is_free else 'loue'} à {borrower}.",
        f"Le {gives} est {lender}. {the_taker.capitalize()} est {borrower}. "
        f"{one_line(terms.operator)} tient le réseau MutuAli, où l’entente s’est faite, et n’y est "
        "pas partie.",
    )
    yield Clause(
        "Quoi, et quand",
        f"{title}, {units}.",
        f"Le {gives} remet à {the_taker} {units} de « {title} », {span(terms.period, 'fr')}, heure "
        f"de Montréal. {the_taker.capitalize()} rend le tout au même lieu, à la fin de cette "
        "période ou avant.",
    )
    yield from _loan() if terms.is_free else _rental(terms)
    if terms.deposit_cents:
        deposit = money(terms.deposit_cents, "fr")
        yield Clause(
            "Le dépôt",
            f"{deposit}, rendu quand tout revient en état.",
            f"{the_taker.capitalize()} remet au {gives} un dépôt de {deposit}. Le {gives} le rend "
            "au retour, moins ce qui lui est dû pour une perte ou un bris et que les deux parties "
            "ont reconnu par écrit. Le réseau ne traite aucune carte : il note seulement ce que "
            "les parties disent s’être remis.",
        )
    yield Clause(
        "L’état, noté à deux",
        "Chacun note l’état au départ et au retour; le silence n’est pas un oui.",
        "Au départ et au retour, une partie écrit un constat d’état, signé d’un nom et daté. "
        "L’autre a 48 heures pour dire que c’est bien ça, ou ce qui est différent. Sans réponse, "
        "le constat reste celui d’une seule partie. Les constats font partie des papiers de ce "
        "prêt et s’ajoutent en annexe.",
    )
    conditions = terms.conditions_fr or terms.conditions_en
    if conditions.strip():
        yield Clause(
            f"Les conditions du {gives}",
            "Ce que son annonce demande vaut aussi ici.",
            quoted(conditions),
        )
    yield Clause(
        "La langue",
        "Le français d’abord; l’anglais si on le demande expressément.",
        "La version française de cette entente est remise en premier à chaque partie. Une partie "
        "peut ensuite choisir expressément d’avoir aussi l’anglais; ce choix est noté avec sa date "
        f"(Charte de la langue française, art.{NBSP}55).",
    )
    yield Clause(
        "La loi, et les désaccords",
        "La loi du Québec; on se parle d’abord.",
        f"Les lois du Québec s’appliquent. Un désaccord entre le {gives} et {the_taker} se règle "
        f"d’abord entre eux, puis avec la coordination du réseau; aucune partie ne perd par là son "
        "droit d’aller devant un tribunal.",
    )


def _loan() -> Iterator[Clause]:
    yield Clause(
        "C’est gratuit",
        "Rien à payer pour l’emprunter; l’essence et l’usage sont à l’emprunteur.",
        f"Cette entente est un prêt à usage, et donc gratuite (C.c.Q., art.{NBSP}2313). "
        "L’emprunteur paie ce qu’il dépense pour se servir du bien. Le prêteur lui rembourse les "
        f"dépenses nécessaires et urgentes faites pour le conserver (art.{NBSP}2320).",
    )
    yield Clause(
        "Comment s’en servir",
        "Avec soin, pour ce à quoi c’est fait, sans le prêter à d’autres.",
        "L’emprunteur garde et conserve le bien avec prudence et diligence "
        f"(art.{NBSP}2317). Il ne s’en sert que pour l’usage auquel il est destiné et ne laisse "
        f"personne d’autre s’en servir sans l’accord du prêteur (art.{NBSP}2318); ses membres, ses "
        "employés et ses bénévoles s’en servent pour lui.",
    )
    yield Clause(
        "S’il se brise ou se perd",
        "L’usure est au prêteur; ce qui vient d’un mauvais usage ou d’un retard, à l’emprunteur.",
        "L’emprunteur n’est pas tenu de la perte qui vient de l’usage pour lequel le bien est "
        "prêté. S’il s’en sert autrement, ou plus longtemps que convenu, il est tenu de la perte, "
        "même par force majeure, à moins qu’elle ne se soit de toute façon produite "
        f"(art.{NBSP}2322). Le prêteur qui connaît un vice caché du bien en avertit l’emprunteur; "
        f"sinon il répare le préjudice qui en résulte (art.{NBSP}2321).",
    )
    yield Clause(
        "Le rendre plus tôt",
        "Le prêteur peut le réclamer avant la fin s’il en a un besoin urgent et imprévu.",
        "Le prêteur peut réclamer le bien avant la fin de la période s’il en a lui-même un besoin "
        "urgent et imprévu, ou si l’emprunteur manque à ses obligations "
        f"(art.{NBSP}2319). L’emprunteur peut le rendre plus tôt, en tout ou en partie.",
    )


def _rental(terms: Terms) -> Iterator[Clause]:
    price = money(terms.price_cents, "fr")
    yield Clause(
        "Ce que ça coûte",
        f"{price} pour toute la période.",
        "Cette entente est une location, que la loi appelle louage "
        f"(C.c.Q., art.{NBSP}1851). Le locataire paie un loyer de {price} pour toute la période "
        f"(art.{NBSP}1855), par le moyen dont les parties conviennent. Le réseau ne traite aucune "
        "carte : il note seulement ce que les parties disent s’être payé.",
    )
    yield Clause(
        "Comment s’en servir",
        "Avec soin, sans rien y changer, sans le louer à d’autres.",
        f"Le locataire se sert du bien avec prudence et diligence (art.{NBSP}1855) et n’en change "
        f"ni la forme ni la destination (art.{NBSP}1856). Il ne le sous-loue pas et ne le cède pas "
        "sans l’accord du locateur; ses membres, ses employés et ses bénévoles s’en servent pour "
        "lui.",
    )
    yield Clause(
        "Ce que promet le locateur",
        "Un bien en bon état, qui sert à ce pour quoi il est loué.",
        "Le locateur remet le bien en bon état de réparation, en procure la jouissance paisible et "
        f"garantit qu’il peut servir à l’usage pour lequel il est loué (art.{NBSP}1854). Il fait "
        "les réparations nécessaires, sauf les menues réparations d’entretien, qui sont au "
        f"locataire (art.{NBSP}1864).",
    )
    yield Clause(
        "S’il se brise ou se perd",
        "L’usure est au locateur; le locataire répond du reste, sauf s’il n’y est pour rien.",
        "Le locataire répare le préjudice des pertes survenues au bien, à moins de prouver "
        "qu’elles ne viennent ni de sa faute ni de celle des personnes à qui il en permet l’usage "
        f"(art.{NBSP}1862). À la fin, il remet le bien dans l’état où il l’a reçu, sauf l’usure "
        f"normale, la vétusté et la force majeure (art.{NBSP}1890).",
    )
    yield Clause(
        "Finir avant ou après",
        "La location finit à l’heure dite; plus tôt ou plus tard, il faut s’entendre.",
        f"La location cesse d’elle-même à la fin de la période (art.{NBSP}1877). La finir plus tôt "
        "ou la prolonger demande l’accord des deux parties. Si l’une manque à ses obligations, "
        f"l’autre peut demander ce que la loi permet (art.{NBSP}1863).",
    )
