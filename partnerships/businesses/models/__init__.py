"""The registry's tables."""

from .changes import ImportChange, Stays
from .duplicates import DuplicatePair
from .merges import Merge, SourceNumber
from .people import INVITATION_LIFE, Claim, Contact, Invitation, MemberRole, Membership
from .places import Area, AreaShape, DistrictAssignment, ImportBatch, ImportMapping, Industry
from .registry import Business, Organization, SearchWord, Standing
from .sources import SourceRecord

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
    "ImportChange",
    "ImportMapping",
    "Industry",
    "Invitation",
    "MemberRole",
    "Membership",
    "Merge",
    "Organization",
    "SearchWord",
    "SourceNumber",
    "SourceRecord",
    "Standing",
    "Stays",
]
