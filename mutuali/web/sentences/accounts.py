"""Refusals of accounts: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

ACCOUNTS: Mapping[str, Any] = {
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
}
