"""Use cases of imports: check what a file says against what is stored, then write it at once."""

from mutuali.imports.service.listings import check_listings, write_listings
from mutuali.imports.service.loans import check_loans, write_loans
from mutuali.imports.service.organizations import check_organizations, write_organizations
from mutuali.imports.service.own import OwnReport, bring_back, own_rows
from mutuali.imports.service.trace import Plan

__all__ = [
    "OwnReport",
    "Plan",
    "bring_back",
    "check_listings",
    "check_loans",
    "check_organizations",
    "own_rows",
    "write_listings",
    "write_loans",
    "write_organizations",
]
