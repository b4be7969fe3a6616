"""How the gates open this room's pages in the demonstration; see `tests.access.offered`."""

from collections.abc import Callable

from django.urls import reverse

from core.jobs.models import Job
from partnerships.businesses.jobs_of_areas import AREAS, LOOK
from partnerships.businesses.models import Business, Claim, DuplicatePair, Merge
from tests.gates.visits import Rows

# Answer with a file, or to a script.
NO_PAGES = {
    *("desk:import_report", "desk:import_left_out", "desk:mapping_file"),
    *("public:kinds", "desk:businesses_map_places", "desk:businesses_map_borders"),
}
# Without a choice it leads back to the pair.
SEND_ON = {"desk:duplicate_merge"}
# What no person types: codes, digests, and what is read off other columns.
MADE_BY_US = {
    *("sha256", "content_type", "search_text", "source", "Area.code", "ImportBatch.kind"),
    *("Business.area_code", "BusinessEvent.area_code"),
}
SHOWN_NOWHERE = {"Business.listing_wording", "Business.postal_code"}


def _business(name: str) -> Business:
    """A business of the demonstration."""
    return Business.objects.get(name=name)


def _partners() -> Rows:
    yield (
        "public:partner",
        reverse("public:partner", args=[_business("Panadería La Espiga Dorada").slug]),
        "visitor",
    )


def _own_businesses() -> Rows:
    for word, name, who in (
        ("", "Panadería La Espiga Dorada", "rosa@panaderia-espiga.example"),
        (" of a chain", "Northbank Grocers, Store 1", "owner"),
    ):
        yield f"portal:business{word}", reverse("portal:business", args=[_business(name).pk]), who


def _desk_businesses() -> Rows:
    prospect = Business.objects.filter(organization__source="import").first()
    for word, row in (
        ("", _business("Northbank Grocers, Store 1")),
        (" prospect", prospect or _business("Saltbox Furniture Makers")),
        (" conditions", _business("Halyard Fuel & Mart")),
    ):
        yield f"desk:business{word}", reverse("desk:business", args=[row.pk]), "supervisor"


def _claim() -> Rows:
    row = Claim.objects.get(business__name="Tallgrass Animal Clinic")
    yield "desk:claim", reverse("desk:claim", args=[row.pk]), "supervisor"


def _pairs() -> Rows:
    for word, name in (("", "Corner Bean & Co. Coffee"), (" dismissed", "Copper Kettle Diner")):
        row = DuplicatePair.objects.get(one__name=name)
        yield f"desk:duplicate{word}", reverse("desk:duplicate", args=[row.pk]), "supervisor"


def _merge() -> Rows:
    row = Merge.objects.get(merged__name="Two Otter Books")
    yield "desk:merge", reverse("desk:merge", args=[row.pk]), "supervisor"
    undone = Merge.objects.exclude(undone_at=None).get()
    yield "desk:merge undone", reverse("desk:merge", args=[undone.pk]), "supervisor"


# What is opened in place of the access tests' sample.
RICHER: dict[str, Callable[[], Rows]] = {
    "public:partner": _partners,
    "portal:business": _own_businesses,
    "desk:business": _desk_businesses,
    "desk:claim": _claim,
    "desk:duplicate": _pairs,
    "desk:merge": _merge,
}


def more() -> Rows:
    """What no URL name stands for: what is missing or refused, an empty list, a filtered one."""
    yield "public:partners nothing found", reverse("public:partners") + "?q=zzzzzz", "visitor"
    for kind in (LOOK, AREAS):
        of_areas = Job.objects.filter(kind=kind, status="done").first()
        if of_areas is not None:
            yield f"desk:job {kind}", of_areas.get_absolute_url(), "supervisor"
    chosen = DuplicatePair.objects.filter(status="open").first()
    if chosen is not None:
        there = reverse("desk:duplicate_merge", args=[chosen.pk])
        yield "desk:duplicate_merge", f"{there}?keep=one&name=other", "supervisor"
    yield "desk:duplicates settled", reverse("desk:duplicates") + "?show=settled", "supervisor"
    yield "desk:duplicates very likely", reverse("desk:duplicates") + "?score=95", "supervisor"
    yield "desk:businesses found", reverse("desk:businesses") + "?q=coffee&standing=prospect", "supervisor"
    yield (
        "desk:businesses_map beats",
        reverse("desk:businesses_map") + "?district=19&industry=coffee",
        "officer",
    )


# What is given the longest name there may be, and the pages that show it.
LONG = (
    ("organization", "name", "legal_name"),
    ("business", "name", "street", "city"),
    ("contact", "name", "role_title", "note"),
)
LONG_ON = {
    "public:partner": "",
    "public:partners": "?q=wanderers",
    "portal:business": "",
    "portal:businesses": "",
    "portal:people": "",
    "desk:business": "",
    "desk:businesses": "?q=wanderers",
    "desk:claim": "",
    "desk:contact_edit": "",
}
