"""What the values of impact assessments are called, and their questions; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

ASSESSMENTS: Mapping[str, Mapping[str, Any]] = {
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
}
