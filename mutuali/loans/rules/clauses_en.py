"""The clauses of a loan agreement in English, for who expressly chose it after the French."""

from collections.abc import Iterator

from mutuali.loans.rules.said import money, one_line, quoted, span
from mutuali.loans.rules.terms import Clause, Terms


def clauses_in_english(terms: Terms) -> Iterator[Clause]:
    """Every clause, in the order of the French."""
    lender, borrower = one_line(terms.lender), one_line(terms.borrower)
    title = one_line(terms.title_en or terms.title_fr)
    units = "one unit" if terms.units == 1 else f"{terms.units} units"
    gives, takes = ("lender", "borrower") if terms.is_free else ("lessor", "lessee")
    yield Clause(
        "Between whom",
        f"{lender} {'lends to' if terms.is_free else 'rents to'} {borrower}.",
        f"The {gives} is {lender}. The {takes} is {borrower}. {one_line(terms.operator)} runs the "
        "MutuAli network, where the agreement was made, and is no party to it.",
    )
    yield Clause(
        "What, and when",
        f"{title}, {units}.",
        f"The {gives} hands over to the {takes} {units} of “{title}”, {span(terms.period, 'en')}, "
        f"Montréal time. The {takes} gives all of it back at the same place, at the end of that "
        "time or before.",
    )
    yield from _loan() if terms.is_free else _rental(terms)
    if terms.deposit_cents:
        deposit = money(terms.deposit_cents, "en")
        yield Clause(
            "The deposit",
            f"{deposit}, given back when everything returns in good order.",
            f"The {takes} hands the {gives} a deposit of {deposit}. The {gives} gives it back on "
            "return, less what is owed for a loss or a breakage and was acknowledged by both "
            "parties in writing. The network processes no card: it only notes what the parties say "
            "they handed each other.",
        )
    yield Clause(
        "The state, noted by both",
        "Each notes the state going out and coming back; silence is no yes.",
        "Going out and coming back, one party writes a condition report, signed with a name and "
        "dated. The other has 48 hours to say that it is right, or what is different. Without an "
        "answer the report stays that of one party. The reports are part of the papers of this "
        "loan and are added as an annex.",
    )
    conditions = terms.conditions_en or terms.conditions_fr
    if conditions.strip():
        yield Clause(
            f"The conditions of the {gives}",
            "What the listing asks for holds here too.",
            quoted(conditions),
        )
    yield Clause(
        "The language",
        "French first; English when it is expressly asked for.",
        "The French version of this agreement is handed to each party first. A party may then "
        "expressly choose to have English as well; that choice is noted with its date (Charter of "
        "the French language, s. 55).",
    )
    yield Clause(
        "The law, and disagreements",
        "Québec law; talk first.",
        f"The laws of Québec apply. A disagreement between the {gives} and the {takes} is settled "
        "between them first, then with the coordination of the network; neither party loses its "
        "right to go to court by this.",
    )


def _loan() -> Iterator[Clause]:
    yield Clause(
        "It is free",
        "Nothing to pay for borrowing it; fuel and use are the borrower’s.",
        "This agreement is a loan for use, and therefore free (C.C.Q., art. 2313). The borrower "
        "pays what it spends on using the thing. The lender refunds necessary and urgent expenses "
        "made to preserve it (art. 2320).",
    )
    yield Clause(
        "How to use it",
        "With care, for what it is made for, without lending it on.",
        "The borrower keeps and preserves the thing with prudence and diligence (art. 2317). It "
        "uses it only for what it is intended for and lets nobody else use it without the lender’s "
        "agreement (art. 2318); its members, employees and volunteers use it on its behalf.",
    )
    yield Clause(
        "If it breaks or is lost",
        "Wear is the lender’s; what comes of misuse or lateness is the borrower’s.",
        "The borrower is not liable for loss that comes of the use for which the thing is lent. If "
        "it uses it otherwise, or longer than agreed, it is liable for the loss, even by superior "
        "force, unless the loss would have occurred in any case (art. 2322). A lender that knows "
        "of a latent defect warns the borrower; otherwise it makes good the injury that results "
        "(art. 2321).",
    )
    yield Clause(
        "Giving it back earlier",
        "The lender may claim it before the end when it needs it urgently and unexpectedly.",
        "The lender may claim the thing before the end of the time when it needs it itself, "
        "urgently and unexpectedly, or when the borrower fails in its obligations (art. 2319). The "
        "borrower may give it back earlier, in whole or in part.",
    )


def _rental(terms: Terms) -> Iterator[Clause]:
    price = money(terms.price_cents, "en")
    yield Clause(
        "What it costs",
        f"{price} for the whole time.",
        f"This agreement is a rental, which the law calls a lease (C.C.Q., art. 1851). The lessee "
        f"pays a rent of {price} for the whole time (art. 1855), by the means on which the parties "
        "agree. The network processes no card: it only notes what the parties say they paid.",
    )
    yield Clause(
        "How to use it",
        "With care, changing nothing, without renting it on.",
        "The lessee uses the thing with prudence and diligence (art. 1855) and changes neither its "
        "form nor its destination (art. 1856). It neither sublets nor assigns it without the "
        "lessor’s agreement; its members, employees and volunteers use it on its behalf.",
    )
    yield Clause(
        "What the lessor promises",
        "A thing in good order, that serves what it is rented for.",
        "The lessor delivers the thing in a good state of repair, provides peaceable enjoyment of "
        "it and warrants that it may be used for what it is rented for (art. 1854). It makes the "
        "necessary repairs, except lesser maintenance repairs, which are the lessee’s (art. 1864).",
    )
    yield Clause(
        "If it breaks or is lost",
        "Wear is the lessor’s; the lessee answers for the rest, unless it had no part in it.",
        "The lessee makes good the injury of losses that befall the thing, unless it proves that "
        "they are due neither to its fault nor to that of persons it lets use it (art. 1862). At "
        "the end it gives the thing back in the state in which it received it, except for normal "
        "wear, age and superior force (art. 1890).",
    )
    yield Clause(
        "Ending earlier or later",
        "The rental ends at the time said; earlier or later takes an agreement.",
        "The rental ends by itself at the end of the time (art. 1877). Ending it earlier or making "
        "it longer takes the agreement of both parties. If one fails in its obligations, the other "
        "may ask for what the law allows (art. 1863).",
    )
