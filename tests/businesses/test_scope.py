"""What stands on the rows answers who sees what, whatever happens to them, as one long subquery would."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core import clock
from partnerships.businesses import services
from partnerships.businesses.imports.areas import import_areas
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.presets import load_preset
from partnerships.businesses.models import Area, Business, DistrictAssignment, Organization
from tests.factories.accounts import UserFactory
from tests.factories.businesses import BusinessFactory, OrganizationFactory, square
from tests.gates import FULL

from .files import PRESET, row, write
from .scope_world import World, differences, untrue_rows

N = st.integers(0, 60)
MOVES = st.sampled_from(["move", "merge", "change_lead", "save_late", "reparent", "assign"])
ENDS = st.sampled_from(["remove", "redraw", "end_assignment", "let_days_pass", "leave", "settle"])
ADDS = st.sampled_from(["join", "claim", "keep_people", "apply", "review", "meet", "change_person"])


class City(RuleBasedStateMachine):
    """Everything that moves scope, in any order; after each step everyone sees what they should."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = transaction.atomic()
        self.inside.__enter__()
        self.world = World()
        self.steps = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.inside.__exit__(None, None, None)

    def happen(self, name: str, *numbers: int) -> None:
        with clock.at(self.world.now):
            getattr(self.world, name)(*numbers)

    @initialize(n=N, m=N)
    def begin(self, n: int, m: int) -> None:
        for each in range(4):
            self.happen("add_places", n + each, m + each, 2)
        for name in ("join", "claim", "keep_people", "apply", "meet"):
            self.happen(name, n, m)

    @rule(n=N, m=N, count=st.integers(1, 3))
    def add_places(self, n: int, m: int, count: int) -> None:
        self.happen("add_places", n, m, count)

    @rule(name=MOVES, n=N, m=N)
    def move_scope(self, name: str, n: int, m: int) -> None:
        self.happen(name, n, m)

    @rule(
        name=st.sampled_from(["remove", "redraw", "end_assignment", "let_days_pass", "leave", "settle"]), n=N
    )
    def end_something(self, name: str, n: int) -> None:
        self.happen(name, n)

    @rule(name=ADDS, n=N, m=N)
    def add_something(self, name: str, n: int, m: int) -> None:
        self.happen(name, n, m)

    @rule(name=st.sampled_from(["write", "add_organization"]), n=N)
    def add_more(self, name: str, n: int) -> None:
        self.happen(name, n)

    @invariant()
    def rows_are_true_and_everyone_sees_what_they_should(self) -> None:
        assert untrue_rows() == []
        self.steps += 1
        if self.steps % 4 == 0:  # asking for everyone takes a hundred times as long
            assert self.world.wrong() == []


@pytest.mark.django_db
def test_whatever_happens_everyone_sees_what_they_should() -> None:
    run_state_machine_as_test(
        City,
        settings=settings(
            max_examples=60 if FULL else 6,
            stateful_step_count=24 if FULL else 15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def world(db: None) -> World:
    """With some of everything, and an officer who leads the first organization."""
    world = World()
    with clock.at(world.now):
        for n in range(6):
            world.add_places(2 * n, n, 2)
        lead = world.people[0]
        Organization.objects.filter(pk=Business.objects.earliest("pk").organization_id).update(
            lead_officer=lead
        )
        for n, name in enumerate(("join", "claim", "keep_people", "apply", "review", "meet")):
            getattr(world, name)(n + 1, n)
        world.write(1)
    assert untrue_rows() + world.wrong() == []
    return world


def place_a_site(world: World) -> None:
    Business.objects.create(organization=Organization.objects.earliest("pk"), name="New", area=world.beats[3])


def take_a_site_away(world: World) -> None:
    Business.objects.exclude(area=None).exclude(hosted_events__isnull=False).earliest("pk").delete()


def move_a_site(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE businesses_business SET area_id = %s", [world.beats[5].pk])


def give_a_site_away(world: World) -> None:
    first, last = Organization.objects.earliest("pk"), Organization.objects.latest("pk")
    first.sites.update(organization=last)


def part_a_beat(world: World) -> None:
    Area.objects.filter(pk__in=[each.pk for each in world.beats]).update(parent=world.districts[1])


def change_the_lead(world: World) -> None:
    Organization.objects.update(lead_officer=world.people[1])


def save_what_was_read_before(world: World) -> None:
    organization = Organization.objects.earliest("pk")
    organization.sites.update(area=world.beats[4])
    organization.save()


def copy_an_organization(world: World) -> None:
    organization = Organization.objects.earliest("pk")
    organization.pk, organization._state.adding = None, True
    organization.save()


CHANGES = {
    place_a_site: "businesses.Business:areas_of_new",
    take_a_site_away: "businesses.Business:areas_of_gone",
    move_a_site: "businesses.Business:areas_of_moved",
    give_a_site_away: "businesses.Business:areas_of_moved",
    part_a_beat: "businesses.Area:areas_of_parted",
    change_the_lead: "businesses.Organization:copy_down",
    save_what_was_read_before: "businesses.Organization:areas_hold_still",
    copy_an_organization: "businesses.Organization:areas_begin_empty",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_that_moves_scope_counts_at_once_by_its_trigger(world: World, change: Any) -> None:
    with transaction.atomic():
        change(world)
        assert untrue_rows() + world.wrong() == []
        transaction.set_rollback(True)
    # Without the trigger it would be missed, and these tests would see it.
    with transaction.atomic():
        with pgtrigger.ignore(CHANGES[change]):
            change(world)
            assert untrue_rows()
        transaction.set_rollback(True)


def test_a_redrawn_district_takes_its_places_along(city: Any, officer: Any, tmp_path: Path) -> None:
    for longitude in (-87.65, -87.55):
        services.add_business(actor=None, name="Corner", latitude=41.95, longitude=longitude)
    path = tmp_path / "beats.geojson"
    wide = {
        "type": "Feature",
        "properties": {"NUM": "1925", "DIST": "19"},
        "geometry": square(-87.70, 41.90, 0.2),
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [wide]}))
    today = clock.today()
    report = import_areas(
        path, kind="beat", name_field="NUM", parent_field="DIST", valid_from=today, actor=None
    )
    assert report.moved == 2
    assert untrue_rows() + differences([officer]) == []
    assert Business.objects.visible_to(officer).count() == 2
    wide = {"type": "Feature", "properties": {"NUM": "19"}, "geometry": square(-87.70, 41.90, 0.3)}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [wide]}))
    assert import_areas(path, kind="district", name_field="NUM", valid_from=today, actor=None).redrawn == 1
    assert untrue_rows() + differences([officer]) == []
    assert Business.objects.visible_to(officer).count() == 2


