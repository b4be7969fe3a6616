"""The forms of this room."""

from .areas import AreasFileForm, AreasMeaningForm, EndManyForm
from .columns import ColumnsForm
from .duplicates import MergeForm
from .fields import AreaField, OfficerField, PhoneMixin, SiteField, SitesField, clean_phone
from .imports import FIND_OUT, CloseManyForm, ImportForm
from .kinds import IndustryField, KindFilterField
from .people import InviteForm, MemberForm, RefuseClaimForm, VerifyClaimForm
from .places import (
    BusinessForm,
    ContactForm,
    ListingForm,
    NewBusinessForm,
    NothingForm,
    OrganizationForm,
    ProfileForm,
)

__all__ = [
    "FIND_OUT",
    "AreaField",
    "AreasFileForm",
    "AreasMeaningForm",
    "BusinessForm",
    "CloseManyForm",
    "ColumnsForm",
    "ContactForm",
    "EndManyForm",
    "ImportForm",
    "IndustryField",
    "InviteForm",
    "KindFilterField",
    "ListingForm",
    "MemberForm",
    "MergeForm",
    "NewBusinessForm",
    "NothingForm",
    "OfficerField",
    "OrganizationForm",
    "PhoneMixin",
    "ProfileForm",
    "RefuseClaimForm",
    "SiteField",
    "SitesField",
    "VerifyClaimForm",
    "clean_phone",
]
