"""Who acts for a business: claims, members and invitations."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.access import visible
from core.mailboxes import MailboxFormField
from core.pages.edit import Versioned
from core.pages.forms import OneTimeFormMixin
from partnerships.businesses.models import Business, Claim, MemberRole, Membership, Organization

from .fields import PeopleField, SitesField, field


class RefuseClaimForm(forms.Form):
    """Why a claim is refused."""

    reason = forms.CharField(
        label=_("Reason, sent to the claimant"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Say what would help: a document, a call from the number on record."),
        error_messages={"required": _("Write the reason. The claimant gets it by mail.")},
    )


class VerifyClaimForm(forms.Form):
    """How far a verified claim goes."""

    METHODS = (
        ("visit", _("I met them at the business")),
        ("license", _("They showed the license")),
        ("call", _("I called the number on record")),
        ("other", _("Another way")),
    )

    method = forms.ChoiceField(
        label=_("How did you verify it?"),
        choices=METHODS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you verified it.")},
    )
    beside = PeopleField(
        label=_("Someone is an owner here already"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Tick a name only if they told you that they run it together. Leave it, and nothing is done."
        ),
    )
    reach = forms.ChoiceField(
        label=_("They speak for"),
        choices=(("site", _("This place of business only")), ("all", ""), ("some", _("This one and those:"))),
        widget=forms.RadioSelect,
        initial="site",
        error_messages={"required": _("Choose what they speak for.")},
    )
    sites = SitesField(
        label=_("Places of business"),
        queryset=Business.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    another = forms.BooleanField(
        label=_("I looked: it is another business than the one it looks like"),
        error_messages={
            "required": _("Look at the one it resembles first. Tick this if it is another business.")
        },
    )

    def __init__(
        self,
        *args: Any,
        claim: Claim,
        sites: QuerySet[Business],
        owners: QuerySet[User],
        alike: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        count = sites.count()
        if count < 2:
            del self.fields["reach"], self.fields["sites"]
        else:
            field(self, "sites").queryset = sites.exclude(pk=claim.business_id).order_by("name_key", "pk")
            whole = _("All %(count)s places of %(name)s, also new ones")
            words = whole % {"count": count, "name": claim.business.organization.name}
            site, _all, some = field(self, "reach").choices
            field(self, "reach").choices = [site, ("all", words), some]
        field(self, "beside").queryset = owners
        if not owners.exists():
            del self.fields["beside"]
        if not alike:
            del self.fields["another"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reach") == "some" and not cleaned.get("sites"):
            self.add_error("sites", _("Choose at least one place of business."))
        return cleaned

    @property
    def chosen_sites(self) -> list[Business] | None:
        """The places beside the claimed one, `None` for all."""
        reach = self.cleaned_data.get("reach", "all")
        return None if reach == "all" else list(self.cleaned_data["sites"]) if reach == "some" else []

    @property
    def method_chosen(self) -> str:
        """How it was verified, in words."""
        return str(dict(self.METHODS)[self.cleaned_data["method"]])


class MemberForm(Versioned):
    """What a colleague may do, and where."""

    refusals: ClassVar[dict[str, str]] = {"last_owner": "role"}

    role = forms.ChoiceField(
        label=_("Role"),
        choices=(
            (MemberRole.STAFF, _("Staff: keep the profile true, register for events")),
            (MemberRole.OWNER, _("Owner: also apply, sign and manage people")),
        ),
        widget=forms.RadioSelect,
        initial=MemberRole.STAFF,
        error_messages={"required": _("Choose a role.")},
    )
    reach = forms.ChoiceField(
        label=_("Which places?"),
        choices=(("all", _("All places of business, also new ones")), ("some", _("Only these:"))),
        widget=forms.RadioSelect,
        initial="all",
        error_messages={"required": _("Choose which places.")},
    )
    sites = SitesField(
        label=_("Places of business"),
        queryset=Business.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        user: Any,
        organization: Organization,
        membership: Membership | None = None,
        **kwargs: Any,
    ) -> None:
        self.membership = membership
        if membership is not None:
            kwargs.setdefault("initial", {}).update(self._facts(membership))
        super().__init__(*args, **kwargs)
        sites = visible(Business, user).filter(organization=organization).order_by("name_key", "pk")
        field(self, "sites").queryset = sites
        if sites.count() < 2:
            del self.fields["reach"], self.fields["sites"]

    @property
    def row(self) -> Membership | None:
        return self.membership

    def said(self, row: Any) -> dict[str, Any]:
        return {name: value for name, value in self._facts(row).items() if name in self.fields}

    @staticmethod
    def _facts(membership: Membership) -> dict[str, Any]:
        return {
            "role": membership.role,
            "reach": "all" if membership.all_sites else "some",
            "sites": [site.pk for site in membership.sites.all()],
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("reach") == "some" and not cleaned.get("sites"):
            self.add_error("sites", _("Choose at least one place of business."))
        return cleaned

    @property
    def chosen_sites(self) -> list[Business] | None:
        """The chosen places, or `None` for all."""
        return list(self.cleaned_data["sites"]) if self.cleaned_data.get("reach") == "some" else None


class InviteForm(OneTimeFormMixin, MemberForm):
    """A colleague to be invited. Sent twice, it invites once: a second mail ends the first link."""

    email = MailboxFormField(
        label=_("Email address"),
        help_text=_("They sign in with this address; the invitation works for no other."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Write your colleague’s email address.")},
    )
    field_order = ("email", "role", "reach", "sites")
