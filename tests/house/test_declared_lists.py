"""Every declared list: its sorts have an index, or few rows by nature; what it shows can be taken along."""

import csv
import io
import pkgutil
from importlib import import_module

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import RequestFactory
from openpyxl import load_workbook

from config.local.places import BASE_DIR
from core.models import AuditEntry
from core.pages.list_page import Listing
from core.pages.lists import ListPage
from tests.access.conftest import world

__all__ = ["world"]

pytestmark = pytest.mark.django_db
PACKAGES = ("core", "accounts", "partnerships", "events")
# Sorts without an index, by list and column, of rows that stay few whatever the city's size and the years.
OPEN_WORK = (
    "as many as are in the department's hands at a time; the list of what is behind it has no such sort"
)
EVENTS = (
    "a department makes some hundred events a year; what is counted, or stands on another row, has no index"
)
FEW = {
    ("partnerships.businesses.lists.WAITING", "business.name"): OPEN_WORK,
    ("partnerships.vetting.lists.QUEUE", "organization.name"): OPEN_WORK,
    **{
        (f"events.lists.{name}", key): EVENTS
        for name in ("UPCOMING", "PAST", "DRAFTS")
        for key in ("registered", "waiting", "area")
    },
}
# Other parts of a list, with the columns and rows that only they have.
PARTS = {"partnerships.vetting.lists.QUEUE": ("", "show=closed", "scope=mine", "scope=district")}


def declared() -> dict[str, Listing]:
    """Every `Listing` in a module called `lists`, by module and name."""
    found = {}
    for package in PACKAGES:
        for each in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if each.name.endswith(".lists"):
                module = import_module(each.name)
                names = {name: value for name, value in vars(module).items() if isinstance(value, Listing)}
                found |= {f"{each.name}.{name}": value for name, value in names.items()}
    return found


LISTS = declared()
EACH = pytest.mark.parametrize("name", LISTS)


def asked(user, query: str = ""):
    request = RequestFactory().get(f"/desk/{query}")
    request.user, request.session = user, SessionStore()
    return request


def test_the_lists_of_the_desk_are_declared():
    """Were the walk to find none, the tests below would hold nothing."""
    assert {name.rpartition(".")[2] for name in LISTS} >= {
        "BUSINESSES", "CITY", "WAITING", "SETTLED", "QUEUE", "UPCOMING", "PAST", "DRAFTS", "OUTGOING",
        "IN_TROUBLE", "HELD_BACK", "COMING", "BYGONE", "FOR_OWNERS", "DIRECTORY",
    }  # fmt: skip


def test_no_room_builds_a_list_page_by_hand():
    """What is not declared is not found by the tests below."""
    by_hand = [
        str(path)
        for package in PACKAGES
        for path in (BASE_DIR / package).rglob("*.py")
        if "ListPage(" in path.read_text() and (BASE_DIR / "core" / "pages") not in path.parents
    ]
    assert by_hand == []


def sorts(page: ListPage) -> list[str]:
    return [f"{sign}{each.key}" for each in page.columns if each.sort_fields for sign in ("", "-")]


def plans(page: ListPage):
    """What the database would do for the first page, the last, and one in the middle, either way."""
    row = page._base.first()
    middle = page.order.read(page.order.write(row)) if row is not None else None
    for place in (None, middle):
        for backwards in (False, True):
            for condition, terms in page.order.pieces(place, backwards):
                yield page._filtered.filter(condition).order_by(*terms)[:31].explain()


@pytest.fixture
def sorted_as_a_last_resort():
    """A plan that sorts then says that no index gives the order."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_incremental_sort = off; SET LOCAL enable_hashjoin = off")
        yield
        cursor.execute("RESET enable_seqscan; RESET enable_sort")
        cursor.execute("RESET enable_incremental_sort; RESET enable_hashjoin")


def sorting(listing: Listing, user, part: str = "") -> dict[str, str]:
    """The sorts of a list that no index gives, each with the plan that says so."""
    found = {}
    for sort in sorts(listing.page(asked(user, f"?{part}"))):
        for plan in plans(listing.page(asked(user, f"?{part}&sort={sort}"))):
            if "Sort" in plan:
                found[sort] = plan
    return found


@pytest.mark.parametrize("who", ["supervisor", "officer"])
@EACH
def test_every_sort_of_a_list_has_an_index_behind_it(world, sorted_as_a_last_resort, name, who):
    for part in PARTS.get(name, ("",)):
        few = {key for listed, key in FEW if listed == name and part != "show=closed"}
        found = sorting(LISTS[name], world.people[who], part)
        unasked = {sort: plan for sort, plan in found.items() if sort.removeprefix("-") not in few}
        assert not unasked, f"{part} {', '.join(unasked)}\n" + "\n\n".join(unasked.values())


def test_only_sorts_without_an_index_are_let_off(world, sorted_as_a_last_resort):
    supervisor = world.people["supervisor"]
    needed = {(name, sort.removeprefix("-")) for name in LISTS for sort in sorting(LISTS[name], supervisor)}
    assert needed == set(FEW)


def test_every_list_can_be_sorted(world):
    """Were there nothing to sort by, the tests above would hold nothing."""
    assert all(sorts(each.page(asked(world.people["supervisor"]))) for each in LISTS.values())


@EACH
def test_what_a_list_shows_can_be_taken_along(world, name):
    listing, supervisor = LISTS[name], world.people["supervisor"]
    page = listing.page(asked(supervisor))
    if listing.file is None:
        assert page.files == []
        return
    heads = [head for each in page.declared for head in each.file_heads()]
    assert len(heads) == len(set(heads)), "two columns of a file have the same head"
    before = AuditEntry.objects.filter(verb__endswith=".list_exported").count()
    lines = list(
        csv.reader(io.StringIO(body(listing.respond(asked(supervisor, "?as=csv"))).decode("utf-8-sig")))
    )
    sheet = load_workbook(io.BytesIO(body(listing.respond(asked(supervisor, "?as=xlsx"))))).active
    assert lines[0] == [cell.value for cell in sheet[1]] == heads
    assert len(lines) - 1 == sheet.max_row - 1 == page.count
    assert all(len(line) == len(heads) for line in lines)
    assert not any("<" in cell for line in lines for cell in line)
    assert AuditEntry.objects.filter(verb__endswith=".list_exported").count() == before + 2


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_record_of_a_file_names_the_filters_and_nothing_that_was_typed(world):
    listing = LISTS["partnerships.businesses.lists.BUSINESSES"]
    listing.respond(asked(world.people["supervisor"], "?as=csv&q=secret&standing=partner&anything=at-all"))
    entry = AuditEntry.objects.filter(verb="businesses.list_exported").latest("pk")
    assert entry.detail == "business.csv q,standing"


def test_unknown_kind_of_file_is_the_page(world):
    listing = LISTS["partnerships.businesses.lists.BUSINESSES"]
    answer = listing.respond(asked(world.people["supervisor"], "?as=exe"))
    assert not answer.streaming


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00%2B00:00"]
)
def test_a_moment_at_the_end_of_time_is_a_place_like_any_other(world, moment):
    """The database knows no such zones and would answer with a fault."""
    for end in ("after", "before"):
        page = world.client("supervisor").get(f"/desk/businesses/?sort=updated&{end}={moment}~1")
        assert page.status_code == 200
