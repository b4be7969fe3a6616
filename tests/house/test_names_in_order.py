"""Lists by name stand in natural order: numbers count as numbers, accents and case do not count."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from core import clock
from partnerships.businesses import services
from partnerships.businesses.models import Area, Business
from tests.factories.accounts import AdminFactory, SupervisorFactory, sign_in
from tests.factories.businesses import AreaFactory, BusinessFactory
from tests.factories.events import EventFactory, place
from tests.factories.vetting import submitted

pytestmark = pytest.mark.django_db

IN_ORDER = [
    "7 Eleven",
    "24 Hour Locks",
    "100 Flowers",
    "aaa Towing",
    "Éclair Bakery",
    "Store",
    "Store 2",
    "store 02 B",
    "“Store” 9",
    "Store 10",
    "Store 10 A",
    "Store 10 B2",
    "Store 10 B10",
    "Store #04147",
    "Store 12345678901",
    "Zebra",
]


def test_the_database_puts_names_in_order():
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT name FROM unnest(%s::text[]) AS name ORDER BY core_in_order(name) COLLATE "C"',
            [IN_ORDER[::-1]],
        )
        assert [name for (name,) in cursor.fetchall()] == IN_ORDER


def test_a_backup_is_restored_with_its_names():
    """`pg_restore` makes and fills the tables while no schema is looked through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', '', true)")
        cursor.execute("SELECT public.core_fold('Éclair 2'), public.core_in_order('Éclair 2')")
        assert cursor.fetchone() == (" eclair 2", "eclair 0000000002")


@pytest.fixture
def supervisor(client):
    user = SupervisorFactory()
    sign_in(client, user)
    return user


def names(client, address, query=""):
    """Of all pages of a list, one after the other."""
    found, url = [], f"{address}{query}"
    while url:
        page = client.get(url).context["list"]
        found += list(page.rows)
        url = address + page.next_url if page.next_url else ""
    return found


@pytest.fixture
def stores(db):
    """Forty stores, made in no order, more than one page."""
    numbers = sorted(range(1, 41), key=lambda n: n * 17 % 41)
    return [BusinessFactory(name=f"Store {n}", standing="partner") for n in numbers]


IN_NUMBERS = [f"Store {n}" for n in range(1, 41)]


def test_the_list_of_businesses_over_its_pages(client, supervisor, stores):
    address = reverse("desk:businesses")
    assert [row.name for row in names(client, address)] == IN_NUMBERS
    assert [row.name for row in names(client, address, "?sort=-name")] == IN_NUMBERS[::-1]
    assert [row.name for row in names(client, address, "?q=store")] == IN_NUMBERS


def test_the_public_directory(client, stores):
    Business.objects.update(listed=True)
    assert [row.name for row in names(client, reverse("public:partners"))] == IN_NUMBERS


def test_areas_by_their_number_in_lists_and_drop_downs(client, supervisor):
    for code in ("10", "2", "1"):
        BusinessFactory(area=AreaFactory(code=code))
    address = reverse("desk:businesses")
    by_area = names(client, address, "?sort=area")
    assert [row.area.code for row in by_area] == ["1", "2", "10"]
    form = client.get(address).context["list"].filterset.form
    assert [value for value, _label in form.fields["district"].choices][1:4] == ["1", "2", "10"]
    Area.objects.filter(code="1").update(code="11")
    assert [row.area.code for row in names(client, address, "?sort=area")] == ["2", "10", "11"]


def test_the_queue_by_organization_and_events_by_title(client, supervisor):
    for n in (10, 2):
        submitted(business=BusinessFactory(name=f"Store {n}"))
        EventFactory(title=f"Workshop {n}", actor=supervisor)
    queue = names(client, reverse("desk:applications"), "?sort=organization.name")
    assert [row.organization.name for row in queue] == ["Store 2", "Store 10"]
    assert [row.title for row in names(client, reverse("desk:events"), "?sort=title")] == [
        "Workshop 2",
        "Workshop 10",
    ]


def test_the_file_of_a_list_has_its_order(client, supervisor, stores):
    answer = client.get(reverse("desk:businesses") + "?as=csv")
    lines = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert [line[0] for line in lines][1:] == IN_NUMBERS


@pytest.mark.parametrize(
    ("query", "expected"), [("", IN_NUMBERS), ("?o=0", IN_NUMBERS), ("?o=-0", IN_NUMBERS[::-1])]
)
def test_the_lists_of_the_admin_by_their_own_order_and_by_a_heading(client, stores, query, expected):
    sign_in(client, AdminFactory())
    page = client.get(reverse("admin:businesses_business_changelist") + query).context["cl"]
    assert [row.name for row in page.result_list] == expected
    assert list(page.get_ordering_field_columns()) == [0]  # the heading says that it is sorted by


def test_whoever_writes_the_row_the_database_keeps_the_key(stores):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE businesses_business SET name = 'Store 0' || id")
        cursor.execute(
            "SELECT count(*) FROM businesses_business WHERE name_key = 'store ' || lpad(id::text, 10, '0')"
        )
        assert cursor.fetchone() == (len(stores),)


def test_a_new_name_takes_its_place_at_once(client, supervisor, stores):
    services.update_business(business=stores[0], actor=None, name="Store 0")
    assert names(client, reverse("desk:businesses"))[0].pk == stores[0].pk


PEOPLE = [
    "Abe Ito",
    "Ábel Nagy",
    "abel Ode",
    "Dan Wu",
    "de Vries",
    "De Vries, Jan",
    "Éva Kis",
    "O’Dell",
    "Zoe Ash",
]


@pytest.fixture
def guests(supervisor):
    """Of an event whose doors are open, registered in no order."""
    event = EventFactory(actor=supervisor, starts_at=clock.now() + timedelta(hours=1))
    for name in sorted(PEOPLE, key=lambda name: name[::-1]):
        place(event, name)
    return event


def test_the_guests_of_an_event_at_the_door_on_paper_and_in_a_file(client, supervisor, guests):
    for page in ("event_attendance", "attendance_print"):
        shown = client.get(reverse(f"desk:{page}", args=[guests.pk])).context["registrations"]
        assert [row.name for row in shown] == PEOPLE, page
    answer = client.get(reverse("desk:attendance_export", args=[guests.pk]))
    lines = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert [line[0] for line in lines][1:] == PEOPLE


@pytest.mark.parametrize(("query", "expected"), [("?o=1", PEOPLE), ("?o=-1", PEOPLE[::-1])])
def test_people_in_the_admin_by_a_heading(client, guests, query, expected):
    sign_in(client, AdminFactory())
    page = client.get(reverse("admin:events_registration_changelist") + query).context["cl"]
    assert [row.name for row in page.result_list] == expected
    assert list(page.get_ordering_field_columns()) == [1]
