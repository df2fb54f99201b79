"""The sentence of each refusal: what is wrong and what to do next, French here, English in the
catalogue. ``tests/architecture`` holds this table against every code that the features raise."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from mutuali.core.errors import Reason
from mutuali.web.wording import said

SENTENCES: Mapping[str, Any] = {
    # anywhere
    "not_found": _l(
        "Nous ne trouvons pas cette page. Vérifiez l’adresse ou repartez de la recherche."
    ),
    "forbidden": _l("Votre rôle ne permet pas cette action. Demandez à une personne gestionnaire."),
    "sign_in_needed": _l("Connectez-vous pour continuer."),
    "unreadable": _l("Nous n’avons pas pu lire cette requête. Vérifiez son format."),
    "too_many": _l("Trop d’essais en peu de temps. Attendez une minute, puis réessayez."),
    "once.key_reused": _l(
        "Ce formulaire a déjà été envoyé avec d’autres réponses. Rechargez la page, puis réessayez."
    ),
    "version.missing": _l("Indiquez la version que vous modifiez (en-tête If-Match)."),
    "version.stale": _l(
        "Quelqu’un a modifié cette fiche entre-temps. Rechargez-la, puis reprenez vos changements."
    ),
    "csrf": _l("Cette page est restée ouverte trop longtemps. Rechargez-la, puis réessayez."),
    # fields
    "field.missing": _l("Remplissez ce champ."),
    "field.invalid": _l("Cette valeur n’est pas valide. Corrigez-la."),
    "field.unknown": _l("Ce champ n’existe pas. Retirez-le."),
    "field.too_long": _l("Raccourcissez\u00a0: %(max)s caractères au plus."),
    "field.too_short": _l("Écrivez au moins %(min)s caractères."),
    "field.out_of_range": _l("Choisissez une valeur de %(min)s à %(max)s."),
    "field.control_character": _l("Ce texte contient un caractère invisible interdit. Retapez-le."),
    "field.not_a_choice": _l("Choisissez une des réponses proposées."),
    "field.not_a_date": _l("Écrivez une date qui existe, par exemple 2026-03-03."),
    "field.not_a_time": _l("Écrivez une heure, par exemple 08:00."),
    "field.not_an_email": _l("Écrivez une adresse courriel complète, par exemple nom@exemple.org."),
    "field.not_a_price": _l("Écrivez un montant, par exemple 12,50, ou 0 si c’est gratuit."),
    "field.not_a_number": _l("Écrivez un nombre."),
    # time
    "time.end_before_start": _l("La fin vient avant le début. Choisissez une fin plus tardive."),
    "time.does_not_exist": _l(
        "Cette heure n’existe pas\u00a0: on avance l’heure cette nuit-là. Prenez plutôt %(next)s."
    ),
    "time.exists_twice": _l(
        "Cette heure arrive deux fois\u00a0: on recule l’heure cette nuit-là. Précisez laquelle."
    ),
    "time.too_far": _l("Cette date est trop loin. Choisissez une date d’ici deux ans."),
    # accounts
    "account.email_taken": _l(
        "Cette adresse a déjà un compte. Connectez-vous ou choisissez un nouveau mot de passe."
    ),
    "account.wrong_credentials": _l(
        "Adresse ou mot de passe inexact. Vérifiez-les, puis réessayez."
    ),
    "account.locked": _l(
        "Trop d’essais. Par prudence, attendez %(wait)s ou choisissez un nouveau mot de passe."
    ),
    "account.not_confirmed": _l(
        "Confirmez d’abord votre adresse\u00a0: ouvrez le courriel que nous venons de vous renvoyer."
    ),
    "account.link_spent": _l("Ce lien a expiré ou a déjà servi. Demandez-en un nouveau."),
    "account.password_too_common": _l(
        "Ce mot de passe est trop courant. Choisissez une phrase que personne d’autre ne connaît."
    ),
    "account.second_factor_needed": _l(
        "Votre rôle demande une deuxième étape à la connexion. Ajoutez-la dans Mon compte, puis recommencez; un programme a besoin d’un jeton fait après."
    ),
    "account.wrong_code": _l(
        "Ce code n’est pas le bon ou a déjà servi. Tapez celui que votre application affiche maintenant."
    ),
    "account.wrong_passkey": _l(
        "Cette clé d’accès n’a pas été reconnue. Réessayez ou prenez un autre moyen."
    ),
    "account.wrong_recovery_code": _l(
        "Ce code de secours n’est pas le bon ou a déjà servi. Prenez le suivant de votre liste et vérifiez votre mot de passe si on vous le demande."
    ),
    "account.wrong_password": _l("Ce mot de passe n’est pas le vôtre. Retapez-le."),
    "account.factor_locked": _l("Trop d’essais. Par prudence, attendez %(wait)s, puis reprenez."),
    "account.no_factor_yet": _l(
        "Ajoutez d’abord une deuxième étape\u00a0: les codes de secours viennent avec elle."
    ),
    "account.last_factor": _l(
        "Votre rôle demande une deuxième étape. Ajoutez-en une autre avant de retirer celle-ci."
    ),
    "account.too_many_factors": _l(
        "Vous avez déjà %(most)s moyens. Retirez-en un avant d’en ajouter."
    ),
    "account.passkey_known": _l("Cette clé d’accès est déjà ajoutée. Choisissez-en une autre."),
    "account.notice_not_accepted": _l("Lisez l’avis et cochez la case pour créer le compte."),
    "token.scope_unknown": _l("Choisissez au moins une permission que vous détenez."),
    "role.unknown": _l("Choisissez un rôle de la liste."),
    # organizations
    "organization.not_applying": _l("Cette demande d’adhésion a déjà reçu une réponse."),
    "organization.not_accepted": _l(
        "Votre organisme n’est pas encore accepté. Une coordonnatrice ou un coordonnateur répond d’habitude en deux jours ouvrables."
    ),
    "organization.enterprise_number_invalid": _l(
        "Le NEQ compte dix chiffres et commence par 11, 22, 33 ou 88."
    ),
    "organization.none_chosen": _l("Choisissez l’organisme pour lequel vous agissez."),
    "site.place_unknown": _l(
        "Nous ne trouvons pas ce lieu sur l’île. Donnez un code postal ou un arrondissement de Montréal."
    ),
    "site.in_use": _l("Des annonces se trouvent à ce lieu. Déplacez-les d’abord."),
    "member.already": _l("Cette personne est déjà membre de l’organisme."),
    "member.last_manager": _l(
        "Il faut au moins une personne gestionnaire. Nommez-en une autre d’abord."
    ),
    "invitation.spent": _l("Cette invitation a expiré ou a déjà servi. Demandez-en une nouvelle."),
    "invitation.other_email": _l(
        "Cette invitation a été envoyée à une autre adresse. Connectez-vous avec celle-là."
    ),
    "delegation.end_in_past": _l("Choisissez une date de fin à venir, d’ici un an."),
    "delegation.person_unknown": _l("Aucun compte confirmé n’a cette adresse. Vérifiez-la."),
    "office.delegation_unsaid": _l(
        "Une délégation se fait par écrit. Donnez-en la référence, par exemple le numéro de la résolution ou de la lettre."
    ),
    "office.delegation_undated": _l("Donnez la date de l’écrit qui délègue."),
    "office.delegation_to_come": _l("Cette date est à venir. Donnez la date de l’écrit signé."),
    "office.competence_unsaid": _l(
        "Dites en quoi cette personne est compétente\u00a0: formation, expérience, travaux."
    ),
    "office.vacant": _l("Personne n’occupe cette charge en ce moment."),
    "participation.not_asked": _l(
        "Cette entente se fait avec les organismes acceptés qui prêtent ou empruntent."
    ),
    "participation.text_changed": _l(
        "Le texte a changé pendant que vous le lisiez. Relisez-le, puis acceptez."
    ),
    "participation.accepted_before": _l("Votre organisme a déjà accepté ce texte."),
    "participation.none": _l("Votre organisme n’a pas d’entente de participation en vigueur."),
    "participation.resolution_unsaid": _l(
        "Donnez le numéro de la résolution\u00a0: une administratrice ou un administrateur seul, ou une personne mandatée, n’engage l’organisme que par une résolution."
    ),
    "participation.resolution_undated": _l("Donnez la date de la résolution."),
    "participation.resolution_to_come": _l(
        "Cette date est à venir. Donnez la date de la résolution adoptée."
    ),
    # registers
    "request.words_unsaid": _l("Dites ce qui est à corriger, ou ce qu’il faut cesser de montrer."),
    "request.waits_already": _l(
        "Vous avez déjà demandé cela. La réponse vient en 30 jours au plus."
    ),
    "request.to_come": _l("Cette date est à venir. Donnez le jour où la demande est arrivée."),
    "request.answered_before": _l("Cette demande a déjà reçu sa réponse."),
    "request.own": _l("C’est votre propre demande. Une autre personne de l’intendance y répond."),
    "request.answer_unsaid": _l(
        "Dites ce qui est fait, ou pourquoi c’est non\u00a0: la loi demande des motifs."
    ),
    "request.field_without_correction": _l(
        "Un champ ne se nomme que pour faire corriger. Choisissez cette demande."
    ),
    "request.provision_unsaid": _l(
        "Donnez l’article de loi sur lequel le refus s’appuie\u00a0: la loi le demande."
    ),
    "incident.information_unsaid": _l(
        "Décrivez les renseignements touchés, ou dites pourquoi on ne les connaît pas."
    ),
    "incident.ends_before_start": _l("La fin vient avant le début. Corrigez l’une des deux dates."),
    "incident.aware_before_start": _l(
        "Vous l’auriez su avant qu’il commence. Corrigez l’une des deux dates."
    ),
    "incident.to_come": _l(
        "Cette date est à venir. Donnez une date passée ou celle d’aujourd’hui."
    ),
    "incident.elements_unsaid": _l(
        "Vous concluez autrement que les trois niveaux ne le proposent. Dites pourquoi, en une phrase au moins."
    ),
    "incident.notice_out_of_time": _l(
        "Un avis part entre le jour où vous l’avez su et aujourd’hui. Corrigez cette date."
    ),
    "incident.public_because_unsaid": _l(
        "Dites pourquoi un avis public plutôt qu’un avis à chacun."
    ),
    "retention.nothing_due": _l("Il n’y a rien à faire pour cette règle en ce moment."),
    # equipment
    "listing.not_published": _l("Cette annonce n’est pas publiée en ce moment."),
    "listing.title_missing": _l("Donnez un titre dans au moins une langue."),
    "listing.shortest_over_longest": _l(
        "La durée la plus courte dépasse la plus longue. Corrigez l’une des deux."
    ),
    "listing.units_booked": _l(
        "Des réservations à venir occupent plus d’unités que ce nombre. Gardez-en davantage ou annulez d’abord une réservation."
    ),
    "listing.temperature_reversed": _l(
        "La température la plus basse dépasse la plus haute. Inversez-les."
    ),
    "listing.duration_too_long": _l("Cette durée dépasse un an. Raccourcissez-la."),
    "closure.in_the_past": _l("Cette plage est déjà passée. Choisissez une fin à venir."),
    "hours.none": _l(
        "Indiquez les heures d’au moins un jour, ou cochez «\u00a0À toute heure\u00a0»."
    ),
    "hours.reversed": _l("L’ouverture vient après la fermeture. Corrigez les heures de ce jour."),
    "hours.overlap": _l("Deux plages du même jour se chevauchent. Fusionnez-les."),
    "photo.unreadable": _l("Cette image ne s’ouvre pas. Envoyez un fichier JPEG, PNG ou WebP."),
    "photo.too_large": _l("Cette image est trop lourde. Envoyez un fichier de %(max)s Mo au plus."),
    "photo.too_many_pixels": _l(
        "Cette image a trop de pixels (plus de 50 millions). Réduisez-la, puis réessayez."
    ),
    "photo.too_many": _l("Une annonce porte au plus %(max)s photos. Retirez-en une d’abord."),
    "photo.alt_missing": _l("Décrivez la photo en quelques mots, pour qui ne la voit pas."),
    # bookings
    "booking.own_listing": _l(
        "Cette annonce est à votre organisme. Fermez plutôt des plages à l’agenda."
    ),
    "booking.in_the_past": _l("Ce moment est déjà passé. Choisissez une date à venir."),
    "booking.too_soon": _l(
        "Le prêteur demande %(lead)s de préavis. Le premier début possible\u00a0: %(first)s."
    ),
    "booking.too_short": _l("Ce prêt dure au moins %(shortest)s. Allongez la période."),
    "booking.too_long": _l("Ce prêt dure au plus %(longest)s. Raccourcissez la période."),
    "booking.outside_hours": _l("Hors des heures du prêteur\u00a0: %(hours)s."),
    "booking.closed": _l("Fermé %(span)s. Choisissez un autre moment."),
    "booking.not_enough_units": _l(
        "Déjà réservé sur cette période\u00a0: %(free)s sur %(units)s libres. Diminuez le nombre ou changez de moment."
    ),
    "booking.not_free": _l("Quelqu’un vient de réserver ce moment. Choisissez-en un autre."),
    "booking.still_out": _l(
        "Des unités ne sont pas encore revenues\u00a0: on ne peut pas en remettre autant maintenant."
    ),
    "booking.no_such_step": _l(
        "Cette réservation n’en est plus là\u00a0: quelqu’un a déjà agi. Rechargez la page."
    ),
    "booking.reason_missing": _l("Dites pourquoi en une phrase\u00a0: l’emprunteur la lira."),
    "condition.unexplained": _l("Cochez tout ce qui est vrai, ou dites ce qui ne va pas."),
    "booking.too_early_to_hand_over": _l(
        "La prise en charge se note au plus tôt %(early)s avant le début."
    ),
    # consent
    "consent.not_asked": _l(
        "Cette question s’adresse aux organismes acceptés qui prêtent ou empruntent. Le vôtre n’en est pas."
    ),
    "consent.no_participation": _l(
        "Votre organisme n’a pas accepté l’entente de participation. Acceptez-la d’abord, à la "
        "page Participation."
    ),
    "consent.no_capacity": _l(
        "Dites d’abord à quel titre vous parlez pour l’organisme, à la page Participation."
    ),
    "consent.person_not_asked": _l(
        "Aucune donnée ne parle de vous\u00a0: cette question va à qui demande des prêts."
    ),
    "call.already_asked": _l("Votre appel est déjà demandé\u00a0: on vous appellera."),
    "receipt.unreadable": _l(
        "Ce n’est pas un reçu de consentement. Collez le texte court, l’adresse du code, ou tout "
        "le contenu du fichier."
    ),
    "notice.mixed": _l(
        "Le texte parle d’une autre finalité ou de conditions d’utilisation. Ne gardez qu’une "
        "question; les autres ont leur avis."
    ),
    "notice.vague": _l(
        "Dites quelles données sortiraient et pour quoi, sans «\u00a0notamment\u00a0», "
        "«\u00a0etc.\u00a0» ni «\u00a0autres fins\u00a0»."
    ),
    "notice.hard_to_read": _l(
        "Trop difficile à lire\u00a0: %(ease)s sur 100, et %(words)s mots par phrase. Il faut au "
        "moins %(least)s, et au plus %(most)s mots\u00a0: coupez les phrases, prenez des mots courts."
    ),
    "notice.help_not_said": _l(
        "Dites que quelqu’un peut aider, et comment\u00a0: de vive voix, ou en touchant «\u00a0Me "
        "faire appeler\u00a0»."
    ),
    "notice.withdrawal_not_said": _l(
        "Dites que le oui se retire aussi vite qu’il se donne, sans lettre, sans frais, sans motif."
    ),
    "notice.not_french_first": _l(
        "Le texte français doit être en français et dire au moins tout ce que dit l’anglais."
    ),
    "notice.not_english": _l("Le texte anglais doit être en anglais."),
    "notice.not_for_people": _l(
        "Cette liste nomme des organismes\u00a0: adressez l’avis aux organismes."
    ),
    "consent.notice_replaced": _l(
        "Cet avis a été remplacé par un plus récent. Relisez la question, puis répondez."
    ),
    "consent.nothing_to_withdraw": _l("Il n’y a pas de oui à retirer\u00a0: rien ne sort déjà."),
    "notice.not_a_recipient": _l("Choisissez l’exploitant ou un partenaire accepté."),
    "notice.recipient_not_said": _l(
        "Le texte doit nommer qui recevra les données\u00a0: %(recipient)s."
    ),
    "notice.duration_not_said": _l(
        "Le texte doit dire combien de temps dure un oui\u00a0: %(months)s mois."
    ),
    "notice.nothing_new": _l(
        "Ce texte est celui qui est déjà publié. Le republier annulerait tous les oui pour rien."
    ),
    "notice.just_published": _l(
        "Quelqu’un vient de publier une version de cet avis. Relisez-la avant d’en publier une autre."
    ),
    # agreements
    "agreement.no_operator": _l(
        "Aucun organisme n’est encore l’exploitant du réseau. L’administration doit d’abord l’inscrire."
    ),
    "agreement.not_a_partner": _l(
        "Choisissez un partenaire accepté, ou l’exploitant pour un usage interne."
    ),
    "agreement.partner_fixed": _l(
        "Le partenaire a déjà vu cette entente\u00a0: il ne change plus. Rédigez-en une nouvelle pour un autre."
    ),
    "agreement.no_purpose": _l("Cochez au moins une finalité."),
    "agreement.no_dataset": _l("Cochez au moins un jeu de données."),
    "agreement.purpose_without_dataset": _l(
        "Aucun jeu de données coché ne sert à une de ces finalités. L’utilisation sert aux statistiques et à la mobilité; les prêts servent à l’étude du partage."
    ),
    "agreement.dataset_without_purpose": _l(
        "Un jeu de données coché ne sert à aucune des finalités choisies. Retirez-le, ou cochez la finalité qui lui convient."
    ),
    "agreement.no_analyst": _l("Nommez au moins une personne qui aura accès aux données."),
    "agreement.too_many_analysts": _l(
        "Nommez au plus %(max)s personnes\u00a0: chacune doit en avoir besoin."
    ),
    "agreement.analyst_unknown": _l(
        "Aucun compte confirmé n’a l’adresse %(email)s. Demandez à cette personne d’en créer un."
    ),
    "agreement.not_an_analyst": _l(
        "%(email)s n’a pas le rôle d’analyste. Demandez à l’administration de le lui donner, puis réessayez."
    ),
    "agreement.required_clause_missing": _l(
        "Une clause obligatoire manque. Remettez-la\u00a0: la loi ou le réseau l’exige."
    ),
    "agreement.start_too_far": _l("Choisissez un début à moins d’un an d’aujourd’hui."),
    "agreement.term_over": _l("La fin de l’entente est déjà passée. Choisissez une date à venir."),
    "agreement.term_too_long": _l("Une entente dure au plus trois ans\u00a0: jusqu’au %(latest)s."),
    "agreement.not_a_draft": _l(
        "Cette entente n’est plus un brouillon. Renvoyez-la d’abord au brouillon pour la modifier."
    ),
    "agreement.no_such_step": _l(
        "Cette entente n’en est plus là\u00a0: quelqu’un a déjà agi. Rechargez la page."
    ),
    "agreement.text_changed": _l(
        "Le texte n’est plus celui que vous avez lu. Relisez-le, puis acceptez-le s’il vous convient."
    ),
    "agreement.already_accepted": _l("Cette partie a déjà accepté l’entente."),
    "agreement.no_capacity": _l(
        "Vous n’avez pas dit à quel titre vous parlez pour %(name)s. Il faut en être gestionnaire, "
        "puis le dire dans «\u00a0Mon organisme\u00a0», «\u00a0Participation\u00a0»."
    ),
    "agreement.same_person": _l(
        "Vous avez accepté pour l’autre partie. Une autre personne doit accepter pour celle-ci."
    ),
    "agreement.text_fixed": _l(
        "Le texte d’une entente acceptée ne change plus. Mettez-y fin et rédigez-en une nouvelle."
    ),
    "agreement.own_study_of_another": _l(
        "L’étude de l’exploitant ne concerne que ses propres usages. Choisissez un autre genre d’entente."
    ),
    "agreement.rows_are_personal": _l(
        "Des lignes par prêt peuvent viser des personnes. Choisissez données dépersonnalisées, recherche, ou étude de l’exploitant."
    ),
    "agreement.assessment_missing": _l(
        "Pour la recherche ou hors du Québec, la loi demande une évaluation. Écrivez son numéro ou sa date."
    ),
    "agreement.outside_and_inside": _l(
        "Les fichiers sortent en partie du Québec. Retirez la restriction qui les y garde, ou revenez à la question 7."
    ),
    "agreement.access_outside_term": _l(
        "L’accès d’une personne déborde la durée de l’entente. Corrigez ses dates."
    ),
    "agreement.start_fixed": _l(
        "Une modification garde le premier jour de l’entente. Changez seulement la fin."
    ),
    "agreement.not_to_amend": _l(
        "Seule une entente en vigueur ou suspendue se modifie. Rédigez-en une nouvelle."
    ),
    "agreement.amendment_open": _l(
        "Une prochaine version est déjà en préparation. Ouvrez-la dans la liste des versions."
    ),
    "agreement.already_suspended": _l(
        "Cette partie a déjà suspendu l’entente. Levez d’abord cette suspension."
    ),
    "agreement.not_yours_to_lift": _l(
        "Seule la partie qui a suspendu l’entente peut la reprendre. Écrivez-lui."
    ),
    "agreement.already_undertaken": _l(
        "Vous avez déjà signé cet engagement. Rien de plus à faire."
    ),
    "agreement.sent_in_future": _l("Écrivez le jour de l’envoi, aujourd’hui ou avant."),
    "agreement.not_accepted": _l("Les deux parties doivent d’abord accepter ce texte exact."),
    # imports
    "import.file_empty": _l("Ce fichier est vide ou sa première ligne ne se lit pas."),
    "import.not_text": _l(
        "Ce fichier n’est pas du texte en %(encoding)s. Enregistrez-le en UTF-8 ou dites son codage dans la correspondance."
    ),
    "import.archive_broken": _l("Cette archive gzip est tronquée ou abîmée. Copiez-la de nouveau."),
    "import.columns_missing": _l("Il manque ces colonnes\u00a0: %(columns)s."),
    "import.columns_doubled": _l("Ces colonnes portent deux fois le même nom\u00a0: %(columns)s."),
    "import.mapping_not_toml": _l("La correspondance n’est pas du TOML valide\u00a0: %(why)s."),
    "import.mapping_of_others": _l(
        "Cette correspondance est faite pour d’autres lignes\u00a0: %(kind)s."
    ),
    "import.mapping_unknown": _l("La correspondance contient une clé inconnue\u00a0: %(key)s."),
    "import.mapping_lacks": _l("La correspondance ne dit rien de %(key)s."),
    "import.mapping_value": _l("Dans la correspondance, %(key)s n’a pas une valeur possible."),
    "import.changed_meanwhile": _l(
        "Quelqu’un a écrit les mêmes lignes ou réservé les mêmes unités entre-temps. Rien n’est écrit\u00a0: recommencez."
    ),
    "import.quotes_broken": _l(
        "Les guillemets ne se ferment pas où il faut\u00a0: illisible jusqu’à la ligne %(last)s."
    ),
    "import.column_count": _l("%(found)s cellules au lieu de %(expected)s."),
    "import.bytes_unreadable": _l("Des octets ne sont pas du texte dans ce codage."),
    "import.value_unknown": _l("«\u00a0%(value)s\u00a0» n’est pas une valeur connue."),
    "import.not_a_length": _l("Ce n’est pas une durée, par exemple 30 minutes ou 3 days."),
    "import.not_a_moment": _l("Ce n’est pas une date ou une heure du format annoncé."),
    "import.not_a_postal_code": _l("Ce n’est pas un code postal canadien."),
    "import.borough_unknown": _l("«\u00a0%(value)s\u00a0» n’est pas un arrondissement de l’île."),
    "import.borough_elsewhere": _l("Le point est ailleurs\u00a0: %(found)s."),
    "import.place_missing": _l("Ni point, ni code postal, ni arrondissement de l’île."),
    "import.place_outside": _l("Ce point est hors du territoire."),
    "import.repeated": _l("Même référence qu’à la ligne %(line)s."),
    "import.duplicate": _l("Même nom au même endroit\u00a0: %(of)s."),
    "import.same_address": _l("Même adresse, autre nom\u00a0: %(of)s. À vérifier."),
    "import.organization_unknown": _l("Aucun organisme accepté n’a cette référence."),
    "import.organization_without_place": _l("Cet organisme n’a aucun lieu."),
    "import.listing_unknown": _l("Aucune annonce n’a cette référence."),
    "import.not_returned": _l(
        "Pas encore revenu\u00a0: ajoutez --open-loans pour garder ces prêts."
    ),
    "import.due_unknown": _l("On ne sait pas quand ce prêt devait finir."),
    "import.due_before_loan": _l("Le retour promis vient avant la prise en charge."),
    "import.in_the_future": _l("Ce moment n’est pas encore passé."),
    "import.exceeds_units": _l(
        "Tout est déjà sorti à ce moment, sur %(units)s en tout. Ajoutez --history pour garder ces prêts hors du calendrier."
    ),
    # exports
    "export.no_agreement": _l(
        "Aucune entente en vigueur ne vous nomme sous ce numéro. Choisissez-en une de la liste."
    ),
    "export.dataset_not_agreed": _l(
        "Cette entente ne couvre pas ce jeu de données. Choisissez-en un autre, ou demandez une nouvelle entente."
    ),
    "export.purpose_not_agreed": _l(
        "Cette finalité n’est pas permise pour ce jeu de données sous cette entente. Choisissez-en une autre."
    ),
    "export.not_published": _l(
        "Rien n’est publié de ce jeu de données pour le moment. Sa description reste ouverte à tout le monde."
    ),
    "export.own_request": _l(
        "On ne décide pas de sa propre demande. Une autre personne de l’intendance doit répondre."
    ),
    "export.reason_missing": _l("Dites pourquoi en une phrase\u00a0: l’analyste la lira."),
    "export.no_such_step": _l(
        "Cette demande n’en est plus là\u00a0: quelqu’un a déjà agi, ou son délai est passé. Rechargez la page."
    ),
    "export.not_named": _l(
        "Aucune entente en vigueur ne vous nomme comme analyste. Demandez à votre organisme."
    ),
    "export.link_over": _l(
        "Ce lien est échu\u00a0: il sert dans les dix minutes. Demandez-en un autre à la page de l’exportation."
    ),
    "export.link_revoked": _l(
        "L’intendance a révoqué ce lien. Demandez-en un autre à la page de l’exportation."
    ),
    "export.quota_reached": _l(
        "Vous avez pris ce fichier %(most)s fois, comme l’entente le permet. Reprenez une copie que vous avez, ou écrivez à l’intendance."
    ),
    "export.not_a_table": _l(
        "Ce fichier n’est pas un tableau en texte. Choisissez un fichier CSV."
    ),
    "export.not_ready": _l(
        "Cette exportation ne se télécharge pas, ou plus. Faites une nouvelle demande."
    ),
    "export.consent_withdrawn": _l(
        "Un organisme a retiré son oui depuis. Ce fichier ne sort plus\u00a0: faites une nouvelle demande."
    ),
    "export.not_assessed": _l(
        "Aucune évaluation en vigueur pour ce jeu de données. Rédigez-la, avec l’avis de la personne responsable, sous «\u00a0Évaluations\u00a0»."
    ),
    "export.not_assessed_outside": _l(
        "Les données sortiraient du Québec : une évaluation du lieu vient d’abord. Rédigez-la sous «\u00a0Évaluations\u00a0»."
    ),
    "export.nobody_in_charge": _l(
        "Personne n’est nommé responsable de la protection des renseignements personnels. L’exploitant doit d’abord nommer cette personne."
    ),
    "export.own_study_elsewhere": _l(
        "Sous ce titre, les données restent chez l’exploitant; cette entente est avec un partenaire. Il faut une autre entente."
    ),
    "export.not_by_this_right": _l(
        "Ce jeu de données ne sort pas sous ce genre d’entente. Choisissez-en un autre, ou demandez une entente d’un autre genre."
    ),
    "export.not_sent_to_cai": _l(
        "La voie de la recherche demande d’envoyer l’entente à la Commission d’accès à l’information. Notez la date d’envoi sur l’entente."
    ),
    "export.cai_waits": _l(
        "L’entente est à la Commission d’accès à l’information; les trente jours finissent le %(on)s. Revenez ce jour-là."
    ),
    "export.already_said": _l("Votre avis est déjà donné; il attend celui de l’autre personne."),
    "assessment.has_opinion": _l(
        "Cette évaluation a déjà son avis et ne change plus. Rédigez-en une nouvelle."
    ),
    "assessment.opinion_date": _l(
        "La date de l’avis va du %(first)s, jour de l’évaluation, à aujourd’hui."
    ),
    "assessment.holds_too_long": _l(
        "La fin de validité vient après l’avis, et au plus tard le %(latest)s."
    ),
    "export.check_failed": _l(
        "Une vérification du fichier fini n’a pas passé. Par prudence, rien n’est sorti."
    ),
    "export.never_left": _l(
        "Cette exportation n’est jamais sortie\u00a0: il n’y a rien à refaire. Faites une nouvelle demande."
    ),
    "export.others_left": _l(
        "Une autre exportation du même jeu est sortie depuis la préparation. Préparez celle-ci de nouveau\u00a0: elle doit être comparée à l’autre."
    ),
    "attestation.name_missing": _l("Tapez votre nom\u00a0: il tient lieu de signature."),
    "attestation.given": _l("Vous avez déjà attesté. Il n’y a plus rien à faire."),
    "export.consent_left": _l(
        "Un organisme a retiré son oui depuis la préparation. Préparez l’exportation de nouveau, sans lui."
    ),
    "export.consent_changed": _l(
        "Un consentement a changé pendant la préparation. L’exportation se reconstruit."
    ),
    "export.agreement_over": _l(
        "L’entente n’est plus en vigueur\u00a0: rien ne sort. Il en faut une nouvelle."
    ),
    "export.not_confirmed": _l(
        "Le recomptage du fichier n’a pas confirmé ses promesses. Par prudence, rien n’est sorti."
    ),
    "export.not_inventoried": _l(
        "Une colonne de ce jeu n’est pas à l’inventaire, ou nomme quelqu’un : rien n’est sorti."
    ),
    "export.build_failed": _l(
        "La préparation a échoué et rien n’est sorti. L’exploitant est averti; réessayez plus tard."
    ),
    "privacy.empty_table": _l(
        "Aucun prêt des organismes qui ont dit oui ne tombe dans la période. Rien à communiquer pour l’instant."
    ),
    "privacy.too_few_contributors": _l(
        "Trop peu d’organismes ont dit oui pour que personne ne soit reconnaissable. Il en faut davantage."
    ),
    "privacy.no_scheme_passes": _l(
        "Aucune façon d’élargir les tranches ne cache tout le monde en gardant neuf lignes sur dix. Rien n’est sorti."
    ),
    "privacy.all_suppressed": _l(
        "Aucun chiffre ne réunit assez d’organismes pour être publié. Rien n’est sorti; il faut plus de consentements."
    ),
}


def sentence(reason: Reason) -> str:
    """What a person reads for ``reason``, in the language of the request."""
    words = SENTENCES.get(reason.code)
    if words is None:
        return gettext("Cette action est refusée (%(code)s).", code=reason.code)
    params = {name: said(value) for name, value in reason.params.items()}
    return str(words) % params if params else str(words)