def test_an_import_places_its_organizations_and_a_later_file_moves_them(
    city: Any, officer: Any, tmp_path: Path
) -> None:
    west, east, nowhere = {"longitude": "-87.65"}, {"longitude": "-87.55"}, {"latitude": "", "longitude": ""}
    preset = load_preset(PRESET)
    rows = [row(**west), row(site_number="2", **nowhere), row(account_number="7", **east)]
    import_businesses(write(tmp_path / "first.csv", rows), preset, actor=None)
    parts = {each.account_number: each.areas for each in Organization.objects.all()}
    assert parts == {
        "100": [0, *sorted([city.west.pk, city.west_beat.pk])],
        "7": sorted([city.east.pk, city.east_beat.pk]),
    }
    assert untrue_rows() + differences([officer]) == []
    rows = [row(**east), row(site_number="2", **east), row(account_number="7", **west)]
    import_businesses(write(tmp_path / "second.csv", rows), preset, actor=None)
    assert untrue_rows() + differences([officer]) == []
    assert set(Organization.objects.visible_to(officer)) == {Organization.objects.get(account_number="7")}


def test_an_assignment_begins_and_ends_with_its_day(city: Any, east_shop: Any) -> None:
    officer = UserFactory(role="officer", totp=False)
    today = clock.now()
    starts = clock.today() + timedelta(days=2)
    DistrictAssignment.objects.create(
        user=officer, area=city.east, starts_on=starts, ends_on=starts + timedelta(days=3)
    )
    seen = []
    for days in range(7):
        with clock.at(today + timedelta(days=days)):
            assert differences([officer]) == []
            seen.append(Business.objects.visible_to(officer).count())
    assert seen == [0, 0, 1, 1, 1, 0, 0]


@pytest.mark.django_db
def test_history_is_not_asked_when_areas_are_kept() -> None:
    """Its trigger would join all changed rows with one another; the function leaves it out by its name."""
    history = next(each for each in Organization._meta.triggers if each.name == "update_update")
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'businesses_keep_areas'")
        assert f"{{{history.get_pgid(Organization)}}}" in cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM businesses_organizationevent")
        before = cursor.fetchone()
        BusinessFactory()  # the organization is noted, its areas are not
        cursor.execute("SELECT count(*) - 1 FROM businesses_organizationevent")
        assert cursor.fetchone() == before
        Organization.objects.update(name="Another name")
        cursor.execute("SELECT count(*) - 2 FROM businesses_organizationevent")
        assert cursor.fetchone() == before


