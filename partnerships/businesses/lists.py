"""The registry's lists at the desk, declared."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.access import Actor, refusal, visible
from core.folding import in_order
from core.pages.bulk import Bulk, BulkForm, Done
from core.pages.components import Segment
from core.pages.list_page import FILE, Empty, File, Listing, Switch, WayOn
from core.pages.lists import PLACE, ListPage
from core.roles import WRITERS, Role, role_of

from . import columns, filters, services, whose
from .forms import OfficerField
from .models import Area, Business, Claim, ImportChange, ImportMapping, Organization

LIST_RELATIONS = ("organization__lead_officer", "industry", "area__parent")
NOUN = (_("business"), _("businesses"))
ADD = WayOn(_("Add a business"), "desk:business_add", "core.write_desk", strong=True)


def listed_rows(rows: QuerySet[Business]) -> QuerySet[Business]:
    """Rows of a list with what its columns show and nothing heavy."""
    return rows.select_related(*LIST_RELATIONS).defer(
        "search_text",
        "imported",
        "description",
        "listing_wording",
        "organization__imported",
        "organization__search_text",
    )


def query(request: HttpRequest, **changes: str) -> str:
    """What the address says of filters and order, to go along from list to map and back.

    Args:
        request: to one of them.
        changes: filters to set.
    """
    kept = request.GET.copy()
    for name in (*PLACE, FILE, "zoom", "box"):
        kept.pop(name, None)
    for name, value in changes.items():
        kept[name] = value
    return f"?{kept.urlencode()}" if kept else ""


def of_area(request: HttpRequest, area: Area | None) -> str:
    """Where the list is narrowed to an area, or to what lies in none, its filters kept; "" if it can't."""
    here, city = reverse("desk:businesses"), of(request) is CITY
    if area is None:
        return "" if city else here + query(request, district=filters.NO_DISTRICT)
    if area.kind == Area.Kind.BEAT:
        return "" if city else here + query(request, beat=area.code)
    return here + query(request, district=str(area.pk) if city else area.code)


def _switches(request: HttpRequest) -> list[Switch]:
    """Between list and map; and between one's own scope and the city's directory, where the two differ."""
    role = role_of(request.user)
    on_map = request.path == reverse("desk:businesses_map")
    ways = [
        Segment(label, reverse(name) + query(request), current=(name == "desk:businesses_map") == on_map)
        for label, name in ((_("List"), "desk:businesses"), (_("Map"), "desk:businesses_map"))
    ]
    switches = [Switch(_("Shown as"), ways)]
    districts = list(services.districts_of(request.user)) if role in WRITERS else []
    if role not in WRITERS or (role == Role.SUPERVISOR and not districts):
        return switches
    here = reverse("desk:businesses_map" if on_map else "desk:businesses")
    city = request.GET.get("scope") == "city"
    own = Segment(whose.in_words(districts), here, current=not city)
    scopes = [own, Segment(_("City directory"), f"{here}?scope=city", current=city)]
    return [*switches, Switch(_("Which businesses"), scopes)]


def _more(request: HttpRequest, page: ListPage) -> dict[str, Any]:
    waiting = 0
    if refusal(request.user, "core.write_desk") is None:
        claimed: Any = visible(Claim, request.user)
        waiting = claimed.waiting().count()
    return {"waiting": waiting, "corrections": filters.corrections(page)}


NO_ONE = "none"  # as a choice; an empty one is no answer


class LeadField(OfficerField):
    """Officers and supervisors by name, and "No one"."""

    def clean(self, value: Any) -> User | None:
        return None if value == NO_ONE else super().clean(value)


