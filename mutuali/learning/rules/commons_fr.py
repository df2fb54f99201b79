"""Cards on data as a common good: sharing, sovereignty, common formats, openness; in French."""

from collections.abc import Mapping

from mutuali.learning.rules.card import CardText, Choice

COMMONS_FR: Mapping[str, CardText] = {
    "together": CardText(
        "Seul on devine, ensemble on voit",
        (
            "Les données d’un seul organisme disent peu. Mises en commun, elles montrent ce que "
            "personne ne voyait : les jours où tout le monde cherche un camion, les cuisines "
            "vides le soir, le coin de l’île où il n’y a rien à emprunter.",
            "La Charte demande de gérer ces données au nom de la communauté. Elles aident à "
            "décider ensemble; elles ne servent pas à punir un organisme. L’intérêt de tous a "
            "pourtant une limite : les renseignements personnels. Ils ne deviennent pas un bien "
            "commun. On partage des totaux, pas des gens.",
        ),
        "Douze organismes comptent leurs refus. Le total montre soixante demandes de camion sans "
        "réponse, surtout le jeudi. Ce chiffre en main, ils cherchent ensemble un deuxième "
        "camion.",
        "Qu’est-ce qui peut devenir un bien commun?",
        (
            Choice(
                "La liste des bénévoles du réseau.",
                "Ce sont des renseignements personnels. Ils restent à l’organisme qui les a "
                "demandés.",
            ),
            Choice(
                "Le total des demandes restées sans réponse.",
                "Un total sert tout le monde et ne parle de personne.",
            ),
            Choice(
                "Les messages entre deux organismes.",
                "Des messages sont entre ceux qui les écrivent. On partage des totaux, pas des "
                "gens.",
            ),
        ),
    ),
    "give-back": CardText(
        "Rendre ce qu’on a appris",
        (
            "Qui donne ses données devrait voir ce qu’elles ont appris. Sinon le partage va dans "
            "un seul sens, et après un an ou deux les gens cessent de répondre.",
            "Rendre est simple. On dit en une page ce qu’on a trouvé. On dit aussi ce qu’on ignore "
            "encore. On remet les chiffres sous une forme que d’autres peuvent reprendre. Et l’on "
            "refuse les usages qui n’aident qu’un seul : vendre la liste, viser des clients, "
            "classer les organismes pour couper leur aide. Une entente peut défendre tout cela, "
            "noir sur blanc.",
        ),
        "Une équipe étudie les cuisines du réseau pendant un an. À la fin, elle revient un midi, "
        "montre trois images et laisse le tableau. Deux cuisines décident d’ouvrir le soir.",
        "Un partenaire a reçu vos chiffres. Que peut-on lui demander en retour?",
        (
            Choice(
                "De l’argent pour chaque ligne.",
                "Vendre des lignes, c’est l’inverse d’un bien commun. Demandez plutôt ce qu’elles "
                "ont appris.",
            ),
            Choice(
                "Rien, s’il travaille pour le bien de tous.",
                "Justement : le bien de tous veut que ceux qui ont donné voient le résultat.",
            ),
            Choice(
                "De revenir montrer ce qu’il a trouvé.",
                "Une page et quelques images suffisent. Qui voit le résultat répond encore.",
            ),
        ),
    ),
    "four-answers": CardText(
        "Une entente en quatre réponses",
        (
            "Avant de remettre des données à un partenaire, posez quatre questions. Qui pourra les "
            "lire, par son nom? Pour faire quoi, et rien d’autre? Qu’est-ce qui est défendu, comme "
            "chercher qui est qui, ou croiser avec un autre fichier? Et qui répond s’il arrive "
            "malheur?",
            "Les réponses forment l’entente. Elle prend fin un jour, et dit alors ce que devient "
            "le fichier. Sans elle, on espère. Avec elle, on peut exiger. C’est ainsi qu’un réseau "
            "garde la main sur ce qu’il sait, même quand ses données voyagent loin de lui.",
        ),
        "Une chercheuse veut les prêts de chambres froides. L’entente la nomme, dit qu’elle étudie "
        "le gaspillage, défend d’y joindre d’autres listes, et fixe le jour où tout sera détruit.",
        "Un partenaire a signé pour étudier les trajets. Il veut y joindre une liste achetée "
        "ailleurs. Peut-il?",
        (
            Choice(
                "Oui, puisqu’il a signé.",
                "Il a signé pour un usage précis. Joindre une autre liste en est un nouveau, et "
                "peut révéler qui est qui.",
            ),
            Choice(
                "Pas si l’entente le défend : il faut la changer d’abord.",
                "Ce qui n’est pas dans l’entente se demande avant, jamais après.",
            ),
            Choice(
                "Oui, si la liste est exacte.",
                "Une liste exacte aide d’autant mieux à reconnaître les gens. C’est l’entente qui "
                "permet ou défend.",
            ),
        ),
    ),
    "far-away": CardText(
        "Quand les données quittent le Québec",
        (
            "Un service en ligne garde parfois vos fichiers très loin. Avant qu’un renseignement "
            "personnel sorte du Québec, la loi demande une évaluation. Est-il sensible? À quoi "
            "servira-t-il? Comment sera-t-il protégé? Et quelle loi s’applique là-bas?",
            "Si l’évaluation montre une protection adéquate, on signe une entente écrite qui en "
            "tient compte. Sinon, on n’envoie rien. Cela vaut aussi quand on confie ses données à "
            "quelqu’un, comme un hébergeur de sites. Tout garder près de chez soi n’est pas "
            "toujours possible. Savoir où sont ses données, et sous quelle loi, l’est toujours.",
        ),
        "Une cuisine a mis sa liste de bénévoles dans un tableur en ligne, gardé dans un autre "
        "pays. Elle n’a rien évalué. Elle ramène la liste sur un service d’ici.",
        "Vous choisissez un outil en ligne pour vos bénévoles. Que demander d’abord?",
        (
            Choice(
                "Où les données seront gardées.",
                "La réponse dit s’il faut une évaluation et une entente avant de commencer.",
            ),
            Choice(
                "S’il est gratuit.",
                "Le prix compte, mais un outil gratuit peut garder vos listes très loin. Demandez "
                "d’abord où.",
            ),
            Choice(
                "S’il est joli.",
                "C’est plaisant, mais la loi regarde ailleurs : où vont les renseignements.",
            ),
        ),
    ),
    "same-words": CardText(
        "Le même mot pour la même chose",
        (
            "Deux listes ne s’additionnent que si les mots y veulent dire la même chose. Chez "
            "l’un, froid veut dire quatre degrés; chez l’autre, moins dix-huit. Et le 03/04 tombe "
            "en mars ou en avril, selon qui lit.",
            "On règle cela une fois, ensemble. On choisit les mots et on les définit. On écrit "
            "toujours les dates dans le même ordre : l’année, le mois, le jour. On dit les unités. "
            "On garde un format ouvert, que tout logiciel sait lire. Alors les chiffres voyagent, "
            "et l’on peut changer d’outil sans tout refaire.",
        ),
        "Une banque alimentaire compte des caisses, une cuisine compte des kilos. Ensemble, elles "
        "ne savent rien. Elles notent maintenant les deux, et le poids moyen d’une caisse.",
        "Comment écrire le 3 avril 2026 pour qu’un autre outil le lise sans erreur?",
        (
            Choice(
                "03/04/26",
                "Selon qui lit, c’est le 3 avril ou le 4 mars.",
            ),
            Choice(
                "Vendredi prochain",
                "Demain, ce ne sera déjà plus le même jour.",
            ),
            Choice(
                "2026-04-03",
                "L’année, le mois, le jour : cet ordre se lit d’une seule façon, et se trie bien.",
            ),
        ),
    ),
    "take-along": CardText(
        "Partir avec ses données",
        (
            "Chacun peut demander les renseignements informatisés qu’il a fournis, dans un format "
            "structuré et d’usage courant. C’est le droit à la portabilité, en vigueur depuis "
            "le mois de septembre 2024. On peut aussi demander qu’ils aillent à quelqu’un que la "
            "loi autorise à les recueillir.",
            "Ce droit vise ce que la personne a donné, pas ce qu’on a calculé ou deviné sur elle. "
            "Il en va de même pour un organisme : un outil qui rend les données laisse libre; un "
            "autre, qui les retient, vous tient. Essayez donc toujours la sortie avant d’entrer.",
        ),
        "Un bénévole change d’organisme. Il demande les présences et les formations qu’il avait "
        "lui-même entrées. Il reçoit un fichier que tout tableur ouvre.",
        "Que contient le fichier remis au nom de ce droit?",
        (
            Choice(
                "La note que l’organisme a calculée sur la personne.",
                "Une note calculée n’a pas été fournie par elle. Ce droit-ci ne la vise pas.",
            ),
            Choice(
                "Ce que la personne a elle-même fourni.",
                "Dans un format courant, pour qu’elle puisse s’en servir ailleurs.",
            ),
            Choice(
                "Les données de toute l’équipe.",
                "Chacun a droit à ses propres renseignements, pas à ceux des autres.",
            ),
        ),
    ),
    "say-it-first": CardText(
        "Le dire avant de demander",
        (
            "Quand on recueille un renseignement auprès de quelqu’un, on lui dit en mots simples à "
            "quoi il servira et comment on le recueille. On lui dit qu’il peut le voir, le faire "
            "corriger, et reprendre son oui. S’il y a lieu, on dit à qui il ira, et s’il peut "
            "sortir du Québec.",
            "Un bon avis tient sur une page et répond aux vraies questions. Qui lira mon nom? "
            "Combien de temps le gardez-vous? À qui me plaindre? S’il faut un avocat pour bien le "
            "comprendre, il est à refaire.",
        ),
        "À l’entrée de la cuisine, une feuille dit : votre téléphone sert à vous joindre si "
        "l’horaire change. Seule Amina le voit. On l’efface à la fin de la saison.",
        "Quand dit-on à une bénévole à quoi servira son téléphone?",
        (
            Choice(
                "Au moment où on le lui demande.",
                "Elle sait alors à quoi elle dit oui.",
            ),
            Choice(
                "Quand elle se plaint.",
                "Il est trop tard : elle a répondu sans savoir.",
            ),
            Choice(
                "Jamais, si la raison est bonne.",
                "Une bonne raison se dit. C’est elle qui inspire confiance.",
            ),
        ),
    ),
    "who-answers": CardText(
        "Quelqu’un qui répond",
        (
            "La loi veut que quelqu’un réponde des renseignements personnels. À défaut, c’est la "
            "personne qui a la plus haute autorité. Elle peut confier ce rôle par écrit. Son titre "
            "et la façon de la joindre sont publiés sur le site, ou d’une autre façon s’il n’y a "
            "pas de site.",
            "Quand quelqu’un demande à voir ou à corriger ce qu’on a sur lui, on répond par écrit "
            "dans les trente jours. Le silence compte comme un refus, et l’on peut alors "
            "s’adresser à la Commission d’accès à l’information. Un titre et un numéro valent "
            "mieux qu’une belle politique que personne ne suit.",
        ),
        "Sur le site d’une popote, on lit : pour vos renseignements, demandez la directrice, poste "
        "2. Une dame appelle pour voir sa fiche. Elle la reçoit dans la semaine.",
        "Personne n’a été nommé dans votre organisme. Qui est responsable?",
        (
            Choice(
                "Personne.",
                "La loi ne laisse pas la place vide : c’est la plus haute autorité.",
            ),
            Choice(
                "Le bénévole qui tient l’ordinateur.",
                "Pas sans un écrit. À défaut, c’est la plus haute autorité.",
            ),
            Choice(
                "La personne qui a la plus haute autorité.",
                "Elle peut ensuite confier ce rôle à quelqu’un, par écrit.",
            ),
        ),
    ),
}