@contextmanager
def without(lock: str) -> Iterator[None]:
    """The function that keeps areas, without one of its locks: what ends with `lock`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('businesses_keep_areas(bigint[])'::regprocedure)")
        whole = cursor.fetchone()[0]
        end = whole.index(lock) + len(lock)
        cursor.execute(whole[: whole.rindex("PERFORM", 0, end)] + whole[end:])
        yield
        cursor.execute(whole)


@pytest.fixture
def unlocked() -> Iterator[None]:
    """Without the lock on the organizations."""
    with without("FOR NO KEY UPDATE;"):
        yield


def at_once(first: Callable[[], Any], second: Callable[[], Any]) -> None:
    """Two transactions that do not see each other: the second begins when the first has written."""
    written = threading.Event()

    def other() -> None:
        try:
            written.wait(10)
            with transaction.atomic():
                second()
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    with transaction.atomic():
        first()
        written.set()
        with connection.cursor() as cursor:  # until the other one stands before our row
            for _try in range(1000):
                cursor.execute(
                    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted "
                    "AND locktype = 'transactionid' AND datname = current_database()"
                )
                if cursor.fetchone()[0] or not thread.is_alive():
                    break
                cursor.execute("SELECT pg_sleep(0.01)")
    thread.join(10)


def two_sites_at_once() -> None:
    organization = OrganizationFactory()
    west, east = (
        Area.objects.create(kind="district", code=code, valid_from=date(2020, 1, 1)) for code in "12"
    )
    at_once(
        lambda: Business.objects.create(organization=organization, name="First", area=west),
        lambda: Business.objects.create(organization=organization, name="Second", area=east),
    )


@pytest.mark.django_db(transaction=True)
def test_two_sites_that_come_at_once_both_count() -> None:
    two_sites_at_once()
    assert untrue_rows() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_of_two_sites_would_be_missed(unlocked: None) -> None:
    two_sites_at_once()
    assert untrue_rows()


def a_site_while_its_beat_changes_district() -> None:
    organization = OrganizationFactory()
    west, east = (
        Area.objects.create(kind="district", code=code, valid_from=date(2020, 1, 1)) for code in "12"
    )
    beat = Area.objects.create(kind="beat", code="11", parent=west, valid_from=date(2020, 1, 1))
    at_once(
        lambda: Business.objects.create(organization=organization, name="New", area=beat),
        lambda: Area.objects.filter(pk=beat.pk).update(parent=east),
    )


@pytest.mark.django_db(transaction=True)
def test_a_site_that_comes_while_its_beat_changes_district_lies_in_the_new_one() -> None:
    a_site_while_its_beat_changes_district()
    assert untrue_rows() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_on_areas_a_site_would_stay_in_the_former_district() -> None:
    with without("FOR SHARE;"):
        a_site_while_its_beat_changes_district()
    assert untrue_rows()


def a_site_while_the_lead_changes() -> None:
    organization, lead = OrganizationFactory(), UserFactory(role="officer", totp=False)
    at_once(
        lambda: Organization.objects.filter(pk=organization.pk).update(lead_officer=lead),
        lambda: Business.objects.create(organization=organization, name="New"),
    )


@pytest.mark.django_db(transaction=True)
def test_a_site_that_comes_while_the_lead_officer_changes_has_the_new_one() -> None:
    a_site_while_the_lead_changes()
    assert untrue_rows() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_site_would_keep_the_former_lead_officer(unlocked: None) -> None:
    a_site_while_the_lead_changes()
    assert untrue_rows()


@pytest.mark.parametrize("url", ["/desk/", "/desk/applications/", "/desk/events/", "/desk/mail/"])
def test_a_page_reads_what_its_reader_covers_once(
    as_user: Any, officer: Any, west_shop: Any, url: str
) -> None:
    client = as_user(officer)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    asked = [each["sql"] for each in queries if "businesses_districtassignment" in each["sql"]]
    assert len(asked) == 1, asked


def test_a_member_s_page_reads_what_they_act_for_once(as_user: Any, owner: Any, west_shop: Any) -> None:
    services.add_membership(organization=west_shop.organization, user=owner, actor=None)
    client = as_user(owner)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/portal/businesses/{west_shop.pk}/").status_code == 200
    asked = [each["sql"] for each in queries if 'FROM "businesses_membership" LEFT' in each["sql"]]
    assert len(asked) == 1, asked


def test_a_shop_of_another_district_is_told_by_its_area_alone(
    officer: Any, west_shop: Any, east_shop: Any
) -> None:
    BusinessFactory(name="Nowhere")
    for model in (Business, Organization):
        plan = model.objects.visible_to(officer).explain()
        assert "SubPlan" not in plan
        assert "Join" not in plan


def named_and_missing():
    """Triggers that functions of the database name, and which of them are not there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(regexp_matches(prosrc, 'pgtrigger_\\w+', 'g')) FROM pg_proc "
            "WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'businesses\\_%'"
        )
        named = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname = ANY(%s)", [list(named)])
        return named, named - {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_a_trigger_that_a_function_of_the_database_lets_rest_is_there_under_that_name():
    """The name holds a hash; under another one nothing would rest, and history would fill silently."""
    named, missing = named_and_missing()
    assert named
    assert not missing
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TRIGGER {min(named)} ON businesses_organization RENAME TO pgtrigger_renamed")
    assert named_and_missing()[1] == {min(named)}, "a name that changed is seen"
