"""The Charter in our own plain words, and what its actions are called; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

CHARTER: Mapping[str, Mapping[str, Any]] = {
    "charter.commitment": {
        "rights": _l("Protéger les droits des gens"),
        "common_good": _l("Servir l’intérêt général"),
        "future": _l("Préparer un meilleur avenir"),
    },
    "charter.principle": {
        "privacy": _l("Vie privée"),
        "inclusion": _l("Inclusion"),
        "cybersecurity": _l("Cybersécurité"),
        "consent": _l("Consentement"),
        "sobriety": _l("Sobriété numérique"),
        "common_good": _l("Bien commun"),
        "sovereignty": _l("Souveraineté numérique"),
        "interoperability": _l("Interopérabilité"),
        "transparency": _l("Transparence"),
        "access": _l("Accès universel"),
        "participation": _l("Participation publique"),
        "innovation": _l("Innovation"),
        "transition": _l("Transition écologique"),
    },
    # Only those that the City said otherwise in 2020.
    "charter.in_2020": {
        "consent": _l("En 2020, la Ville parlait d’un contrôle entier des gens sur leurs traces."),
        "common_good": _l(
            "En 2020, la Ville parlait de recueillir les données pour la collectivité."
        ),
        "interoperability": _l("En 2020, la portabilité était aussi dans le titre."),
        "innovation": _l("En 2020, ce principe s’appelait «\u00a0Expérimentation encadrée\u00a0»."),
        "transition": _l("En 2020, on parlait seulement de réduire l’empreinte des données."),
    },
    "charter.asks": {
        "privacy": _l("Ne pas surveiller les gens. Ne rien demander qui les expose sans raison."),
        "inclusion": _l("Les données ne doivent nuire à aucun groupe, ni en oublier un."),
        "cybersecurity": _l("Protéger ce qu’on garde contre les vols et les erreurs."),
        "consent": _l("Laisser les gens décider de ce qui est fait de leurs données."),
        "sobriety": _l("Garder peu, et pas plus longtemps qu’il ne faut."),
        "common_good": _l("Gérer les données pour tout le monde, et non pour un seul."),
        "sovereignty": _l("Garder la main, ici, sur les données d’intérêt général."),
        "interoperability": _l("Parler des langues ouvertes, pour pouvoir partager et partir."),
        "transparency": _l("Dire ce qu’on fait, et le prouver."),
        "access": _l("Rendre les services utiles à ceux qui ont peu de moyens."),
        "participation": _l("Donner la parole aux gens, et les écouter."),
        "innovation": _l("Essayer du neuf, dans des limites connues."),
        "transition": _l("Réduire l’empreinte des données, et s’en servir pour la planète."),
    },
    "charter.done": {
        "privacy": _l(
            "Le lieu exact d’une chose reste caché avant l’accord. Ce qui sort ne nomme personne."
        ),
        "inclusion": _l(
            "Tout est en français et en anglais. La liste d’attente suit l’ordre d’arrivée."
        ),
        "cybersecurity": _l(
            "Chaque geste laisse une trace scellée. Les rôles du réseau ont un deuxième code."
        ),
        "consent": _l("Sans un oui, rien ne sort. Le oui se reprend d’un geste, en tout temps."),
        "sobriety": _l("Chaque donnée a une raison et une fin. Ce qui est fini est détruit."),
        "common_good": _l("Les choses qui dorment servent aux voisins. Les chiffres aussi."),
        "sovereignty": _l("Un partenaire ne reçoit rien sans une entente signée, avec une fin."),
        "interoperability": _l(
            "Tout s’emporte en CSV, en agenda ou par programme. Le catalogue est lu par machine."
        ),
        "transparency": _l("Le registre dit qui a reçu quoi. Le journal se vérifie sans nous."),
        "access": _l(
            "On cherche sans compte, sur un vieux téléphone, au clavier ou avec un lecteur d’écran."
        ),
        "participation": _l(
            "Chaque question reçoit une réponse. Les deux côtés d’un prêt parlent."
        ),
        "innovation": _l("Avant d’essayer, on évalue le risque. On le mesure avant chaque sortie."),
        "transition": _l("Un camion qui roule prend ce que d’autres ont à livrer."),
    },
    "charter.missing": {
        "privacy": _l("Les photos peuvent montrer des gens\u00a0: le logiciel ne le voit pas."),
        "inclusion": _l("Il n’y a que deux langues. Beaucoup de bénévoles en parlent d’autres."),
        "cybersecurity": _l("Personne de l’extérieur n’a encore mis le système à l’épreuve."),
        "consent": _l("Ce qui est déjà publié ne peut pas être rappelé."),
        "sobriety": _l("Les copies de sûreté gardent un temps ce qui vient d’être détruit."),
        "common_good": _l("Peu de groupes du quartier voient encore les chiffres."),
        "sovereignty": _l("Rien ne force un partenaire à effacer\u00a0: il l’atteste."),
        "interoperability": _l("Aucun autre réseau ne lit encore nos données."),
        "transparency": _l("Le code du logiciel n’a pas encore été relu par d’autres."),
        "access": _l("Il faut un téléphone et Internet. Rien ne se fait encore par la poste."),
        "participation": _l(
            "Les gens que les organismes nourrissent n’ont pas encore de voix ici."
        ),
        "innovation": _l("Nous n’avons pas encore raconté un essai qui a raté."),
        "transition": _l("Le carburant épargné n’est pas encore compté."),
    },
    "charter.feature": {
        "jobs": _l("Travaux de fond"),
        "audit": _l("Journal scellé"),
        "accounts": _l("Comptes et codes"),
        "organizations": _l("Organismes et mandats"),
        "notifications": _l("Courriels"),
        "equipment": _l("Annonces"),
        "bookings": _l("Recherche et réservations"),
        "imports": _l("Fichiers CSV"),
        "loans": _l("Prises en charge et retours"),
        "waiting": _l("Listes d’attente"),
        "mishaps": _l("Incidents de prêt"),
        "messages": _l("Messages"),
        "reviews": _l("Avis après un prêt"),
        "trips": _l("Trajets partagés"),
        "calendars": _l("Agendas"),
        "webhooks": _l("Avis aux programmes"),
        "inventory": _l("Inventaire des données"),
        "consent": _l("Consentements"),
        "agreements": _l("Ententes de partage"),
        "exports": _l("Jeux de données"),
        "charter": _l("Actions de la Charte"),
        "learning": _l("Apprendre en deux minutes"),
        "checkin": _l("Bilan du mois"),
        "mobility": _l("Véhicules en direct"),
        "owndata": _l("Inventaire de chaque organisme"),
        "collecting": _l("Recueillir moins"),
        "network": _l("Exploitant, nom et territoire du réseau"),
        "founding": _l("Trousse de gouvernance à reprendre"),
        "governance": _l("Registres et durées"),
        "numbers": _l("Chiffres"),
        "voices": _l("Paroles du public"),
        "transparency": _l("Transparence"),
        "demo": _l("Réseau d’essai"),
    },
    "charter.family": {
        "informed_consent": _l("Consentement éclairé"),
        "anonymization": _l("Anonymisation"),
        "risk": _l("Risques"),
        "quality": _l("Qualité"),
        "interoperability": _l("Interopérabilité"),
        "access": _l("Accès"),
        "compliance": _l("Conformité"),
        "audit": _l("Traces"),
    },
    "charter.who": {
        "manager": _l("Gestionnaire"),
        "member": _l("Tout membre"),
        "officer": _l("Personne responsable des renseignements personnels"),
        "board": _l("Conseil d’administration"),
    },
    "charter.size": {
        "few": _l("Jusqu’à 5 personnes"),
        "some": _l("De 6 à 20 personnes"),
        "many": _l("Plus de 20 personnes"),
    },
    "charter.answer": {
        "done": _l("C’est fait"),
        "not_yet": _l("Pas encore"),
        "not_ours": _l("Ne nous concerne pas"),
    },
    "charter.band": {
        "0": _l("moins du quart"),
        "1": _l("du quart à la moitié"),
        "2": _l("de la moitié aux trois quarts"),
        "3": _l("plus des trois quarts"),
    },
}
