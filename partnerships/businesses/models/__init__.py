"""The registry's tables."""

from .duplicates import DuplicatePair
from .merges import Merge, SourceNumber
from .people import INVITATION_LIFE, Claim, Contact, Invitation, MemberRole, Membership
from .places import Area, AreaShape, DistrictAssignment, ImportBatch, ImportMapping, Industry
from .registry import Business, Organization, SearchWord, Standing

__all__ = [
    "INVITATION_LIFE",
    "Area",
    "AreaShape",
    "Business",
    "Claim",
    "Contact",
    "DistrictAssignment",
    "DuplicatePair",
    "ImportBatch",
    "ImportMapping",
    "Industry",
    "Invitation",
    "MemberRole",
    "Membership",
    "Merge",
    "Organization",
    "SearchWord",
    "SourceNumber",
    "Standing",
]
