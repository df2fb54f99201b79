"""Our purposes and classes in the words of the Data Privacy Vocabulary (W3C DPV 2.3)."""

from collections.abc import Mapping

from mutuali.consent.rules import Purpose
from mutuali.exports.rules.catalogue import DataClass

PURPOSES: Mapping[Purpose, str] = {
    Purpose.NETWORK_STATISTICS: "dpv:ServiceOptimisation",
    Purpose.SHARING_STUDY: "dpv:AcademicResearch",
    Purpose.MOBILITY_PLANNING: "dpv:ImprovePublicServices",
    Purpose.NAMED_PUBLICLY: "dpv:PublicBenefit",
}
CLASSES: Mapping[DataClass, str] = {
    DataClass.ORGANIZATIONAL: "dpv:NonPersonalData",
    DataClass.PERSONAL: "dpv:PersonalData",
    DataClass.DEIDENTIFIED: "dpv:PseudonymisedData",
    DataClass.ANONYMIZED: "dpv:AnonymisedData",
}
