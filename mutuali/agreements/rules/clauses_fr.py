"""The clauses in French, which prevails."""

from collections.abc import Iterator

from mutuali.agreements.rules.phrases import (
    Clause,
    NamedInText,
    Terms,
    clause_of,
    coded,
    day_of,
    dollars,
    listed,
    one_line,
    quoted,
    review_days_of,
    uses,
    vouched,
)
from mutuali.agreements.rules.promises import Measure, Party
from mutuali.agreements.rules.said import french
from mutuali.agreements.rules.wording import said


def clauses_in_french(terms: Terms) -> Iterator[Clause]:
    """Every clause, in order."""
    yield _parties(terms)
    yield from _use(terms)
    yield _people(terms)
    yield from _protection(terms)
    yield from coded(terms, "fr")
    yield _liability(terms)
    yield from vouched(terms, "fr")
    yield from _time(terms)


def _party(role: str, party: Party) -> str:
    parts = [f"{role}, {one_line(party.legal_name)}, est {said(party.regime, 'fr').text}"]
    for label, words in (
        ("adresse", party.place),
        ("personne-ressource", party.contact),
        ("responsable de la protection des renseignements personnels", party.in_charge),
    ):
        if words.strip():
            parts.append(f"{label} : {one_line(words)}")
    return "; ".join(parts)


def _parties(terms: Terms) -> Clause:
    operator, partner = one_line(terms.operator.legal_name), one_line(terms.partner.legal_name)
    amends = (
        f"\nElle modifie et, dès qu’elle prend effet, remplace l’entente {terms.amends}."
        if terms.amends
        else ""
    )
    if terms.is_internal:
        plain = f"{operator} se donne, pour son propre usage, les règles d’un partenaire."
        text = (
            f"La présente entente encadre l’usage interne que {operator}, exploitant du réseau "
            "MutuAli (« l’exploitant »), fait des données. L’exploitant y tient aussi le rôle "
            "du partenaire (« le partenaire »); deux personnes différentes l’acceptent.\n"
            + listed([_party("l’exploitant", terms.operator)])
        )
    else:
        plain = f"{operator} communique des données à {partner}."
        text = (
            f"La présente entente lie {operator}, exploitant du réseau MutuAli (« l’exploitant "
            f"»), et {partner} (« le partenaire »).\n"
            + listed(
                [_party("l’exploitant", terms.operator), _party("le partenaire", terms.partner)]
            )
        )
    return Clause("Les parties", french(plain), french(text + amends), 1)


def _use(terms: Terms) -> Iterator[Clause]:
    datasets, purposes = uses(terms, "fr")
    years = terms.settings.years
    span = "la dernière année" if years == 1 else f"les {years} dernières années"
    yield Clause(
        "Les données et leurs finalités",
        "Ces données-là, pour ces raisons-là, et rien d’autre.",
        french(
            f"L’exploitant peut communiquer au partenaire :\n{datasets}\n"
            f"Le partenaire ne s’en sert que pour :\n{purposes}\n"
            f"Une communication couvre au plus {span}, par saisons complètes. Elle ne porte que "
            "sur ceux dont le consentement à cette finalité et à ce destinataire est en vigueur ce "
            "jour-là."
        ),
        3,
    )
    text = quoted(terms.intended_use)
    if terms.benefit.strip():
        text += french("\nBienfait attendu :\n") + quoted(terms.benefit)
    if terms.outputs.strip():
        text += french("\nDocuments prévus :\n") + quoted(terms.outputs)
    yield Clause(
        "L’usage prévu",
        "Ce que le partenaire compte faire, dans les mots des parties.",
        text,
        4,
    )
    ground = clause_of(terms.instrument, terms, "fr")
    text = ground.text
    for label, words in (
        ("Évaluation des facteurs relatifs à la vie privée", terms.assessment_ref),
        ("Décision du comité d’éthique", terms.ethics_ref),
    ):
        if words.strip():
            text += f"\n{label} : {one_line(words)}."
    yield Clause("Le fondement", ground.plain, french(text), 5)


def _named(person: NamedInText) -> str:
    words = one_line(person.name)
    if person.why.strip():
        words += f" : {one_line(person.why)}"
    if person.starts_on:
        words += f", à partir du {day_of(person.starts_on, 'fr')}"
    if person.ends_on:
        words += f", jusqu’au {day_of(person.ends_on, 'fr')}"
    return words


def _people(terms: Terms) -> Clause:
    return Clause(
        "Les personnes qui y ont accès",
        "Personne d’autre n’ouvre les fichiers.",
        french(
            "Seules ont accès aux données, parce que leur travail le demande :\n"
            f"{listed(_named(each) for each in terms.analysts)}\n"
            "Chacune s’engage par écrit à les garder confidentielles; sans cette signature, elle "
            "n’a pas accès. Ajouter une personne demande une nouvelle acceptation des deux parties."
        ),
        6,
    )