class LeadForm(BulkForm):
    """Who shall lead."""

    lead = LeadField(
        label=_("Lead officer"),
        queryset=User.objects.none(),
        error_messages={"required": _("Choose who leads, or “No one”.")},
        help_text=_("Sees every place of business of these organizations, wherever it is."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = visible(User, self.request.user).filter(Q(role__in=WRITERS), is_active=True)
        field: forms.ModelChoiceField = self.fields["lead"]  # type: ignore[assignment]  # as declared above
        field.queryset = officers.order_by(in_order("full_name"), "pk")
        offered = [(str(each.pk), each.display_name) for each in field.queryset]
        field.widget.choices = [("", _t("Choose one")), (NO_ONE, _t("No one")), *offered]


def _assign(rows: list[Business], *, actor: Actor, lead: User | None) -> Done:
    numbers = {row.organization_id for row in rows}
    for each in Organization.objects.filter(pk__in=numbers).order_by("pk"):
        services.assign_lead(organization=each, officer=lead, actor=actor)
    return Done(len(rows))


BUSINESSES = Listing(
    title=_("Businesses"),
    subheading=_("Search forgives typing: part of a name, another word order, a missing accent."),
    rows=lambda request: listed_rows(visible(Business, request.user)),
    columns=columns.DESK,
    filters=filters.BusinessFilter,
    default_sort="name",
    noun=NOUN,
    empty=Empty(
        _("No businesses yet"),
        _("Add the first one, or ask an admin to import the city's license file."),
        ADD,
    ),
    switches=_switches,
    steps=(
        WayOn(_("Claims"), "desk:claims", "core.write_desk"),
        WayOn(_("Possible duplicates"), "desk:duplicates", "core.write_desk"),
        WayOn(_("Import a license file"), "desk:import", "businesses.import_files"),
        ADD,
    ),
    bulk=(
        Bulk(
            key="lead",
            label=_("Assign a lead officer"),
            permission="businesses.assign_lead",
            question=_("Who leads %(rows)s from now on?"),
            explain=_("It holds for all places of each organization, also for those outside this list."),
            act=_assign,
            done=_("%(rows)s: the lead officer is assigned."),
            form=LeadForm,
        ),
    ),
    file=File("businesses"),
    template="businesses/desk_list.html",
    more=_more,
)

# A look beyond one's own districts shows what the public directory shows.
CITY = Listing(
    title=_("Businesses"),
    subheading=_("Partners anywhere in the city who agreed to be listed."),
    rows=lambda request: listed_rows(visible(Business, None)),
    columns=columns.CITY,
    filters=filters.PublicBusinessFilter,
    default_sort="name",
    noun=NOUN,
    empty=BUSINESSES.empty,
    switches=_switches,
    steps=BUSINESSES.steps,
    file=File("city-directory"),
    template="businesses/desk_list.html",
    more=_more,
)


def of(request: HttpRequest) -> Listing:
    """The list that an address is about: one's own, or the directory of the whole city."""
    return CITY if request.GET.get("scope") == "city" else BUSINESSES


# What imports added; the page of an import narrows the rows to its own.
IMPORTED = Listing(
    title=_("Businesses that the import added"),
    rows=lambda request: listed_rows(visible(Business, request.user).exclude(batch=None)),
    columns=lambda request: columns.imported(request.user),
    default_sort="name",
    noun=NOUN,
    empty=Empty(_("It added none"), _("Every business of the file was here already.")),
    caption=_("Businesses that the import added"),
    file=File("imported-businesses"),
    template="businesses/desk_import_rows.html",
)


def _changes(request: HttpRequest) -> Any:
    rows: Any = visible(ImportChange, request.user)
    return rows.select_related("business__organization", "business__area")


# What imports changed, and what stayed when one was taken back; their pages narrow the rows to one import.
CHANGED = Listing(
    title=_("Businesses that the import changed"),
    rows=lambda request: _changes(request).exclude(before={}),
    columns=lambda request: columns.changed(request.user),
    noun=NOUN,
    empty=Empty(
        _("Nothing to show"),
        _("It changed none, or it was taken back, or the time in which it could be is over."),
    ),
    caption=_("Businesses that the import changed"),
    file=File("changed-businesses"),
    template="businesses/desk_import_rows.html",
)
STAYED = Listing(
    title=_("Businesses that stayed as they are"),
    rows=lambda request: _changes(request).exclude(stays=""),
    columns=lambda request: columns.stayed(request.user),
    noun=NOUN,
    empty=Empty(_("None stayed"), _("The whole import was taken back.")),
    caption=_("Businesses that stayed as they are"),
    file=File("businesses-that-stayed"),
    template="businesses/desk_import_rows.html",
)


MAPPINGS = Listing(
    title=_("Ways to read files"),
    subheading=_("Each was said once, of a file’s columns. The next file of its kind is read the same way."),
    parent=(_("Import a license file"), "desk:import"),
    rows=lambda request: visible(ImportMapping, request.user),
    columns=columns.MAPPINGS,
    noun=(_("way to read files"), _("ways to read files")),
    empty=Empty(
        _("None is kept yet"),
        _("Import a file as a new kind of file: what you say of its columns is kept under its name."),
        WayOn(_("Import a license file"), "desk:import"),
    ),
    caption=_("Ways to read files"),
)


def _waiting(request: HttpRequest) -> Any:
    rows: Any = visible(Claim, request.user)
    return rows.waiting().select_related("business", "user")


def _claim_switches(request: HttpRequest) -> list[Switch]:
    here, settled = reverse("desk:claims"), request.GET.get("show") == "settled"
    return [
        Switch(
            _("Which claims"),
            [
                Segment(_t("To be verified"), here, current=not settled, count=_waiting(request).count()),
                Segment(_t("Settled"), f"{here}?show=settled", current=settled),
            ],
        )
    ]


def _claims(settled: bool) -> Listing:
    return Listing(
        title=_("Claims"),
        subheading=_(
            "People who say that a business is theirs. Until you verify it, they see only what they typed."
        ),
        parent=(_("Businesses"), "desk:businesses"),
        rows=(
            (
                lambda request: (
                    visible(Claim, request.user)
                    .exclude(status=Claim.Status.CLAIMED)
                    .select_related("business", "user")
                )
            )
            if settled
            else _waiting
        ),
        columns=columns.SETTLED_CLAIMS if settled else columns.CLAIMS,
        filters=filters.ClaimFilter,
        default_sort="-created_at" if settled else "created_at",
        noun=(_("claim"), _("claims")),
        empty=Empty(
            _("No claims yet") if settled else _("No claim waits"),
            _("When someone says “this is my business”, it shows up here."),
            WayOn(_("To the businesses"), "desk:businesses"),
        ),
        switches=_claim_switches,
    )


WAITING, SETTLED = _claims(settled=False), _claims(settled=True)

DIRECTORY = Listing(
    title=_("Partners"),
    rows=lambda request: listed_rows(visible(Business, None)),
    columns=columns.CITY,
    filters=filters.PublicBusinessFilter,
    default_sort="name",
    noun=(_("partner"), _("partners")),
    empty=Empty(
        _("No partner is listed yet"),
        _("Businesses appear here once they are partners and agree to be listed."),
        WayOn(_("Become a partner"), "public:join"),
    ),
    template="businesses/public_list.html",
    more=lambda request, page: {"corrections": filters.corrections(page)},
)
