"""What a made-up public asks the network, and what it is answered."""

from dataclasses import dataclass

from mutuali.voices.rules import Draft, Topic


@dataclass(frozen=True, slots=True)
class Asked:
    """Said so many days ago about a page, and answered so many days later, in public.

    ``shown`` are the words as published where something was taken out; ``under`` is the place,
    among those asked before, of the one whose answer was given again.
    """

    days_ago: int
    topic: Topic
    page: str
    words: str
    answered_after: int = 0
    draft: Draft | None = None
    shown: str = ""
    under: int | None = None
    language: str = "fr"


#: The oldest first.
ASKED: tuple[Asked, ...] = (
    Asked(
        152,
        Topic.KEPT,
        "/confidentialite",
        "Je vais chercher le camion pour la banque alimentaire de mon quartier, mais je n’ai pas "
        "de compte. Qu’est-ce que vous gardez sur moi?",
        6,
        Draft(
            "Que gardez-vous sur qui conduit sans compte?",
            "Le nom et le téléphone que l’organisme écrit pour le jour du prêt. Les deux "
            "organismes les voient, personne d’autre. Une semaine après le retour, ils "
            "sont effacés.",
            "What do you keep about a driver without an account?",
            "The name and telephone that the organization writes down for the day of the loan. The "
            "two organizations see them, nobody else. A week after the return they are erased.",
            "La page du conducteur dit maintenant ce qui est gardé, et jusqu’à quand.",
            "The driver’s page now says what is kept, and until when.",
        ),
    ),
    Asked(
        131,
        Topic.LEAVES,
        "/transparence",
        "Est-ce que la Ville peut savoir quel organisme emprunte combien de fois? On a peur d’être "
        "jugés parce qu’on demande souvent.",
        9,
        Draft(
            "La Ville voit-elle qui emprunte, et combien?",
            "Non. Ce qui sort est compté par secteur et par trimestre, jamais par organisme, et "
            "seulement pour les organismes qui ont dit oui. Un chiffre qui repose sur trop peu "
            "d’organismes n’est pas sorti du tout.",
            "Does the City see who borrows, and how often?",
            "No. What leaves is counted by area and by quarter, never by organization, and only "
            "for organizations that said yes. A figure that rests on too few of them does not "
            "leave at all.",
        ),
    ),
    Asked(
        96,
        Topic.CONSENT,
        "/questions-et-reponses",
        "If our board says no to sharing statistics, do we lose our place in line for the kitchen?",
        4,
        Draft(
            "Dire non change-t-il notre place pour emprunter?",
            "Non. Le logiciel qui cherche, demande et accepte ne lit pas vos réponses de "
            "consentement. Les prêteurs ne les voient pas non plus.",
            "Does a no change our place when we borrow?",
            "No. What searches, asks and accepts does not read your answers about consent. Lenders "
            "do not see them either.",
            "La première page du consentement le dit maintenant avant la question.",
            "The first page on consent now says so before the question.",
            "/transparence",
        ),
        language="en",
    ),
    Asked(
        61,
        Topic.CONSENT,
        "/transparence",
        "On hésite à dire non. Est-ce que ça nous nuit quand on demande la cuisine?",
        12,
        under=2,
    ),
    Asked(
        40,
        Topic.PAGE,
        "/aide",
        "Sur la page d’aide, avec mon lecteur d’écran, la liste des sortes d’équipement se lit "
        "deux fois. Jointe au 514 555-0134 si vous voulez que je vous montre.",
        3,
        Draft(
            "La page d’aide se lit deux fois au lecteur d’écran",
            "Vous aviez raison\u00a0: les icônes avaient aussi un nom. C’est réparé depuis le "
            "lendemain. Merci de l’avoir dit.",
            changed_fr="Les icônes de l’aide ne se lisent plus\u00a0: les mots à côté suffisent.",
            changed_link="/aide",
        ),
        "Sur la page d’aide, avec mon lecteur d’écran, la liste des sortes d’équipement se lit "
        "deux fois.",
    ),
    Asked(
        19,
        Topic.IDEA,
        "/",
        "Les soirs d’hiver, plein de camions rentrent vides vers l’est. Pourquoi ne pas montrer "
        "les trajets de retour, pas juste les allers?",
        11,
        Draft(
            "Montrer aussi les trajets de retour",
            "Bonne idée. Un trajet partagé peut déjà avoir plusieurs arrêts, dans l’ordre que "
            "l’on veut\u00a0: ajoutez le retour comme dernier arrêt. Nous regardons comment le "
            "proposer sans qu’il faille y penser.",
        ),
    ),
)

#: What waits: topic, page, words, how many days ago, whether it may be published, an address.
WAITING: tuple[tuple[Topic, str, str, int, bool, str], ...] = (
    (
        Topic.KEPT,
        "/transparence/ce-que-nous-gardons",
        "Combien de temps gardez-vous la photo du hayon qu’on a égratigné? On voit la plaque de "
        "notre camion derrière.",
        23,
        False,
        "quelqu-un",
    ),
    (
        Topic.IDEA,
        "/annonces",
        "Un four à pizza mobile existe à Rosemont, les gens du parc aimeraient le prêter. Écrivez "
        "à parc@exemple.org ou appelez le 438 555-0177.",
        2,
        True,
        "",
    ),
)
