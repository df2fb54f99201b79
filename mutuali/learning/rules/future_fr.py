"""Cards on data for a better future: access, participation, trials, transition; in French."""

from collections.abc import Mapping

from mutuali.learning.rules.card import CardText, Choice

FUTURE_FR: Mapping[str, CardText] = {
    "by-phone": CardText(
        "Et sans Internet?",
        (
            "Un service qui n’existe qu’en ligne ferme la porte à ceux qui n’ont ni ordinateur, ni "
            "forfait, ni habitude. La Charte demande le contraire : un accès pour tous.",
            "Gardez donc une autre voie, aussi digne que la première : un téléphone où l’on "
            "répond, une feuille à remplir, quelqu’un qui aide sur place. Ce qui est noté par "
            "cette voie suit les mêmes règles : le même avis, le même soin, la même durée. Et l’on "
            "ne demande pas plus à celui qui vient au comptoir qu’à celui qui clique. Une seule "
            "voie ne suffit jamais à tout le monde.",
        ),
        "Un club d’aînés réserve la chambre froide par téléphone. La coordonnatrice lit l’avis à "
        "voix haute, note la demande avec eux, puis envoie la réponse par la poste.",
        "Une dame sans Internet veut emprunter des tables. Que faire?",
        (
            Choice(
                "Lui dire de revenir avec quelqu’un qui a un téléphone.",
                "La porte reste fermée. Elle ne devrait pas dépendre d’un autre pour demander.",
            ),
            Choice(
                "Prendre sa demande de vive voix, avec les mêmes règles.",
                "Même avis, même soin, même durée : seule la voie change.",
            ),
            Choice(
                "La noter sur un bout de papier, sans rien lui expliquer.",
                "Elle a droit au même avis que ceux qui cliquent, et son papier au même soin.",
            ),
        ),
    ),
    "plain-words": CardText(
        "Se faire comprendre",
        (
            "Une page qu’on ne comprend pas est une porte fermée. La loi demande d’ailleurs des "
            "mots simples et clairs quand on recueille un renseignement ou qu’on demande un oui. "
            "Phrases courtes, mots de tous les jours, une idée à la fois : cela suffit.",
            "Pensez aussi à ceux qui lisent autrement. Qui écoute la page a besoin de vrais titres "
            "et d’une phrase pour chaque image. Qui voit mal a besoin de contraste. Qui n’a qu’un "
            "téléphone a besoin d’une page légère. Ce qui aide l’un d’eux aide presque tout le "
            "monde.",
        ),
        "« Véhicule à température dirigée avec hayon » devient « camion réfrigéré, avec une "
        "plateforme qui monte les palettes ». On emprunte mieux ce que l’on comprend.",
        "Comment savoir si une consigne est claire?",
        (
            Choice(
                "La faire lire à quelqu’un qui ne la connaît pas, et écouter.",
                "Là où la personne hésite, la phrase est à refaire.",
            ),
            Choice(
                "Compter les mots savants : plus il y en a, mieux c’est.",
                "C’est l’inverse : chaque mot savant perd des lecteurs.",
            ),
            Choice(
                "La faire approuver par la direction.",
                "La direction connaît déjà la consigne. Demandez à quelqu’un qui la découvre.",
            ),
        ),
    ),
    "ask-first": CardText(
        "Demander avant de bâtir",
        (
            "Les gens dont parlent les données les connaissent mieux que nous. Parlez-leur avant "
            "de choisir ce qu’on recueille, pas après. Trois conversations évitent souvent un "
            "mauvais formulaire, et des excuses.",
            "Invitez ceux que cela touche : bénévoles, chauffeurs, cuisinières, gens qui reçoivent "
            "les repas. Dites ce qui est déjà décidé et ce qui ne l’est pas; rien ne fâche plus "
            "qu’une fausse question, posée quand tout est joué. Choisissez une heure où l’on peut "
            "venir. Offrez la garde ou le repas. Et notez bien ce qui est dit, sans noter qui l’a "
            "dit.",
        ),
        "On voulait suivre chaque camion à la minute. Les chauffeurs ont dit : il suffit de savoir "
        "s’il est rentré. Un bouton a remplacé le suivi, et l’on n’épie personne.",
        "Quel est le meilleur moment pour consulter?",
        (
            Choice(
                "Quand l’outil est fini.",
                "On ne peut alors plus changer grand-chose, et les gens le sentent.",
            ),
            Choice(
                "Quand quelqu’un se plaint.",
                "Il faut écouter la plainte, mais trois conversations plus tôt l’auraient évitée.",
            ),
            Choice(
                "Avant de choisir quoi recueillir.",
                "C’est là qu’une bonne idée coûte le moins et change le plus.",
            ),
        ),
    ),
    "you-said": CardText(
        "Vous l’avez dit, voici la suite",
        (
            "Demander un avis crée une dette : y répondre. Le silence apprend aux gens que parler "
            "ne sert à rien. La fois d’après, ils ne viennent donc plus.",
            "Répondez en public, dans le délai que vous avez annoncé. Dites ce que vous avez "
            "entendu, ce que vous changez, ce que vous ne changez pas, et pourquoi. Un non "
            "expliqué vaut mieux qu’un oui oublié. Ne publiez pas le nom de ceux qui ont parlé, à "
            "moins qu’ils le veuillent. Puis revenez voir, six mois plus tard, si le changement a "
            "tenu.",
        ),
        "Des cuisines trouvaient la fiche de retour trop longue. Un mois après, une affiche dit : "
        "elle passe de vingt cases à six. La photo reste, car elle évite des disputes.",
        "On vous propose une idée que vous ne suivrez pas. Que faire?",
        (
            Choice(
                "Ne rien dire, pour ne blesser personne.",
                "Le silence blesse aussi : il dit que parler ne sert à rien.",
            ),
            Choice(
                "Dire non, et dire pourquoi.",
                "Un non expliqué garde la confiance, et l’idée peut revenir sous une autre forme.",
            ),
            Choice(
                "Promettre d’y penser un jour.",
                "Un oui oublié coûte plus cher qu’un non expliqué.",
            ),
        ),
    ),
    "small-trial": CardText(
        "Un essai, avec des bornes",
        (
            "Essayer du neuf est permis; essayer sans bornes ne l’est pas. Un bon essai dit "
            "d’avance ce qu’on veut apprendre, combien de temps il dure, qui y prend part et ce "
            "qui le fera cesser.",
            "Si le nouvel outil touche des renseignements personnels, la loi demande une "
            "évaluation des facteurs relatifs à la vie privée. On la fait avec la personne "
            "responsable, dès le début du projet. Elle se mesure au risque : parfois, une page "
            "suffit. Elle aide à trouver plus doux, comme des données inventées ou de simples "
            "totaux. Au bout, on décide vraiment : garder, changer ou jeter.",
        ),
        "Un réseau veut prévoir les pannes de ses frigos. Il commence par trois frigos et huit "
        "semaines, avec leur seule température. Aucun nom n’entre dans l’essai.",
        "Quand fait-on l’évaluation d’un nouvel outil qui touche des renseignements personnels?",
        (
            Choice(
                "Au début du projet.",
                "C’est là qu’on peut encore choisir plus doux sans tout refaire.",
            ),
            Choice(
                "Après la première plainte.",
                "Le mal est fait. La loi la demande dès le début.",
            ),
            Choice(
                "Jamais, si ce n’est qu’un essai.",
                "Un essai touche de vraies personnes. Il peut être petit, et l’évaluation courte.",
            ),
        ),
    ),
    "machine": CardText(
        "Quand une machine décide",
        (
            "Un calcul peut classer des demandes ou refuser un prêt. Il va vite, mais il répète ce "
            "qu’on lui a montré, les injustices aussi.",
            "La loi est nette. Si une machine décide seule, à partir des renseignements d’une "
            "personne, on le lui dit au plus tard en lui apprenant la décision. Si elle le "
            "demande, on lui dit ce qui a servi, pourquoi, et qu’elle peut le faire corriger. "
            "Elle doit pouvoir parler à quelqu’un qui peut revoir la décision. Le plus sage est "
            "souvent que la machine propose et qu’une personne tranche.",
        ),
        "Un outil écarte un chauffeur qui a eu deux retards. La coordonnatrice vérifie : le camion "
        "était en panne. Elle corrige, et fait changer la règle.",
        "Un programme refuse, seul, un bénévole. À quoi celui-ci a-t-il droit?",
        (
            Choice(
                "À rien : la machine ne se trompe pas.",
                "Elle se trompe comme ceux qui l’ont faite. La loi donne un recours.",
            ),
            Choice(
                "À le savoir, et à parler à quelqu’un qui peut revoir la décision.",
                "Et s’il le demande, à savoir ce qui a servi et pourquoi.",
            ),
            Choice(
                "À une copie du programme.",
                "La loi ne va pas jusque-là. Elle donne les raisons, et quelqu’un à qui parler.",
            ),
        ),
    ),
    "weight": CardText(
        "Le poids des données",
        (
            "Une donnée a un poids. Il faut des machines pour la garder, du courant pour les faire "
            "tourner, parfois de l’eau pour les refroidir. Une grande photo pèse autant que des "
            "milliers de lignes de texte.",
            "On allège sans rien perdre d’utile. On réduit les photos. On vide les vieux dossiers "
            "une fois par an. "
            "On garde les appareils plus longtemps, car en fabriquer un pollue souvent plus que "
            "s’en servir des années. On préfère une page légère à une vidéo. Et l’on pose la "
            "question d’avant : avons-nous vraiment besoin de cette donnée?",
        ),
        "Pour chaque retour de camion, on gardait dix photos en pleine taille. On en garde trois, "
        "plus petites. On voit la bosse aussi bien.",
        "Comment alléger sans rien perdre d’utile?",
        (
            Choice(
                "Acheter un appareil neuf.",
                "Le fabriquer pollue. Un appareil gardé plus longtemps pèse moins.",
            ),
            Choice(
                "Tout copier en double.",
                "Une copie de secours est utile, mais tout garder en double pèse deux fois.",
            ),
            Choice(
                "Réduire les photos, et vider ce qui ne sert plus.",
                "On garde l’utile, et tout le reste cesse de coûter.",
            ),
        ),
    ),
    "fewer-trips": CardText(
        "Des données pour rouler moins",
        (
            "Les données pèsent, mais elles peuvent aussi alléger. Savoir qui va où, et quand, "
            "permet de remplir un camion au lieu d’en faire rouler deux. C’est moins d’essence, "
            "moins de bruit dans la rue, et moins de nourriture jetée.",
            "Il en faut peu : un secteur, une demi-journée, la place qui reste. Pas l’adresse "
            "exacte, ni le nom du chauffeur, ni sa route à la minute. Mesurez ensuite ce qui a "
            "changé, et dites comment vous l’avez compté. Un chiffre vert sans sa méthode ne "
            "prouve rien, et un jour quelqu’un la demandera.",
        ),
        "Un camion rentre de Lachine à moitié vide le mardi. Une cuisine de LaSalle l’apprend et y "
        "met ses caisses. C’est un trajet de moins chaque semaine, sans une seule adresse "
        "publiée.",
        "Que faut-il annoncer pour partager un trajet?",
        (
            Choice(
                "Le secteur, la demi-journée et la place libre.",
                "Cela suffit pour se trouver. Le reste se dit entre les deux organismes.",
            ),
            Choice(
                "Le nom et le téléphone du chauffeur.",
                "Personne n’en a besoin pour voir s’il reste de la place.",
            ),
            Choice(
                "La route exacte, en direct.",
                "C’est suivre quelqu’un à la trace. Le secteur et la demi-journée suffisent.",
            ),
        ),
    ),
}
