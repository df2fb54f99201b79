"""What the values of exports are called, from the request to a recall; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

EXPORTS: Mapping[str, Mapping[str, Any]] = {
    "exports.step": {
        "request": _l("Une demande de données attend votre réponse"),
        "prepare": _l("Votre demande de données est acceptée; l’exportation se prépare"),
        "built": _l("Une exportation construite attend votre signature"),
        "decline": _l("Votre demande de données est refusée"),
        "sign": _l("Votre exportation est prête"),
        "return": _l("Votre demande de données vous est retournée; rien n’est sorti"),
        "recall": _l(
            "Votre exportation est rappelée\u00a0: lisez ce qu’il faut faire de votre copie"
        ),
        "withhold": _l("Votre exportation est retenue\u00a0: rien n’est sorti"),
        "expire": _l("Votre demande de données ou votre exportation est échue"),
    },
    "exports.state": {
        "requested": _l("À décider"),
        "declined": _l("Refusée"),
        "building": _l("En préparation"),
        "in_review": _l("À signer"),
        "ready": _l("Prête"),
        "withheld": _l("Retenue"),
        "expired": _l("Échue"),
        "recalled": _l("Rappelée"),
    },
    "exports.check": {
        "encoding": _l("Texte lisible partout"),
        "columns": _l("Colonnes prévues, dans leur ordre"),
        "order": _l("Ordre des lignes, qui ne dit rien"),
        "formulas": _l("Cellules qu’un tableur exécuterait"),
        "free_text": _l("Texte hors de ce que la colonne permet"),
        "contributors": _l("Organismes derrière chaque chiffre ou groupe"),
        "dominance": _l("Part du plus gros organisme"),
        "shares": _l("Ce que le deuxième peut estimer du premier"),
        "zeros": _l("Zéros qui parleraient de trop peu d’organismes"),
        "full_cells": _l("Cases pleines, qui diraient la même chose de tous"),
        "hidden_alone": _l("Chiffres masqués qu’une soustraction donnerait"),
        "rounding": _l("Arrondi"),
    },
    "exports.criterion": {
        "individualization": _l("Individualisation"),
        "correlation": _l("Corrélation"),
        "inference": _l("Inférence"),
    },
    "exports.measured_by": {
        "prosecutor": _l(
            "Un sur le nombre d’organismes derrière le plus petit groupe de lignes semblables."
        ),
        "directory": _l("Part des lignes qui ne vont qu’avec un seul nom d’un répertoire public."),
        "guess": _l("À quel point l’issue d’un prêt se devine, dans le groupe qui en dit le plus."),
        "behind": _l("Un sur le nombre d’organismes derrière le chiffre qui en a le moins."),
        "left": _l("Le même, une fois qu’un membre a retiré ce qu’il sait des siens."),
        "second": _l(
            "Ce que le deuxième plus gros sait du premier, au plus; à cent pour cent, il saurait tout."
        ),
    },
    "exports.worse": {
        "nothing_before": _l("Rien n’est encore sorti sous cette forme."),
        "individualization": _l("Le plus exposé l’est davantage."),
        "correlation": _l("Le fichier se recoupe mieux avec ce que d’autres savent."),
        "inference": _l("On en devine davantage."),
        "highest": _l("Le risque le plus haut a monté."),
        "average": _l("Le risque moyen a monté."),
        "attacks": _l("Une attaque trouve plus qu’avant."),
        "columns": _l("Les fichiers ou leurs colonnes ont changé."),
        "coverage": _l("Moins d’organismes ont dit oui."),
        "assessment": _l("L’évaluation du jeu ne vaut plus."),
    },
    "exports.verdict": {
        "sign": _l("laisser sortir"),
        "return": _l("retourner"),
    },
    "exports.heading": {
        "project": _l("Projet"),
        "people": _l("Personnes"),
        "setting": _l("Environnement"),
        "data": _l("Données"),
        "outputs": _l("Résultats"),
    },
    "exports.answer": {
        "activities": _l("Qu’allez-vous faire avec les données, étape par étape?"),
        "need": _l("Pourquoi en avez-vous besoin?"),
        "others_asked": _l("À quels autres organismes demandez-vous des données pour ce projet?"),
        "ethics": _l("Un comité d’éthique a-t-il décidé?"),
        "people": _l("Qui va manier les données?"),
        "technologies": _l("Avec quels outils?"),
        "place": _l("Où seront-elles gardées?"),
        "detail": _l("Pourquoi ce niveau de détail, et pas moins?"),
        "outputs": _l("Qu’allez-vous publier, et quand?"),
    },
    #: Where words that stigmatize were met: the question, the answers to it, the agreement.
    "exports.said_in": {
        "question": _l("Question posée"),
        "activities": _l("Ce qui sera fait des données"),
        "need": _l("Pourquoi on en a besoin"),
        "others_asked": _l("Autres organismes à qui on demande"),
        "ethics": _l("Comité d’éthique"),
        "people": _l("Qui manie les données"),
        "technologies": _l("Outils"),
        "place": _l("Lieu de garde"),
        "detail": _l("Niveau de détail"),
        "outputs": _l("Ce qui sera publié"),
        "agreement_use": _l("Entente, usage prévu"),
        "agreement_benefit": _l("Entente, bienfait attendu"),
        "agreement_outputs": _l("Entente, documents prévus"),
    },
    "exports.answer_why": {
        "activities": _l("La loi demande une description détaillée des activités."),
        "need": _l("Ce qui ne se ferait pas sans elles."),
        "others_asked": _l("Deux jeux mis ensemble peuvent révéler ce que chacun cache."),
        "ethics": _l("Si oui, son nom, la date et le numéro de la décision."),
        "people": _l("Seulement les personnes que l’entente nomme."),
        "technologies": _l("Par exemple\u00a0: un tableur sur un poste de l’organisme."),
        "place": _l("La ville, et qui y a accès. Hors du Québec, une évaluation vient d’abord."),
        "detail": _l("On donne le moins de détail qui répond à la question."),
        "outputs": _l("Tableaux, graphiques, rapport; jamais une ligne à la fois."),
    },
    "exports.copy_state": {
        "standing": _l("repose sur votre oui"),
        "revoked": _l("révoqué"),
        "stopped": _l("révoqué pour l’avenir"),
        "notified": _l("avisé"),
        "attested": _l("attesté"),
        "cannot": _l("attesté\u00a0: une copie ne peut pas être détruite"),
        "beyond_recall": _l("publié\u00a0: ne se rappelle plus"),
    },
    "exports.attested": {
        "destroyed": _l("J’ai détruit toutes mes copies"),
        "never_downloaded": _l("Je n’ai jamais eu de copie"),
        "cannot": _l("Je ne peux pas détruire une copie"),
    },
    "exports.attestation": {
        "destroyed": _l("Attesté\u00a0: copies détruites"),
        "never_downloaded": _l("Attesté\u00a0: jamais téléchargée"),
        "cannot": _l("Attesté\u00a0: ne peut pas détruire une copie"),
    },
    "exports.recalled": {
        "opened": _l("Une exportation est rappelée\u00a0: détruisez vos copies"),
        "remind": _l("Rappel\u00a0: détruisez vos copies et attestez-le"),
        "escalate": _l("La date est passée sans attestation"),
    },
    "exports.follow": {
        "build": _l("Nouvelles\u00a0: jamais sorties"),
        "copy": _l("Reprises telles quelles de ce qui est déjà sorti"),
        "replace": _l("Refaites sans les organismes qui sont partis"),
        "leave_out": _l("Laissées de côté"),
    },
    "exports.finding": {
        "sequences.too_few": _l("Une soustraction avec ce qui est déjà sorti en dirait trop"),
        "sequences.too_close": _l("Ce qui est sorti, mis ensemble, laisserait deviner une part"),
        "releases.delay": _l("Des lignes ont changé depuis : elles disent ce qu’elles disaient"),
        "releases.hold_back": _l("Des lignes attendent, pour que personne ne se voie partir"),
        "releases.keep_out": _l("Des groupes de lignes restent dehors en entier"),
        "other": _l("Un recoupement avec ce qui est déjà sorti"),
    },
    "exports.behind": {
        "lender": _l("prêteurs"),
        "borrower": _l("emprunteurs"),
        "searcher": _l("organismes qui cherchaient"),
        "person": _l("personnes"),
    },
    "exports.offer": {
        "offered": _l("Offerte"),
        "withdrawn": _l("Retirée"),
        "over": _l("N’est plus offerte"),
    },
    "exports.status": {
        "published": _l("publié"),
        "suppressed": _l("masqué"),
        "zero": _l("zéro"),
        "not_collected": _l("non recueilli"),
    },
    "exports.regime": {
        "own_study": _l("L’étude de l’exploitant, dans ses murs"),
        "named_recipient": _l("Un destinataire que les consentements nomment"),
        "research": _l("La voie de la recherche, sans consentement"),
        "open": _l("Une publication ouverte à tout le monde"),
    },
}
