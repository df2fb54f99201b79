"""What the inventory calls its tables and its words; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

INVENTORY: Mapping[str, Mapping[str, Any]] = {
    "inventory.about": {
        "person": _l("Une personne"),
        "organization": _l("Un organisme"),
        "thing": _l("Une chose"),
    },
    "inventory.reach": {
        "identifier": _l("désigne quelqu’un"),
        "quasi-identifier": _l("peut désigner, avec d’autres"),
        "sensitive": _l("délicat"),
        "plain": _l("ordinaire"),
    },
    "inventory.origin": {
        "collected": _l("reçu de vous"),
        "created": _l("fait ici"),
        "inferred": _l("déduit"),
    },
    "inventory.keep": {
        "inventory.keep.account": _l(
            "Tant que le compte sert; effacé deux ans après la dernière visite"
        ),
        "inventory.keep.membership": _l("Tant que l’organisme participe, puis deux ans"),
        "inventory.keep.party": _l(
            "Tant que l’organisme participe, puis sept ans\u00a0: l’autre partie d’un prêt en a "
            "besoin"
        ),
        "inventory.keep.claim": _l("Trois ans après le prêt\u00a0: le temps de réclamer"),
        "inventory.keep.week": _l("Une semaine après le prêt ou la rencontre"),
        "inventory.keep.talk": _l(
            "Un an après le dernier message; au sujet d’une réservation, trois ans après le prêt"
        ),
        "inventory.keep.loan": _l("Sept ans après le prêt; détaché des personnes après trois ans"),
        "inventory.keep.agreement": _l("Sept ans après la fin"),
        "inventory.keep.document": _l("Un an après le dernier jour de validité"),
        "inventory.keep.incident": _l("Cinq ans après le jour où on l’a su (la loi)"),
        "inventory.keep.log": _l(
            "Tant que le réseau existe\u00a0: une ligne de moins, et le journal ne prouve plus "
            "rien. Il tient des numéros, pas de noms; celui d’un compte effacé ne mène à personne"
        ),
        "inventory.keep.release": _l(
            "Tant que le réseau communique des données\u00a0: chaque communication est comparée à "
            "toutes les autres, pour qu’on n’y devine personne (règlement sur l’anonymisation)"
        ),
        "inventory.keep.text": _l(
            "Tant que le réseau existe\u00a0: le texte d’une question, les heures d’une semaine ne "
            "disent rien de personne"
        ),
        "inventory.keep.voice": _l(
            "Un an après la réponse; trente jours pour ce qui n’est pas une question; le courriel, "
            "jusqu’à ce que la réponse parte. Restent le sujet et les dates, pour compter"
        ),
        "inventory.keep.public": _l(
            "Tant que la page publique existe\u00a0: paru avec l’accord de qui l’a écrit, et relu "
            "pour n’y désigner personne. Ce qui y désignerait quelqu’un s’en retire"
        ),
        "inventory.keep.moment": _l(
            "Jusqu’à ce que le moment commence; une recherche sans dates, un an"
        ),
        "inventory.keep.quarter": _l("Jusqu’à la fin du trimestre"),
        "inventory.keep.days": _l("Trente jours au plus"),
    },
    "inventory.why": {
        "accounts": _l("Savoir à qui l’on parle, et vous écrire"),
        "service": _l("Prêter et emprunter"),
        "proof": _l("Prouver ce qui fut convenu, répondu et fait"),
        "demand": _l("Compter ce qui manque, avec le oui des organismes"),
        "learning": _l("Retrouver quelles cartes vous avez lues"),
        "answers": _l("Répondre au public"),
        "security": _l("Protéger les comptes et le service"),
        "running": _l("Faire tourner le logiciel"),
    },
    "inventory.table": {
        "person": _l("Comptes"),
        "login": _l("Sessions ouvertes"),
        "api_token": _l("Jetons pour programmes"),
        "one_time_link": _l("Liens envoyés par courriel"),
        "second_factor": _l("Deuxièmes étapes de connexion"),
        "recovery_code": _l("Codes de secours"),
        "factor_lockout": _l("Échecs à la deuxième étape"),
        "lockout": _l("Essais de mot de passe"),
        "network_role": _l("Rôles dans le réseau"),
        "membership": _l("Qui agit pour quel organisme"),
        "delegation": _l("Qui répond à la place de qui"),
        "trusted_borrower": _l("Organismes de confiance d’un prêteur"),
        "invitation": _l("Invitations"),
        "organization": _l("Organismes"),
        "network": _l("Le réseau lui-même"),
        "notice_words": _l("Textes de départ des avis"),
        "lesson": _l("Leçons apprises"),
        "office_holder": _l("Qui répond des renseignements personnels"),
        "participation": _l("Ententes de participation"),
        "signatory": _l("Qui peut dire oui pour un organisme"),
        "site": _l("Lieux"),
        "document": _l("Permis, assurances, formations"),
        "listing": _l("Annonces"),
        "closure": _l("Indisponibilités"),
        "weekly_hours": _l("Heures d’ouverture"),
        "unit": _l("Unités nommées"),
        "kit_part": _l("Ce qui compose un ensemble"),
        "outage": _l("Unités hors service"),
        "quota": _l("Limites par organisme"),
        "hours_exception": _l("Horaires d’exception"),
        "photo": _l("Photos"),
        "booking": _l("Demandes, réservations et prêts"),
        "booking_series": _l("Demandes qui se répètent"),
        "booking_step": _l("Étapes d’un prêt"),
        "cart_line": _l("Paniers"),
        "booking_unit": _l("Unités prêtées, par leur nom"),
        "condition_report": _l("Constats d’état au départ et au retour"),
        "condition_photo": _l("Photos des constats d’état"),
        "loan_agreement": _l("Textes des ententes de prêt"),
        "loan_signature": _l("Signatures d’une entente de prêt"),
        "loan_english": _l("Choix de l’anglais pour une entente de prêt"),
        "loan_payment": _l("Prix et dépôts notés"),
        "day_contact": _l("Téléphones et clés du jour d’un prêt"),
        "driver_link": _l("Liens pour qui conduit sans compte"),
        "condition_dispute": _l("Désaccords sur l’état d’une chose prêtée"),
        "external_calendar": _l("Agendas externes qui ferment des annonces"),
        "calendar_feed": _l("Adresses d’agenda"),
        "proposal": _l("Propositions et prolongations demandées"),
        "booking_approval": _l("Qui a dit oui, où il faut deux personnes"),
        "waiting_entry": _l("Qui attend des unités"),
        "saved_search": _l("Recherches gardées"),
        "mishap": _l("Incidents de prêt"),
        "mishap_entry": _l("Suivi des incidents de prêt"),
        "mishap_photo": _l("Photos des incidents de prêt"),
        "loan_review": _l("Avis après un prêt"),
        "loan_review_report": _l("Avis signalés à la coordination"),
        "trip": _l("Trajets partagés"),
        "trip_stop": _l("Arrondissements d’un trajet partagé"),
        "trip_place": _l("Places dans un trajet partagé"),
        "action_list": _l("Listes d’actions de la Charte"),
        "action_answer": _l("Réponses d’un organisme aux actions de la Charte"),
        "charter_size": _l("Taille d’un organisme, pour la Charte"),
        "charter_mark": _l("Où en était un organisme avec la Charte, chaque mois"),
        "check_in": _l("Bilans du mois d’un organisme, et le temps donné"),
        "check_in_card": _l("Cartes décidées dans un bilan du mois"),
        "check_in_link": _l("Liens d’un courriel du mois pour répondre"),
        "check_in_silence": _l("Qui ne veut pas du courriel du mois"),
        "own_holding": _l("Ce qu’un organisme dit garder ailleurs sur les gens"),
        "own_officer": _l("Qui répond des renseignements personnels dans un organisme"),
        "own_policy": _l("Politiques de confidentialité publiées par les organismes"),
        "help_slot": _l("Moments offerts pour une rencontre de vingt minutes"),
        "help_meeting": _l("Rencontres de vingt minutes"),
        "webhook": _l("Adresses de logiciels (webhooks)"),
        "webhook_delivery": _l("Ce qui fut annoncé à ces adresses"),
        "message_thread": _l("Échanges entre deux organismes"),
        "message": _l("Messages"),
        "message_file": _l("Fichiers joints aux messages"),
        "thread_reader": _l("Qui a lu quel échange, et en a été averti"),
        "message_report": _l("Messages signalés à la coordination"),
        "message_block": _l("Organismes qui ne veulent plus de messages d’un autre"),
        "demand_key": _l("Clé du trimestre pour les recherches"),
        "unmet_search": _l("Recherches sans rien de libre, ce trimestre"),
        "unmet_demand": _l("Recherches sans rien de libre, trimestres fermés"),
        "unmet_demand_notice": _l("Avis sous lesquels ces recherches peuvent servir"),
        "ladder_step": _l("Palier de l’année de chaque jeu de données"),
        "learned_card": _l("Cartes lues sous Apprendre"),
        "notice": _l("Avis de consentement"),
        "call_request": _l("Appels demandés pour une explication"),
        "consent_event": _l("Questions et réponses de consentement"),
        "agreement": _l("Ententes de partage de données"),
        "agreement_acceptance": _l("Acceptations d’une entente"),
        "agreement_analyst": _l("Personnes nommées dans une entente"),
        "agreement_party": _l("Parties d’une entente"),
        "agreement_undertaking": _l("Engagements des personnes nommées"),
        "agreement_suspension": _l("Suspensions d’une entente"),
        "export": _l("Exportations"),
        "person_request": _l("Demandes de personnes sur leurs renseignements"),
        "incident": _l("Incidents de confidentialité"),
        "anonymization_entry": _l("Registre d’anonymisation"),
        "retention_run": _l("Certificats de destruction"),
        "tombstone": _l("Empreintes des comptes effacés"),
        "voice": _l("Ce que le public nous dit"),
        "public_answer": _l("Réponses publiques"),
        "public_question": _l("Questions publiées avec leur réponse"),
        "export_opinion": _l("Avis de deux personnes avant une communication"),
        "assessment": _l("Évaluations des facteurs relatifs à la vie privée"),
        "export_download": _l("Téléchargements"),
        "export_link": _l("Liens de téléchargement"),
        "export_contributor": _l("Qui compte dans ce qui est sorti, par empreinte"),
        "export_part": _l("Tableaux sortis, période par période"),
        "export_record": _l("Où est gardé de quoi comparer les sorties"),
        "export_recall": _l("Rappels de ce qui est sorti"),
        "recall_notice": _l("Avis de destruction et attestations"),
        "audit_event": _l("Journal des gestes"),
        "audit_seal": _l("Sceaux du journal"),
        "audit_head": _l("Têtes du journal, jour par jour"),
        "job": _l("Tâches à faire par le logiciel"),
        "answer_once": _l("Réponses à un clic, gardées un jour"),
    },
}
