"""What the steps of a start, and what a governance kit holds, are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

FOUNDING: Mapping[str, Mapping[str, Any]] = {
    "founding.step": {
        "exploitant": _l("L’exploitant légal"),
        "nom": _l("Le nom et le logo"),
        "region": _l("Le territoire et les langues"),
        "finalites": _l("Les finalités"),
        "responsable": _l("La personne responsable"),
        "organismes": _l("Les premiers organismes"),
    },
    # Why each is asked.
    "founding.why": {
        "exploitant": _l(
            "Un réseau ne peut rien signer\u00a0: il faut une personne morale qui en réponde devant "
            "la loi et devant les organismes."
        ),
        "nom": _l("On le lit en haut de chaque page. Le logo prend sa place si vous en avez un."),
        "region": _l(
            "Pour savoir qui vous servez. Le français est toujours là; l’anglais, si vous pouvez "
            "répondre en anglais."
        ),
        "finalites": _l(
            "On ne demande un oui que pour ce qui servira. Une finalité laissée de côté ne se "
            "propose nulle part; les avis déjà publiés restent."
        ),
        "responsable": _l(
            "La loi désigne la plus haute autorité de l’exploitant, tant que personne n’est nommé "
            "(P-39.1, art. 3.1). Dites qui, et comment lui écrire."
        ),
        "organismes": _l(
            "On ne partage pas seul\u00a0: deux organismes suffisent pour commencer. Ils entrent "
            "acceptés, et chaque courriel reçoit une invitation à gérer le sien."
        ),
    },
    "founding.part": {
        "actions": _l("Les actions de la Charte"),
        "notices": _l("Les textes des avis"),
        "settings": _l("Les choix\u00a0: finalités et langues"),
        "lessons": _l("Les leçons apprises"),
    },
    "founding.lesson": {
        "title": _l("En une ligne"),
        "tried": _l("Ce que nous avons essayé"),
        "happened": _l("Ce qui s’est passé"),
        "again": _l("Ce que nous referions"),
    },
    "founding.file": {
        "agreements/": _l("deux ententes vides, clause par clause"),
        "notices/": _l(
            "la question posée pour chaque finalité; {recipient} est le nom du destinataire, "
            "{months} la durée d’un oui"
        ),
        "actions.csv": _l("les actions de la Charte, avec leur durée et leur preuve"),
        "checkin.fr.md, checkin.en.md": _l("les cartes du bilan du mois"),
        "retention.fr.csv, retention.en.csv": _l("ce qui est gardé, pourquoi et jusqu’à quand"),
        "settings.json": _l("les finalités choisies et les nombres de départ"),
        "lessons.json, lessons.fr.md, lessons.en.md": _l(
            "ce qui a été essayé, et ce qui en est sorti"
        ),
        "manifest.json": _l("l’empreinte SHA-256 de chaque fichier"),
    },
    "founding.number": {
        "release.k": _l("organismes au moins derrière chaque nombre (k)"),
        "release.share_percent": _l("pour cent de la règle de dominance"),
        "release.base": _l("base de l’arrondi"),
        "release.on_withdrawal": _l("suite d’un retrait"),
        "release.days_to_act": _l("jours pour suivre un retrait"),
        "release.download_days": _l("jours pour télécharger"),
        "release.keep_days": _l("jours de conservation chez le partenaire"),
        "release.downloads_each": _l("téléchargements par personne"),
        "release.years": _l("années de données au plus"),
        "promises.breach_hours": _l("heures pour dire un incident"),
        "promises.destroy_days": _l("jours pour détruire à la fin"),
        "promises.review_days": _l("jours de relecture avant de publier"),
        "promises.review_months": _l("mois entre deux regards sur l’entente"),
        "promises.cure_days": _l("jours pour corriger une suspension"),
        "promises.liability_cap": _l("plafond de responsabilité"),
        "promises.insurance": _l("assurance"),
        "consent.months": _l("mois que dure un oui"),
        "consent.most_months": _l("mois au plus que dure un oui"),
    },
}
