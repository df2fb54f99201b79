"""What enum values are called on the pages; one dictionary per enum, French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from mutuali.web.held_words import HELD

WORDS: Mapping[str, Mapping[str, Any]] = {
    "accounts.factor": {"totp": _l("Application de codes"), "passkey": _l("Clé d’accès")},
    **HELD,
    "equipment.kind": {
        "kitchen": _l("Cuisine"),
        "vehicle": _l("Véhicule"),
        "cold_storage": _l("Entreposage froid"),
        "dry_storage": _l("Entreposage sec"),
        "cooking": _l("Cuisson"),
        "preparation": _l("Préparation"),
        "refrigeration": _l("Réfrigération"),
        "heavy_equipment": _l("Équipement lourd"),
        "surplus": _l("Surplus"),
        "peoples_time": _l("Coup de main"),
        "subcontracting": _l("Sous-traitance"),
        "other": _l("Autre"),
    },
    "equipment.permit": {"mapaq": _l("Permis MAPAQ"), "haccp": _l("HACCP")},
    "equipment.approver": {
        "nobody": _l("Personne\u00a0: la réservation est confirmée tout de suite"),
        "lender": _l("Notre organisme"),
        "coordinator": _l("La coordination du réseau"),
    },
    "equipment.price_per": {
        "hour": _l("par heure"),
        "day": _l("par jour"),
        "loan": _l("par prêt"),
    },
    "equipment.state": {
        "draft": _l("Brouillon"),
        "published": _l("Publiée"),
        "withdrawn": _l("Retirée"),
    },
    "bookings.state": {
        "requested": _l("Demandée"),
        "held": _l("Bloquée temporairement"),
        "approved": _l("Confirmée"),
        "on_loan": _l("En prêt"),
        "returned": _l("De retour"),
        "closed": _l("Terminée"),
        "declined": _l("Refusée"),
        "cancelled": _l("Annulée"),
        "expired": _l("Expirée"),
        "overdue": _l("En retard"),
    },
    "bookings.step": {
        "request": _l("Demande envoyée"),
        "approve": _l("Demande acceptée"),
        "decline": _l("Demande refusée"),
        "cancel": _l("Réservation annulée"),
        "expire": _l("Demande expirée, faute de réponse"),
        "hand_over": _l("Prise en charge"),
        "take_back": _l("Retour"),
        "close": _l("Retour vérifié, réservation terminée"),
    },
    "bookings.day": {
        "free": _l("libre"),
        "partly": _l("en partie"),
        "taken": _l("pris"),
        "closed": _l("fermé"),
        "over": _l("passé"),
    },
    "bookings.purpose": {
        "food_delivery": _l("Livrer de la nourriture"),
        "food_rescue": _l("Récupérer des surplus"),
        "cooking": _l("Cuisiner"),
        "storage": _l("Entreposer"),
        "event": _l("Tenir un événement"),
        "harvest": _l("Récolter"),
        "replacement": _l("Remplacer un équipement en panne"),
        "other": _l("Autre raison"),
    },
    "agreements.state": {
        "draft": _l("Brouillon"),
        "proposed": _l("Proposée"),
        "upcoming": _l("Acceptée, à venir"),
        "in_force": _l("En vigueur"),
        "suspended": _l("Suspendue"),
        "waits_for_cai": _l("Acceptée, attend la CAI"),
        "ended": _l("Terminée"),
        "expired": _l("Échue"),
    },
    "agreements.cause": {
        "party": _l("Suspendue par une partie"),
        "revoked": _l("Acceptation révoquée"),
        "breach": _l("Manquement à l’entente"),
        "failed_measure": _l("Mesure de protection en défaut"),
        "incident": _l("Incident de confidentialité"),
    },
    "agreements.question": {
        "1": _l("Avec qui?"),
        "2": _l("Pour quoi faire?"),
        "3": _l("Quelles données?"),
        "4": _l("Qu’en fera le partenaire?"),
        "5": _l("Quel genre d’entente?"),
        "6": _l("Qui ouvrira les fichiers?"),
        "7": _l("Où seront gardés les fichiers?"),
        "8": _l("Quels petits chiffres cacher?"),
        "9": _l("Et si un organisme change d’idée?"),
        "10": _l("Qu’est-ce qui est interdit?"),
        "11": _l("Qui répond d’un tort?"),
        "12": _l("Combien de temps?"),
    },
    "agreements.why": {
        "1": _l("Une personne qui gère ce partenaire devra accepter le texte."),
        "2": _l("Seuls les organismes qui ont dit oui à ces finalités seront dans les données."),
        "3": _l("Prenez le moins détaillé qui répond à la question."),
        "4": _l("Vos mots seront cités tels quels. Tout autre usage demandera une autre entente."),
        "5": _l("La loi demande des choses différentes selon le genre."),
        "6": _l("La loi ne permet l’accès qu’à ceux qui en ont besoin; chaque personne signera."),
        "7": _l("Hors du Québec, la loi demande d’abord une évaluation."),
        "8": _l(
            "Un chiffre sur trop peu d’organismes les ferait reconnaître. Cinq convient d’habitude."
        ),
        "9": _l("Chacun peut retirer son oui à tout moment."),
        "10": _l(
            "Les clauses verrouillées restent. Celles qui sont cochées rassurent les organismes."
        ),
        "11": _l("La première réponse convient aux petits organismes sans but lucratif."),
        "12": _l("Trois ans au plus. Rien ne se renouvelle tout seul."),
        "default": _l("fait les analyses"),
    },
    "organizations.kind": {
        "food_bank": _l("Banque alimentaire"),
        "community_kitchen": _l("Cuisine collective"),
        "caterer": _l("Traiteur"),
        "grower": _l("Ferme ou jardin"),
        "grocery": _l("Épicerie"),
        "school": _l("École"),
        "community_centre": _l("Centre communautaire"),
        "other": _l("Autre"),
        "partner": _l("Partenaire"),
        "operator": _l("Exploitant du réseau"),
    },
    "organizations.sector": {
        "community": _l("Communautaire"),
        "social_economy": _l("Économie sociale"),
        "public": _l("Public"),
        "private": _l("Privé"),
    },
    "organizations.state": {
        "applied": _l("En attente"),
        "accepted": _l("Accepté"),
        "refused": _l("Refusé"),
        "left": _l("Parti"),
    },
    "organizations.capacity": {
        "executive_direction": _l("Direction générale"),
        "presidency": _l("Présidence du conseil"),
        "board_member": _l("Administratrice ou administrateur"),
        "mandate": _l("Mandat donné par le conseil"),
    },
    "organizations.office": {
        "person_in_charge": _l("Responsable de la protection des renseignements personnels"),
        "substitute": _l("Personne qui la remplace"),
        "qualified_person": _l("Personne compétente en anonymisation"),
    },
    "consent.purpose": {
        "network_statistics": _l("Statistiques du réseau"),
        "sharing_study": _l("Étude du partage"),
        "mobility_planning": _l("Planification de la mobilité"),
        "named_publicly": _l("Être nommé publiquement"),
    },
    "consent.event": {
        "asked": _l("Question posée"),
        "re_asked": _l("Question posée de nouveau"),
        "given": _l("Oui"),
        "refused": _l("Non"),
        "withdrawn": _l("Oui retiré"),
        "expired": _l("Oui échu"),
    },
    "consent.check": {
        "separate": _l("À part\u00a0: une seule finalité, pas de conditions d’utilisation"),
        "specific": _l("Précis\u00a0: quelles données, pour quoi"),
        "plain": _l("Facile à lire"),
        "expiry": _l("La durée d’un oui est dite"),
        "help": _l("L’aide est dite"),
        "withdrawal": _l("Le retrait est dit, aussi simple que le oui"),
        "recipients": _l("Qui reçoit est nommé, et personne d’autre"),
        "french_first": _l("Le français d’abord, au complet"),
    },
    "consent.subject": {
        "organization": _l("Les organismes"),
        "person": _l("Les personnes"),
    },
    "role": {
        "member": _l("Membre"),
        "manager": _l("Gestionnaire"),
        "delegate": _l("Personne déléguée"),
        "coordinator": _l("Coordination"),
        "steward": _l("Intendance des données"),
        "analyst": _l("Analyste"),
        "administrator": _l("Administration"),
        "reviewer": _l("Évaluation externe"),
    },
    "permission": {
        "organization.read": _l("Lire l’organisme"),
        "organization.edit": _l("Modifier l’organisme"),
        "organization.accept": _l("Accepter des organismes"),
        "member.invite": _l("Inviter des membres"),
        "delegation.give": _l("Déléguer"),
        "participation.accept": _l("Accepter l’entente de participation"),
        "office.name": _l("Nommer les responsables"),
        "role.grant": _l("Donner des rôles"),
        "listing.edit": _l("Modifier les annonces"),
        "availability.read": _l("Lire les disponibilités"),
        "booking.request": _l("Demander une réservation"),
        "booking.read": _l("Lire les réservations"),
        "booking.decide_as_lender": _l("Répondre comme prêteur"),
        "booking.decide_for_network": _l("Répondre pour le réseau"),
        "booking.carry_out": _l("Noter prises en charge et retours"),
        "consent.answer": _l("Répondre aux consentements"),
        "consent.read": _l("Lire les consentements"),
        "data.own": _l("Lire et faire corriger ce qui est gardé de moi"),
        "consent.own": _l("Répondre aux questions qu’on me pose sur moi"),
        "call.answer": _l("Rappeler qui veut une explication"),
        "notice.publish": _l("Publier des avis"),
        "agreement.draft": _l("Rédiger des ententes"),
        "agreement.sign_as_operator": _l("Signer pour l’exploitant"),
        "agreement.sign_as_partner": _l("Signer pour un partenaire"),
        "agreement.read": _l("Lire les ententes"),
        "export.read": _l("Lire les exportations"),
        "export.request": _l("Demander une exportation"),
        "export.decide": _l("Décider d’une exportation"),
        "export.review": _l("Donner un avis sur une exportation"),
        "export.download": _l("Télécharger une exportation"),
        "register.keep": _l("Tenir les registres"),
        "assessment.write": _l("Rédiger des évaluations"),
        "audit.read": _l("Lire le journal"),
        "import": _l("Importer des fichiers"),
    },
    "exports.dataset": {
        "equipment-use": _l("Utilisation de l’équipement"),
        "loans": _l("Prêts"),
        "unmet-demand": _l("Besoins sans réponse"),
        "lending-flows": _l("Flux de prêts"),
        "organizations-capacity": _l("Ce que les organismes offrent"),
    },
    "exports.answers": {
        "equipment-use": _l(
            "Combien d’équipement est offert, combien en est prêté, de quelle sorte et vers quels secteurs de l’île?"
        ),
        "loans": _l(
            "Qu’est-ce qui fait qu’un prêt se passe bien\u00a0: sa durée, le délai de la demande, la saison, le secteur?"
        ),
        "unmet-demand": _l(
            "De quelle sorte d’équipement manque-t-on, dans quels secteurs et en quelle saison?"
        ),
        "lending-flows": _l(
            "D’où part l’équipement prêté et où va-t-il, d’un secteur de l’île à l’autre?"
        ),
        "organizations-capacity": _l(
            "Quels organismes prêtent quelle sorte d’équipement, et dans quel secteur?"
        ),
    },
    "exports.class": {
        "organizational": _l("Organisationnel\u00a0: au sujet d’organismes, jamais d’une personne"),
        "personal": _l("Personnel\u00a0: au sujet de personnes"),
        "deidentified": _l(
            "Dépersonnalisé\u00a0: ne nomme personne, mais reste protégé comme un renseignement personnel"
        ),
        "anonymized": _l("Anonymisé\u00a0: ne permet plus de reconnaître qui que ce soit"),
    },
    "exports.rows": {
        "loan": _l("Un prêt, sans nom ni date exacte"),
        "sum": _l("Une case d’un tableau de sommes, jamais un prêt"),
        "organization": _l("Un organisme qui veut être nommé, et une sorte d’équipement"),
    },
    "exports.rung": {
        "few": _l("moins de 15 organismes ont dit oui"),
        "some": _l("de 15 à 49 organismes ont dit oui"),
        "many": _l("de 50 à 149 organismes ont dit oui"),
        "most": _l("150 organismes ou plus ont dit oui"),
    },
    "exports.audience": {
        "equipment-use": _l("Un partenaire nommé dans une entente"),
        "loans": _l(
            "L’étude de l’exploitant, un partenaire que les consentements nomment, ou la recherche selon la loi"
        ),
        "unmet-demand": _l("Un partenaire nommé dans une entente"),
        "lending-flows": _l("Un partenaire nommé dans une entente, pour planifier la mobilité"),
        "organizations-capacity": _l("Tout le monde"),
    },
    "exports.window": {
        "equipment-use": _l(
            "La dernière année complète, deux semestres ou quatre trimestres, selon le palier"
        ),
        "loans": _l("Les douze derniers trimestres complets"),
        "unmet-demand": _l(
            "La dernière année complète, deux semestres ou quatre trimestres, selon le palier"
        ),
        "lending-flows": _l(
            "La dernière année complète ou les deux derniers semestres, selon le palier"
        ),
        "organizations-capacity": _l("Aujourd’hui\u00a0: les annonces publiées"),
    },
    "exports.calendar": {
        "equipment-use": _l(
            "Trente jours après la fin de chaque période\u00a0: ce qui a été prêté est alors revenu"
        ),
        "loans": _l("Dès qu’un trimestre est fini, à la demande"),
        "unmet-demand": _l("Trente jours après la fin de chaque période"),
        "lending-flows": _l("Trente jours après la fin de chaque période"),
        "organizations-capacity": _l("À chaque changement d’annonce ou de consentement"),
    },
    "exports.revision": {
        "equipment-use": _l(
            "Une période sortie ne se refait pas. Une erreur se corrige dans une nouvelle version, annoncée ici."
        ),
        "loans": _l(
            "Chaque exportation repart des consentements du jour. Une exportation sortie ne se refait pas."
        ),
        "unmet-demand": _l(
            "Une période fermée ne se refait pas\u00a0: la clé qui reliait les recherches aux organismes est détruite."
        ),
        "lending-flows": _l(
            "Une période sortie ne se refait pas. Une erreur se corrige dans une nouvelle version, annoncée ici."
        ),
        "organizations-capacity": _l(
            "Un organisme qui retire son oui n’est plus dans la version suivante; ce qui est déjà publié ne peut pas être rappelé."
        ),
    },
    "exports.table": {
        "use-by-family-and-quarter": _l("Par famille d’équipement et trimestre"),
        "use-by-year": _l("Tout le réseau, par année"),
        "use-by-family-and-half-year": _l("Par famille d’équipement et semestre"),
        "use-by-zone-and-year": _l("Par secteur de l’emprunteur et année"),
        "use-by-family-zone-and-half-year": _l("Par famille, secteur de l’emprunteur et semestre"),
        "use-by-category-and-quarter": _l("Par catégorie d’équipement et trimestre"),
        "use-by-family-zone-and-quarter": _l("Par famille, secteur de l’emprunteur et trimestre"),
        "flows-by-year": _l("D’un secteur à l’autre, par année"),
        "flows-by-half-year": _l("D’un secteur à l’autre, par semestre"),
        "demand-by-year": _l("Tout le réseau, par année"),
        "demand-by-family-and-half-year": _l("Par famille d’équipement et semestre"),
        "demand-by-zone-and-year": _l("Par secteur de qui cherchait et année"),
        "demand-by-family-and-quarter": _l("Par famille d’équipement et trimestre"),
        "demand-by-family-zone-and-half-year": _l(
            "Par famille, secteur de qui cherchait et semestre"
        ),
        "demand-by-family-zone-and-quarter": _l(
            "Par famille, secteur de qui cherchait et trimestre"
        ),
        "organizations-capacity": _l("Un organisme et une famille d’équipement par ligne"),
        "loans": _l("Un prêt par ligne"),
    },
    "exports.column": {
        "row": _l("Numéro de ligne"),
        "family": _l("Famille d’équipement"),
        "quarter": _l("Trimestre du début"),
        "half_year": _l("Semestre du début"),
        "year": _l("Année du début"),
        "category": _l("Catégorie d’équipement"),
        "borrower_zone": _l("Secteur de l’emprunteur"),
        "lender_zone": _l("Secteur du prêteur"),
        "zone": _l("Secteur"),
        "organization": _l("Nom de l’organisme"),
        "asked_quarter": _l("Trimestre de la recherche ou de la demande"),
        "asked_half_year": _l("Semestre de la recherche ou de la demande"),
        "asked_year": _l("Année de la recherche ou de la demande"),
        "trips": _l("Trajets déclarés"),
        "searches": _l("Recherches sans rien de libre"),
        "requests": _l("Demandes refusées ou restées sans réponse"),
        "borrower_area": _l("Arrondissement ou secteur de l’emprunteur"),
        "duration_band": _l("Durée, par tranche"),
        "lead_band": _l("Délai entre la demande et le début, par tranche"),
        "units_band": _l("Nombre d’unités, par tranche"),
        "meals_band": _l("Repas servis, par tranche"),
        "outcome": _l("Comment la demande a fini"),
        "loans": _l("Nombre de prêts"),
        "unit_hours_lent": _l("Heures prêtées, fois les unités"),
        "unit_hours_offered": _l("Heures offertes, fois les unités"),
    },
    "exports.column_role": {
        "key": _l("Case du tableau"),
        "quasi_identifier": _l("Rendue plus large au besoin"),
        "sensitive": _l("Gardée telle quelle, jamais seule de son espèce"),
        "figure": _l("Chiffre arrondi à 5"),
        "status": _l("Publié, supprimé, zéro ou non recueilli"),
        "name": _l("Nom, avec le oui de l’organisme à être nommé"),
        "mark": _l("Numéro de ligne, propre à votre copie; ne s’analyse pas"),
    },
    "exports.level": {
        "family": _l("famille"),
        "quarter": _l("trimestre"),
        "half-year": _l("semestre"),
        "year": _l("année"),
        "band": _l("tranche"),
        "wide": _l("tranche large"),
        "borough": _l("arrondissement"),
        "zone": _l("secteur"),
        "any": _l("non précisé"),
    },
    "exports.side": {"lender": _l("Prêteurs"), "borrower": _l("Emprunteurs")},
    "exports.coverage": {
        "0-25%": _l("moins du quart"),
        "25-50%": _l("du quart à la moitié"),
        "50-75%": _l("de la moitié aux trois quarts"),
        "75-95%": _l("plus des trois quarts"),
        "95-100%": _l("presque tout le monde"),
    },
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
    "assessments.factor": {
        "sensitivity": _l("Sensibilité des renseignements"),
        "purpose": _l("Finalité de l’utilisation"),
        "quantity": _l("Quantité"),
        "distribution": _l("Répartition\u00a0: combien de mains y touchent"),
        "medium": _l("Support\u00a0: sur quoi et où c’est gardé"),
    },
    "assessments.level": {
        "low": _l("Pèse peu"),
        "middle": _l("Pèse un peu"),
        "high": _l("Pèse beaucoup"),
    },
    "assessments.form": {
        "short": _l("Forme courte"),
        "long": _l("Forme longue"),
    },
    "assessments.question": {
        "purpose": _l("À quoi serviront les données, et pourquoi est-ce nécessaire?"),
        "risks": _l("Qu’est-ce qui pourrait mal tourner, et pour qui?"),
        "measures": _l("Qu’est-ce qui protège ces personnes et ces organismes?"),
        "flows": _l("Par où passent les données, du prêt jusqu’à leur destruction?"),
        "alternatives": _l("Quelles façons moins intrusives avez-vous écartées, et pourquoi?"),
        "residual": _l("Que reste-t-il comme risque, et pourquoi est-ce acceptable?"),
        "law_there": _l("Quelles lois protègent les données là où elles iraient?"),
        "contract": _l("Que promet l’entente pour que la protection y soit aussi bonne qu’ici?"),
    },
    "assessments.opinion": {
        "favourable": _l("Favorable"),
        "unfavourable": _l("Défavorable"),
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
    "exports.family": {
        "transport": _l("Transport"),
        "kitchen": _l("Cuisine"),
        "storage": _l("Entreposage"),
        "other": _l("Autre équipement"),
        "any": _l("N’importe quelle sorte"),
    },
    "exports.behind": {
        "lender": _l("prêteurs"),
        "borrower": _l("emprunteurs"),
        "searcher": _l("organismes qui cherchaient"),
        "person": _l("personnes"),
    },
    "exports.regime": {
        "own_study": _l("L’étude de l’exploitant, dans ses murs"),
        "named_recipient": _l("Un destinataire que les consentements nomment"),
        "research": _l("La voie de la recherche, sans consentement"),
        "open": _l("Une publication ouverte à tout le monde"),
    },
    "governance.request": {
        "access": _l("Savoir ce que vous avez sur moi"),
        "portability": _l("Emporter mes données"),
        "rectification": _l("Faire corriger"),
        "erasure": _l("Faire effacer mon compte"),
        "cessation": _l("Faire cesser une diffusion"),
    },
    "governance.field": {
        "person.email": _l("Le courriel de mon compte"),
        "call_request.phone": _l("Le numéro laissé pour un appel"),
    },
    "governance.answer": {
        "granted": _l("Acceptée"),
        "partly": _l("Acceptée en partie"),
        "refused": _l("Refusée"),
    },
    "governance.identity": {
        "account": _l("Demandé depuis son compte"),
        "in_person": _l("Vue en personne"),
        "call_back": _l("Rappelée au numéro connu"),
        "document": _l("Pièce montrée, pas gardée"),
    },
    "governance.level": {
        "low": _l("Faible"),
        "medium": _l("Moyen"),
        "high": _l("Élevé"),
    },
    "governance.rule": {
        "logins": _l("Sessions fermées"),
        "links": _l("Liens de courriel échus"),
        "attempts": _l("Essais de mot de passe et de code"),
        "invitations": _l("Invitations échues ou acceptées"),
        "unconfirmed": _l("Comptes jamais confirmés"),
        "calls": _l("Demandes d’appel"),
        "accounts": _l("Comptes que personne n’utilise"),
        "places": _l("Lieux, photos, heures et membres d’organismes partis"),
        "parties": _l("Noms et annonces d’organismes partis"),
        "writings": _l("Participations, mandats et fonctions terminés"),
        "loan_people": _l("Personnes derrière les vieux prêts"),
        "loans": _l("Vieux prêts"),
        "demand": _l("Vieilles recherches sans réponse"),
        "consents": _l("Vieilles réponses aux questions de consentement"),
        "agreements": _l("Personnes derrière les ententes terminées"),
        "assessments": _l("Évaluations qui ne valent plus"),
        "requests": _l("Vieilles demandes de personnes"),
        "incidents": _l("Vieux incidents"),
    },
    "governance.deed": {"destroy": _l("détruits"), "anonymize": _l("détachés des personnes")},
    "governance.what": {"released": _l("Communiqué"), "recalled": _l("Rappelé")},
    "governance.tier": {"low": _l("faible"), "medium": _l("moyen")},
    "governance.measure": {
        "consent_checked": _l("Le oui de chaque organisme vérifié à la signature"),
        "two_people": _l("Une personne demande, une autre signe"),
        "measured_from_bytes": _l("Le fichier fini est remesuré avant la signature"),
        "named_people": _l("Seules des personnes nommées téléchargent"),
        "second_factor": _l("Elles se connectent en deux étapes"),
        "log_sealed": _l("Chaque geste est scellé dans un journal"),
        "no_reidentification": _l("L’entente interdit de chercher à reconnaître quelqu’un"),
        "destroyed_after": _l("Le destinataire détruit sa copie à la date dite"),
    },
    "duration.unit": {
        "minutes": _l("minutes"),
        "hours": _l("heures"),
        "days": _l("jours"),
    },
    "weekday": {
        "0": _l("lundi"),
        "1": _l("mardi"),
        "2": _l("mercredi"),
        "3": _l("jeudi"),
        "4": _l("vendredi"),
        "5": _l("samedi"),
        "6": _l("dimanche"),
    },
}


def label(kind: str, value: object) -> str:
    """What ``value`` of the enum ``kind`` is called in the language of the request."""
    return str(WORDS[kind][str(value)])


def choices(kind: str, *values: object) -> list[tuple[str, str]]:
    """(value, label) pairs for a form; all of the enum's when none are named."""
    wanted = [str(value) for value in values] or list(WORDS[kind])
    return [(value, label(kind, value)) for value in wanted]
