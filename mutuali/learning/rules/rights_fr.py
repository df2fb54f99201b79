"""Cards on what protects people: privacy, inclusion, security, consent, sobriety; in French."""

from collections.abc import Mapping

from mutuali.learning.rules.card import CardText, Choice

RIGHTS_FR: Mapping[str, CardText] = {
    "no-name": CardText(
        "Sans nom, mais on vous reconnaît",
        (
            "Enlever les noms d’une liste ne suffit pas. Un lieu, une date et un détail rare "
            "mènent souvent à une seule personne. Pensez à cinq points sur une feuille : quatre "
            "sont gris, un est vert. Votre nom n’est pas sur le point vert, mais tout le monde le "
            "voit.",
            "On parle alors de quasi-identifiants : le secteur, le genre de chose prêtée, le mois. "
            "Seuls, ils ne disent rien. Ensemble, ils désignent quelqu’un.",
            "La bonne question n’est donc pas de savoir si la liste a des noms. Demandez plutôt "
            "combien d’autres pourraient être cette ligne. Si c’est zéro, la ligne reste ici.",
        ),
        "Une liste dit : camion réfrigéré, Verdun, mars. Un seul organisme de Verdun prête un tel "
        "camion. Son nom n’est pas écrit, mais ses voisins le savent tout de suite.",
        "Une liste n’a plus de noms. Que regarder avant de la laisser sortir?",
        (
            Choice(
                "Rien de plus : sans nom, elle est sûre.",
                "Un lieu, une date et un détail rare suffisent souvent à reconnaître quelqu’un.",
            ),
            Choice(
                "Les lignes rares, qui ne ressemblent à aucune autre.",
                "Une ligne rare désigne quelqu’un, même sans nom. On la fond parmi d’autres, ou "
                "on la garde ici.",
            ),
            Choice(
                "La taille du fichier.",
                "Dans un gros fichier, une seule ligne peut désigner quelqu’un. C’est la rareté "
                "qui compte.",
            ),
        ),
    ),
    "two-words": CardText(
        "Dépersonnalisé ou anonymisé?",
        (
            "Deux mots se ressemblent, et la loi du Québec les sépare. Un renseignement est "
            "dépersonnalisé quand il ne permet plus de reconnaître la personne directement. Le "
            "nom est parti, mais un recoupement peut y ramener. Il reste personnel : la loi le "
            "protège toujours.",
            "Il est anonymisé quand on peut raisonnablement prévoir, en tout temps, que personne "
            "ne pourra plus y reconnaître quelqu’un, ni directement ni par recoupement, et que "
            "c’est sans retour. Un règlement dit comment faire : une personne compétente suit le "
            "travail, on mesure le risque avant et après, on tient un registre.",
        ),
        "Une cuisine remplace chaque nom de bénévole par un numéro. Les jours et les heures "
        "restent. La liste est dépersonnalisée, sans plus : qui connaît l’horaire retrouve les "
        "gens.",
        "Une liste de bénévoles a des numéros à la place des noms. Qu’est-elle?",
        (
            Choice(
                "Dépersonnalisée : la loi la protège encore.",
                "Le nom est parti, mais un recoupement peut y ramener. On la traite comme un "
                "renseignement personnel.",
            ),
            Choice(
                "Anonymisée : on peut la publier.",
                "Pas encore : celui qui connaît l’horaire peut retrouver les gens. Elle est "
                "seulement dépersonnalisée.",
            ),
            Choice(
                "Ni l’un ni l’autre : un numéro ne change rien.",
                "Un numéro change quelque chose : il ne nomme plus directement. La liste est "
                "dépersonnalisée, et la loi la protège encore.",
            ),
        ),
    ),
    "who-is-missing": CardText(
        "Qui manque dans vos chiffres?",
        (
            "Un tableau ne montre que ceux qui y sont. Les gens sans téléphone, sans Internet ou "
            "qui parlent une autre langue n’y sont souvent pas. Si l’on décide d’après ce "
            "tableau, on les oublie une deuxième fois.",
            "Avant de lire un chiffre, demandez-vous qui n’a pas pu y entrer. Puis cherchez une "
            "autre façon de les entendre : un appel, une visite, une personne qui traduit. Et "
            "quand on ne sait pas, on l’écrit à côté du chiffre. Un trou qu’on nomme est plus "
            "honnête qu’un total qui a l’air complet.",
        ),
        "Les demandes de camion se font en ligne. Un petit groupe qui cuisine pour des aînés n’en "
        "fait aucune : personne n’y a d’ordinateur. Zéro demande ne veut pas dire zéro besoin.",
        "Un quartier n’a demandé aucune chambre froide cette année. Qu’en conclure?",
        (
            Choice(
                "Il n’en a pas besoin.",
                "Peut-être, mais le chiffre ne le dit pas. Ceux qui en ont besoin n’ont peut-être "
                "pas pu demander.",
            ),
            Choice(
                "Ses demandes se sont perdues.",
                "C’est possible, mais rien ne le montre. Demandez d’abord aux gens du quartier.",
            ),
            Choice(
                "On ne sait pas encore : il faut aller demander.",
                "Zéro demande ne veut pas dire zéro besoin. Un appel ou une visite le dira.",
            ),
        ),
    ),
    "labels": CardText(
        "Un chiffre peut coller une étiquette",
        (
            "Un chiffre peut faire du tort à tout un groupe sans nommer personne. Dites que tel "
            "coin de rue perd le plus d’équipement, et l’on se méfiera de tous ceux qui y "
            "vivent.",
            "La Charte demande l’équité, et de lutter contre la discrimination. Avant de publier, "
            "relisez donc la phrase du côté de ceux dont elle parle. La zone est-elle si petite "
            "qu’on voit qui c’est? Le mot blesse-t-il? Le chiffre accuse-t-il des gens, ou un "
            "manque de moyens? Souvent, une zone plus grande et une phrase qui dit la cause "
            "suffisent.",
        ),
        "Un rapport disait : ce secteur rend les camions en retard. Après vérification, on a "
        "écrit : dans ce secteur, un seul camion sert six cuisines. C’est plus vrai, et personne "
        "n’est montré du doigt.",
        "Un tableau nomme les trois rues où l’on perd le plus de bacs. Que faire avant de le "
        "publier?",
        (
            Choice(
                "Regrouper en grands secteurs, et dire pourquoi des bacs se perdent.",
                "Le lecteur voit la cause, et personne n’est montré du doigt.",
            ),
            Choice(
                "Le publier : aucun nom n’y est.",
                "Sans nom, le tableau colle quand même une étiquette à ceux qui vivent là.",
            ),
            Choice(
                "Enlever le titre.",
                "Les rues y sont encore. C’est la petite zone et la cause absente qui font du "
                "tort.",
            ),
        ),
    ),
    "own-account": CardText(
        "Un compte par personne",
        (
            "Un mot de passe partagé n’est plus un secret. Personne ne sait qui a fait quoi, et "
            "celui qui part l’emporte avec lui. Un compte par personne règle les deux : on voit "
            "qui agit, et l’on ferme un compte sans gêner les autres.",
            "Ajoutez une deuxième étape : un code sur votre téléphone, ou une clé d’accès. Un mot "
            "de passe volé ne suffit alors plus. Fermez aussi les comptes de ceux qui partent, le "
            "jour même. Bien des fuites n’ont rien de savant : un vieux compte, un mot de passe "
            "trop simple, un lien trop vite ouvert.",
        ),
        "Trois bénévoles ouvrent la même session à la cuisine. L’un d’eux change de groupe au "
        "printemps. En été, il peut encore lire les adresses de livraison. Personne n’y a pensé.",
        "Une coordonnatrice part en congé. Comment sa remplaçante travaille-t-elle?",
        (
            Choice(
                "Avec le mot de passe de la coordonnatrice.",
                "On ne saurait plus qui a fait quoi, et le secret ne serait plus un secret.",
            ),
            Choice(
                "Avec son propre compte, et les droits qu’il lui faut.",
                "On voit qui agit, et l’on retire ces droits au retour, sans gêner personne.",
            ),
            Choice(
                "Avec un compte commun, pour faire simple.",
                "Un compte commun reste ouvert à tous ceux qui l’ont connu, même après leur "
                "départ.",
            ),
        ),
    ),
    "lost-list": CardText(
        "Une liste perdue : que faire?",
        (
            "Un courriel part à la mauvaise adresse. Une tablette disparaît. Quelqu’un lit un "
            "dossier sans en avoir le droit. La loi appelle cela un incident de confidentialité. "
            "Cela arrive aux meilleurs; le pire est de se taire.",
            "D’abord, on réduit le mal : on rappelle le message, on change le mot de passe. "
            "Ensuite, avec la personne responsable, on juge s’il y a un risque de préjudice "
            "sérieux. Si oui, on avise vite la Commission d’accès à l’information et les gens "
            "touchés. Dans tous les cas, on l’inscrit au registre, qu’on garde au moins cinq ans.",
        ),
        "La liste des bénévoles, avec téléphones et allergies, est restée dans le camion "
        "emprunté. On appelle l’organisme, on reprend la feuille, on note l’incident, on pèse le "
        "risque.",
        "La feuille est revenue le lendemain, sans dommage visible. Que reste-t-il à faire?",
        (
            Choice(
                "Rien : tout est rentré dans l’ordre.",
                "Quelqu’un a pu la lire ou la copier. L’incident se note, même s’il finit bien.",
            ),
            Choice(
                "En parler tout de suite aux journaux.",
                "Ce n’est pas la première étape. On juge d’abord le risque pour les gens de la "
                "liste.",
            ),
            Choice(
                "Noter l’incident au registre, et juger du risque.",
                "Le registre garde tous les incidents, et le risque dit s’il faut aviser.",
            ),
        ),
    ),
    "free-yes": CardText(
        "Un oui libre, pour une seule chose",
        (
            "Un consentement vaut s’il est clair, libre et éclairé. On sait ce qui est demandé, "
            "par qui, pourquoi et pour combien de temps. On peut dire non sans rien perdre. Une "
            "case déjà cochée ne compte pas, et le silence non plus.",
            "On le demande pour chaque fin, en mots simples. S’il est écrit, on le demande à part "
            "du reste. Un oui donné pour des statistiques ne sert donc pas à une liste d’envoi. "
            "Si quelqu’un veut de l’aide pour comprendre, on l’aide. Et le oui ne dure que le "
            "temps qu’il faut : après, on redemande.",
        ),
        "« En empruntant la chambre froide, vous acceptez tout » : ce oui ne vaut rien. « "
        "Voulez-vous compter dans les statistiques de l’année, oui ou non » : celui-là peut "
        "valoir.",
        "Votre organisme a dit oui pour des statistiques. Un chercheur veut les mêmes données pour "
        "une étude. Que faut-il ici?",
        (
            Choice(
                "Un nouveau oui, pour l’étude.",
                "Ici, un oui vaut pour une seule fin. Pour l’étude, on repose la question.",
            ),
            Choice(
                "Rien : vous avez déjà dit oui.",
                "Ce oui était pour des statistiques. L’étude est une autre fin : on redemande.",
            ),
            Choice(
                "L’accord du chercheur.",
                "Le chercheur devra aussi s’engager, mais c’est votre oui qui ouvre la porte.",
            ),
        ),
    ),
    "taken-back": CardText(
        "Reprendre son oui",
        (
            "Qui a dit oui peut changer d’avis. Ici, reprendre son oui est aussi simple que le "
            "donner, et l’on n’a pas à dire pourquoi. Dès ce moment, rien de nouveau ne part.",
            "Ce qui est déjà parti, c’est autre chose. L’entente dit ce que le partenaire doit "
            "faire de sa copie, comme la détruire et l’attester. On peut l’exiger; on ne peut pas "
            "aller voir dans son ordinateur. Ce qui fut publié pour tous ne se rappelle pas : on "
            "le dit avant le oui. On prend garde aussi au chiffre qui baisse d’un coup, car il "
            "trahirait celui qui part.",
        ),
        "Une cuisine retire son oui en mai. Le partenaire est avisé, détruit le fichier et "
        "l’écrit. Le tableau ouvert à tous depuis avril, lui, reste où il est.",
        "Vous retirez votre oui. Que devient le fichier remis au partenaire le mois dernier?",
        (
            Choice(
                "Il s’efface tout seul.",
                "Aucun logiciel ne peut effacer une copie chez quelqu’un d’autre. On avise, et "
                "l’on exige.",
            ),
            Choice(
                "Le partenaire est avisé, et fait ce que l’entente demande.",
                "L’entente dit quoi faire de la copie, et vous pouvez suivre la réponse ici.",
            ),
            Choice(
                "Rien : un oui ne se reprend pas.",
                "Un oui se reprend en tout temps. C’est pour cela que l’entente prévoit la suite.",
            ),
        ),
    ),
    "ask-less": CardText(
        "Demander moins",
        (
            "Ce qu’on n’a pas ne peut ni se perdre, ni se voler. La loi va dans ce sens : on "
            "décide d’abord à quoi un renseignement servira, puis on ne recueille que ce qui est "
            "nécessaire pour cela.",
            "Devant chaque case d’un formulaire, posez trois questions. Qu’en ferons-nous? Qui le "
            "lira? Que se passe-t-il si la case reste vide? Si personne ne sait répondre, la case "
            "part. Dire que cela pourrait servir un jour n’est pas une raison. C’est un coût : "
            "cette case, il faudra la garder, la protéger et la corriger pendant des années.",
        ),
        "Pour prêter un camion, il faut savoir que le permis de conduire est valide. La date de "
        "naissance et l’adresse de la maison n’y changent rien : on ne les note pas.",
        "Le formulaire des bénévoles demande s’ils sont mariés. Personne ne s’en sert. Que faire?",
        (
            Choice(
                "Garder la case : elle pourrait servir.",
                "Sans usage prévu, elle n’est pas nécessaire, et ce qu’on garde peut se perdre.",
            ),
            Choice(
                "La rendre facultative.",
                "Une case facultative se remplit quand même. Si elle ne sert à rien, elle part.",
            ),
            Choice(
                "Enlever la case, et effacer ce qu’on a déjà.",
                "Ce qu’on n’a plus ne peut ni se perdre, ni se voler.",
            ),
        ),
    ),
    "letting-go": CardText(
        "Savoir détruire",
        (
            "Un renseignement personnel a une fin. Quand ce pour quoi on l’a demandé est fait, la "
            "loi donne deux voies : le détruire, ou l’anonymiser pour une fin sérieuse et "
            "légitime. Le garder au cas où n’en est pas une. Une autre loi peut toutefois exiger "
            "qu’on le garde un temps, comme les pièces comptables.",
            "Fixez donc la durée le jour où vous recueillez. Écrivez-la, confiez-la à quelqu’un, "
            "mettez une date au calendrier. Détruire, c’est aussi vider toutes les copies : le "
            "courriel, la clé USB, la feuille oubliée dans le tiroir.",
        ),
        "La feuille d’urgence d’une corvée porte vingt numéros de téléphone. La corvée est finie "
        "depuis un an; la feuille est encore au mur de la chambre froide. On la déchiquette.",
        "Une activité est finie. Que faire de la liste des gens qui sont venus?",
        (
            Choice(
                "La détruire à la date prévue, avec ses copies.",
                "Elle a servi. Les copies comptent autant que la liste.",
            ),
            Choice(
                "La garder pour inviter les gens à la suivante.",
                "C’est une autre fin. Demandez-leur d’abord s’ils le veulent.",
            ),
            Choice(
                "L’envoyer à un autre organisme.",
                "Cela la fait voyager au lieu de la finir, et personne n’y a dit oui.",
            ),
        ),
    ),
}