def _protection(terms: Terms) -> Iterator[Clause]:
    settings = terms.settings
    where = "en partie hors du Québec" if terms.outside_quebec else "au Québec"
    place = f" ({one_line(terms.kept_at)})" if terms.kept_at.strip() else ""
    text = f"Le partenaire et son hébergeur gardent et traitent les données {where}{place}."
    if terms.outside_quebec:
        text += (
            " Une évaluation a conclu qu’elles y sont protégées comme il se doit (P-39.1, art. 17)."
        )
    if terms.measures:
        chosen = (said(each, "fr").text for each in Measure if each in terms.measures)
        text += f" Mesures :\n{listed(chosen)}"
    yield Clause(
        "Le lieu et les mesures",
        "Ailleurs qu’au Québec, après évaluation." if terms.outside_quebec else "Au Québec.",
        french(text),
        7,
    )
    yield Clause(
        french(f"Le seuil de {settings.k} organismes"),
        f"Un chiffre qui repose sur moins de {settings.k} organismes ne sort pas.",
        french(
            f"Rien de ce qui est communiqué ne repose sur moins de {settings.k} organismes, "
            "comptés séparément du côté des prêteurs et de celui des emprunteurs. Les organismes "
            "liés entre eux comptent pour un seul. Un total dont le deuxième contributeur pourrait "
            f"déduire la part du premier à {settings.share_percent} % près ne sort pas. Les totaux "
            f"sont arrondis à {settings.base} près."
        ),
        8,
    )


def _liability(terms: Terms) -> Clause:
    words = clause_of(terms.liability, terms, "fr")
    text = words.text
    if terms.promises.liability_cap is not None:
        text += (
            " Pour le reste, la responsabilité de chaque partie se limite à "
            f"{dollars(terms.promises.liability_cap, 'fr')} pour toute l’entente."
        )
    if terms.promises.insurance is not None:
        text += (
            " Le partenaire est assuré pour au moins "
            f"{dollars(terms.promises.insurance, 'fr')} par incident."
        )
    return Clause(words.name, words.plain, french(text), 11)


def _time(terms: Terms) -> Iterator[Clause]:
    settings, promises = terms.settings, terms.promises
    if terms.attribution.strip():
        yield Clause(
            "La mention",
            "On dit d’où viennent les chiffres.",
            french("Ce qui est publié porte la mention :\n") + quoted(terms.attribution),
            10,
        )
    yield Clause(
        "Les téléchargements",
        "Un lien par personne, pour un temps.",
        f"Un fichier communiqué se télécharge pendant {settings.download_days} jours, au plus "
        f"{settings.downloads_each} fois par personne nommée. Chaque téléchargement est consigné.",
        12,
    )
    start, end = day_of(terms.starts_on, "fr"), day_of(terms.ends_on, "fr")
    yield Clause(
        "La durée",
        f"Du {start} au {end}, sans renouvellement.",
        "L’entente prend effet quand les deux parties en ont accepté ce texte exact, au plus tôt "
        f"le {start}. Elle prend fin à la fin du {end}, heure de Montréal, et ne se renouvelle "
        "pas d’elle-même.",
        12,
    )
    reviews = [day_of(each, "fr") for each in review_days_of(terms)]
    yield Clause(
        "La relecture",
        "On regarde ensemble si tout tient encore.",
        french(f"Les parties relisent l’entente :\n{listed(reviews)}")
        if reviews
        else "L’entente prend fin avant la première relecture.",
        12,
    )
    yield Clause(
        "La suspension",
        "Chaque partie peut tout arrêter sur-le-champ, en disant pourquoi.",
        "Chaque partie peut suspendre l’entente en tout temps, sur MutuAli, en donnant une raison; "
        "elle seule lève sa suspension. Un manquement, une mesure de protection qui fait défaut, "
        "un incident de confidentialité ou une acceptation révoquée suspendent aussi l’entente; "
        "l’exploitant lève celles que la loi commande. Pendant une suspension, rien ne sort et "
        "rien ne se télécharge. Une suspension qui dure plus de "
        f"{promises.cure_days} jours met fin à l’entente.",
        12,
    )
    yield Clause(
        "La fin avant terme",
        "Chaque partie peut y mettre fin tout de suite, sans raison.",
        "Chaque partie peut mettre fin à l’entente en tout temps, sur MutuAli ou par écrit. Plus "
        "rien n’est alors communiqué. Les engagements du partenaire sur les données déjà reçues "
        "durent jusqu’à leur destruction.",
        12,
    )
    yield Clause(
        "Les changements, la langue, le droit",
        french("On ne retouche pas une entente : les deux parties acceptent la suivante."),
        "Tout changement demande une nouvelle acceptation des deux parties; d’ici là, la présente "
        "entente vaut telle quelle. Aucune somme n’est due. L’entente existe en français et en "
        "anglais; en cas d’écart, le français l’emporte. Le droit du Québec s’applique.",
        12,
    )
