"""The registry looked through: what is found, what is remembered, and what a stop leaves behind."""

import json
from itertools import combinations

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.access import Refused
from core.jobs.models import Job, Status
from core.jobs.running import run_next
from core.workflow import StaleMove
from partnerships.businesses import jobs_of_duplicates, services, tasks
from partnerships.businesses.duplicates import scan
from partnerships.businesses.duplicates.entry import note
from partnerships.businesses.duplicates.scan import find_duplicates
from partnerships.businesses.models import Business, DuplicatePair, ImportBatch
from tests.factories.accounts import OfficerFactory, SupervisorFactory
from tests.factories.businesses import BusinessFactory

pytestmark = pytest.mark.django_db
LATER_COMMITS = pytest.mark.django_db(transaction=True)


def twice(name="Corner Bean", street="12 W Elm St", **more):
    """One place in two records."""
    one = BusinessFactory(name=name, street=street, **more)
    return one, BusinessFactory(name=f"{name.upper()} LLC", street=street.replace("W", "West"), **more)


def found(**more):
    return find_duplicates(actor=None, **more)


def numbers():
    return set(DuplicatePair.objects.values_list("one", "other"))


def test_two_records_of_one_place_are_found_and_neighbors_are_not():
    one, other = twice()
    BusinessFactory(name="Elm Dental", street="12 W Elm St")
    BusinessFactory(name="Corner Bean", street="900 W Oak St")
    assert found().new == 1
    pair = DuplicatePair.objects.get()
    assert (pair.one, pair.other, pair.status, pair.found_by) == (one, other, "open", "scan")
    assert [code for code, _points in pair.reasons][:2] == ["same_name", "same_address"]


def test_a_second_look_finds_nothing_new_and_writes_nothing():
    twice()
    found()
    before = DuplicatePair.objects.get()
    again = found()
    assert (again.new, again.pairs, again.gone) == (0, 1, 0)
    assert DuplicatePair.objects.get().updated_at == before.updated_at


def test_what_is_not_a_duplicate_is_remembered():
    twice()
    found()
    pair = services.dismiss_pair(pair=DuplicatePair.objects.get(), actor=None)
    assert found().new == 0
    pair.refresh_from_db()
    assert pair.status == "dismissed"
    services.reopen_pair(pair=pair, actor=None)
    assert DuplicatePair.objects.open().count() == 1


def test_of_two_people_who_settle_one_pair_the_second_is_told():
    twice()
    found()
    pair = DuplicatePair.objects.get()
    services.dismiss_pair(pair=pair, actor=None)
    with pytest.raises(StaleMove):
        services.dismiss_pair(pair=pair, actor=None)


def test_a_pair_that_was_put_right_is_gone():
    _one, other = twice()
    found()
    services.update_business(business=other, actor=None, street="700 S Oak Ave", name="Oak Dental")
    assert found().gone == 1
    assert not DuplicatePair.objects.exists()


def test_two_closed_places_concern_nobody():
    one, _other = twice(closed_on="2020-01-01")
    assert found().pairs == 0
    Business.objects.filter(pk=one.pk).update(closed_on=None)
    assert found().pairs == 1


def test_a_look_after_an_import_keeps_only_its_pairs():
    twice("Blue Kettle", "40 W Oak St")
    one, other = twice()
    batch = ImportBatch.objects.create(kind="businesses", file_name="a.csv")
    Business.objects.filter(pk=other.pk).update(batch=batch)
    jobs_of_duplicates.queue_job(
        kind=jobs_of_duplicates.DUPLICATES, arguments={"batch": batch.pk}, actor=None
    )
    job = run_next()
    assert job.status == Status.DONE
    assert numbers() == {(one.pk, other.pk)}
    assert DuplicatePair.objects.get().found_by == "import"


def test_a_crowded_block_is_left_out_and_the_finer_key_finds_its_pair(monkeypatch):
    """A mall: 47 shops at one address, two of them one."""
    monkeypatch.setattr(scan, "LARGEST", 10)
    words = ["alder", "birch", "cedar", "dahlia", "willow", "fern", "ginger", "hazel", "iris", "jasmine"]
    for at, (first, second) in enumerate(combinations(words, 2)):
        BusinessFactory(name=f"{first} {second} Shop", street=f"12 W Elm St #{at}")
    one, other = twice("Marrowbone Shoes", "12 W Elm St #50")
    told = found()
    assert told.crowded
    assert numbers() == {(one.pk, other.pk)}


def test_the_statements_do_not_grow_with_the_places():
    twice()
    with CaptureQueriesContext(connection) as few:
        found()
    for n in range(40):
        twice(f"Blue Kettle {'abcdefghij'[n % 10] * 5}{'klmn'[n // 10] * 4}", f"{50 + n} W Oak St")
    with CaptureQueriesContext(connection) as many:
        assert found().pairs == 41
    assert len(many) == len(few)


def test_who_does_not_supervise_does_not_ask():
    with pytest.raises(Refused):
        find_duplicates(actor=OfficerFactory())
    assert find_duplicates(actor=SupervisorFactory()).places == 0


class Stop(Exception):  # noqa: N818  (what a job raises to stop)
    pass


def test_a_look_that_is_stopped_leaves_nothing_and_the_next_begins_anew():
    twice()

    def stop(done, total):
        if done > total / 2:
            raise Stop

    with pytest.raises(Stop):
        found(progress=stop)
    assert not DuplicatePair.objects.exists()
    assert found().new == 1


def test_progress_ends_with_all_that_there_was():
    twice()
    told = []
    found(progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] == 2 + 1
    assert told[0][0] < told[0][1]


def test_every_night_one_look_is_asked_for_and_no_second_beside_it():
    tasks.find_duplicates()
    tasks.find_duplicates()
    job = Job.objects.get()
    assert (job.kind, job.owner_id) == (jobs_of_duplicates.DUPLICATES, None)
    twice()
    assert run_next().result["new"] == 1
    tasks.find_duplicates()
    assert Job.objects.count() == 2


def test_the_command_tells_people_and_programs(capsys):
    twice()
    call_command("find_duplicates")
    assert "1 pairs that may be one among 2 places of business: 1 new" in capsys.readouterr().out
    call_command("find_duplicates", json=True)
    assert json.loads(capsys.readouterr().out)["pairs"] == 1


def test_a_place_that_is_added_is_compared_at_once():
    there = BusinessFactory(name="Corner Bean", street="12 W Elm St")
    added = services.add_business(
        actor=None, name="Corner Bean Inc", street="12 West Elm Street", postal_code="60657"
    )
    pair = DuplicatePair.objects.get()
    assert (pair.one, pair.other, pair.found_by) == (there, added, "entry")
    assert note([added.pk]) == 0  # known by now


def test_a_place_that_nobody_knows_makes_no_pair():
    BusinessFactory(name="Corner Bean", street="12 W Elm St")
    services.add_business(actor=None, name="Corner Bean", street="900 W Oak St", postal_code="60657")
    assert not DuplicatePair.objects.exists()


def test_one_place_shares_a_phone_and_a_shorter_name():
    there = BusinessFactory(name="Thistledown Books", street="12 W Elm St", phone="(312) 555-0134")
    services.add_business(actor=None, name="Thistledown", street="12 W Elm St Unit 3", phone="312 555 0134")
    assert DuplicatePair.objects.get().one == there
