"""A review in six lines: what somebody with two minutes has to know before they answer."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from mutuali.exports import service
from mutuali.exports.views.followed import Followed
from mutuali.exports.views.measured import Measured, ShownCheck
from mutuali.web.words import label


def brief(
    found: service.Review,
    measured: Measured | None,
    checks: Sequence[ShownCheck],
    followed: Followed | None,
) -> list[tuple[str, str]]:
    """What each line is about, and what it says."""
    export = found.export
    rows = [
        (_("Destinataire"), export.agreement.partner_name),
        (_("Finalité"), label("consent.purpose", export.purpose.value)),
    ]
    if measured:
        rows.append((_("Qui a dit oui"), measured.coverage))
        rows.append((_("Risque"), measured.finding))
    if checks:
        rows.append((_("Vérifications"), _of_checks(checks)))
    rows.append((_("Depuis la dernière fois"), _since(found)))
    if followed and followed.compared:
        rows.append((_("Avec ce qui est déjà sorti"), _overlaps(followed)))
    return rows


def _of_checks(checks: Sequence[ShownCheck]) -> str:
    failed = sum(not each.passed for each in checks)
    if failed:
        return ngettext("%(num)d ne passe pas", "%(num)d ne passent pas", failed)
    return ngettext("%(num)d faite, passée", "%(num)d faites, toutes passées", len(checks))


def _since(found: service.Review) -> str:
    if not found.compared:
        return _("C’est la première fois")
    worse = len(found.compared.worse)
    if worse:
        return ngettext("%(num)d mesure est pire", "%(num)d mesures sont pires", worse)
    return _("Rien de pire")


def _overlaps(followed: Followed) -> str:
    if not followed.count and not followed.held_back:
        return _("Rien ne se recoupe")
    hidden = len(followed.held_back)
    if not hidden:
        return ngettext(
            "%(num)d recoupement trouvé", "%(num)d recoupements trouvés", followed.count
        )
    return ngettext(
        "Recoupements trouvés; %(num)d valeur masquée",
        "Recoupements trouvés; %(num)d valeurs masquées",
        hidden,
    )
