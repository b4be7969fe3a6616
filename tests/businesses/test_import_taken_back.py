"""An import is taken back: what it added goes, what it changed is as before; what people did since stays."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse
from pghistory.models import Event

from core import clock
from core.access import Refused
from core.jobs.models import Job, Status
from core.jobs.running import run_next
from core.models import AuditEntry
from partnerships.businesses import jobs, services
from partnerships.businesses.imports import taking_back
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.presets import load_preset
from partnerships.businesses.imports.taking_back import outlook, refusal, take_back
from partnerships.businesses.models import (
    Business,
    Contact,
    DuplicatePair,
    ImportBatch,
    ImportChange,
    Organization,
)
from tests.factories.accounts import AdminFactory, OfficerFactory, SupervisorFactory, UserFactory, sign_in
from tests.factories.businesses import ContactFactory, MembershipFactory
from tests.factories.vetting import draft

from .files import PRESET, row, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    def run(*rows, name="licenses.csv"):
        path = write(tmp_path / name, list(rows))
        return ImportBatch.objects.get(pk=import_businesses(path, load_preset(PRESET), actor=None).batch)

    return run


def told(*models):
    """Every column of the rows, but when they were last changed and by whom."""
    return [
        {name: value for name, value in each.items() if not name.startswith("updated_")}
        for model in models
        for each in model.objects.order_by("pk").values()
    ]


def test_what_it_added_goes_with_the_organizations_that_are_left_without_a_place(load, city):
    load(row(account_number="7"), name="first.csv")
    before = told(Organization, Business)
    further = [row(account_number="7", site_number="2"), row(), row(site_number="2")]
    batch = load(row(account_number="7"), *further)
    assert Business.objects.count() == 4
    assert outlook(batch) == taking_back.Undone(removed=3)
    done = take_back(batch=batch, actor=None)
    assert done == taking_back.Undone(removed=3, organizations=1)
    assert told(Organization, Business) == before
    assert not ImportChange.objects.exists()
    batch.refresh_from_db()
    assert batch.taken_back_at is not None
    assert AuditEntry.objects.filter(verb="businesses.import_taken_back").count() == 1


def test_what_it_changed_becomes_what_it_was_in_every_column(load, city, tmp_path):
    old = [row(), row(site_number="2"), row(account_number="7")]
    new = [
        row(doing_business_as_name="RIVER GROCERS", address="5 W NEW ST", longitude="-87.55",
            date_issued="05/13/2024", license_term_expiration_date="05/15/2026",
            legal_name="RIVER GROCERS, INC.", license_description="Tobacco"),
        row(site_number="2"),
        row(account_number="7", legal_name="River Foods, Inc"),
    ]  # fmt: skip
    load(*old)
    before = told(Organization, Business)
    batch = load(*new, name="later.csv")
    assert told(Organization, Business) != before
    assert outlook(batch).restored == take_back(batch=batch, actor=None).restored >= 1
    assert told(Organization, Business) == before
    # And both files are read as if nothing had been.
    again = import_businesses(write(tmp_path / "old.csv", old), load_preset(PRESET), actor=None)
    assert (again.created, again.updated, again.kept) == (0, 0, 0)
    take_two = load(*new, name="later.csv")
    assert take_two.report["updated"] == batch.report["updated"]


def test_of_what_a_person_changed_since_that_alone_stays_and_is_listed(load, city):
    load(row())
    batch = load(row(doing_business_as_name="RIVER GROCERS", address="5 W NEW ST"), name="later.csv")
    shop = Business.objects.get()
    services.update_business(business=shop, actor=None, name="Rivera’s", phone="(312) 555-0134")
    assert outlook(batch) == taking_back.Undone(restored=1, stayed=1)
    done = take_back(batch=batch, actor=None)
    assert done == taking_back.Undone(restored=1, stayed=1)
    shop.refresh_from_db()
    assert (shop.name, shop.street, shop.phone) == ("Rivera’s", "3127 N Broadway", "(312) 555-0134")
    assert [(each.business, each.stays) for each in ImportChange.objects.all()] == [(shop, "changed")]
    load(row())
    shop.refresh_from_db()
    assert (shop.name, shop.street) == ("Rivera’s", "3127 N Broadway"), "the file does not take it either"


def test_a_closing_is_taken_back_unless_the_day_would_stand_before_its_opening(load, city):
    load(row())
    shop = Business.objects.get()
    batch = ImportBatch.objects.create(kind="businesses", preset="other")
    same = {**columns_of(shop), "imported": shop.imported}
    opened = {"before": {**same, "closed_on": "2020-01-01"}, "after": same}  # what its file said
    ImportChange.objects.create(batch=batch, business=shop, **opened)
    Business.objects.update(closed_on=None, opened_on=date(2024, 5, 1))
    take_back(batch=batch, actor=None)
    shop.refresh_from_db()
    assert (shop.opened_on, shop.closed_on) == (date(2024, 5, 1), None)


def columns_of(shop):
    found = Business.objects.filter(pk=shop.pk).values(*taking_back.before.restored())[0]
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}


def a_contact(shop):
    ContactFactory(business=shop)


def a_member(shop):
    MembershipFactory(business=shop, user=UserFactory())


def an_application(shop):
    draft(business=shop)


@pytest.mark.parametrize("use", [a_contact, a_member, an_application])
def test_a_place_to_which_something_belongs_by_now_stays(load, city, use):
    batch = load(row(), row(account_number="7"))
    shop = Business.objects.get(organization__account_number="100")
    use(shop)
    assert outlook(batch) == taking_back.Undone(removed=1, stayed=1)
    assert take_back(batch=batch, actor=None) == taking_back.Undone(removed=1, organizations=1, stayed=1)
    assert Business.objects.get() == shop
    assert [(each.business, each.stays) for each in ImportChange.objects.all()] == [(shop, "in_use")]


def test_a_place_that_a_person_changed_or_whose_organization_they_changed_stays(load, city):
    batch = load(row(), row(account_number="7"), row(account_number="8"))
    first, second, _third = Business.objects.order_by("organization__account_number")
    services.update_business(business=first, actor=None, phone="(312) 555-0134")
    services.assign_lead(organization=second.organization, officer=OfficerFactory(), actor=None)
    assert take_back(batch=batch, actor=None) == taking_back.Undone(removed=1, organizations=1, stayed=2)
    assert set(ImportChange.objects.values_list("stays", flat=True)) == {"changed"}


def test_every_table_that_points_to_a_place_or_an_organization_keeps_it():
    """Found in another way than the code finds them: by looking at every column of every table."""
    for model in (Business, Organization):
        said = taking_back._uses(model, "b")
        for other in apps.get_models(include_auto_created=True):
            for field in other._meta.concrete_fields:
                if not field.is_relation or field.related_model is not model:
                    continue
                if other in (ImportChange, DuplicatePair) or issubclass(other, Event):
                    continue  # a pair is looked at by its state
                if (model, other) == (Organization, Business):
                    continue
                assert f"FROM {other._meta.db_table} r WHERE r.{field.column} = " in said, (other, field)


def test_only_the_last_file_of_its_kind_can_be_taken_back_once_and_in_time(load, city):
    first = load(row())
    second = load(row(site_number="2"), name="second.csv")
    with pytest.raises(Refused, match=r"“second.csv” on .* Take that one back first"):
        take_back(batch=first, actor=None)
    with clock.at(clock.now() + timedelta(days=91)), pytest.raises(Refused, match="for 90 days"):
        take_back(batch=second, actor=None)
    take_back(batch=second, actor=None)
    with pytest.raises(Refused, match="taken back already"):
        take_back(batch=second, actor=None)
    assert refusal(ImportBatch.objects.create(kind="areas: beat")).code == "import_of_areas"
    take_back(batch=first, actor=None)
    assert not Organization.objects.exists()


def test_what_is_too_old_to_be_taken_back_is_forgotten_and_what_stayed_is_not(load, city):
    load(row())
    old = load(row(address="5 W NEW ST"), name="old.csv")
    kept = ImportBatch.objects.create(kind="businesses", preset="other", taken_back_at=clock.now())
    ImportChange.objects.create(batch=kept, business=Business.objects.get(), stays="changed")
    ImportBatch.objects.update(at=clock.now() - timedelta(days=91))
    load(row(address="6 W NEW ST"), name="new.csv")
    assert not old.changes.exists()
    assert kept.changes.exists()
    assert ImportChange.objects.count() == 2


def test_officers_and_members_may_not(load, city):
    batch = load(row())
    for person in (OfficerFactory(), UserFactory()):
        with pytest.raises(Refused):
            take_back(batch=batch, actor=person)
    assert Business.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_nothing_begins_to_belong_to_a_place_while_it_goes(load, city, monkeypatch, guarded):
    """The control: without the locks a contact is written between the look at the place and its end."""
    batch = load(row())
    shop, looked, written = Business.objects.get(), threading.Event(), threading.Event()
    errors: list[Exception] = []
    monkeypatch.setattr(taking_back, "_STEPS", steps(looked, written, guarded))

    def add_contact():
        try:
            looked.wait(10)
            with transaction.atomic():
                Contact.objects.create(organization=shop.organization, business=shop, name="Ana")
        except Exception as error:
            errors.append(error)
        finally:
            written.set()
            connection.close()

    beside = threading.Thread(target=add_contact)
    beside.start()
    try:
        take_back(batch=batch, actor=None)
    except Exception as error:
        errors.append(error)
    beside.join()
    if guarded:
        assert not Business.objects.exists()
        assert not Contact.objects.exists()
        assert len(errors) == 1, "the contact came too late"
        assert isinstance(errors[0], Exception)
    else:
        assert Business.objects.filter(pk=shop.pk).exists(), "the whole taking back failed at its end"
        assert ImportBatch.objects.get().taken_back_at is None


def steps(looked, written, guarded):
    """The steps, stopping after the look until the other has written or waits for us."""
    found: list[tuple[str, Any]] = []
    for name, statement in taking_back._STEPS:
        if statement in (taking_back._organizations_in_turn, taking_back._places_in_turn) and not guarded:
            continue
        if statement is taking_back._told_to_stay:

            def stopping(statement=statement):
                looked.set()
                written.wait(1 if guarded else 10)
                return statement()

            found.append((name, stopping))
        else:
            found.append((name, statement))
    return tuple(found)


def ended(job):
    assert run_next() == job
    job.refresh_from_db()
    return job


@pytest.fixture
def imported(load, city):
    """A second file that added one place and changed two, and the job that read it."""
    load(row(), row(account_number="7"))
    changed = [row(address="5 W NEW ST"), row(account_number="7", license_term_expiration_date="05/15/2026")]
    batch = load(*changed, row(account_number="8", doing_business_as_name="NEW CORNER"), name="later.csv")
    return Job.objects.create(
        kind=jobs.IMPORT, arguments={"preset": PRESET, "dry_run": False}, file_name="later.csv"
    ), batch


def done(job, **result):
    Job.objects.filter(pk=job.pk).update(status=Status.RUNNING)
    Job.objects.filter(pk=job.pk).update(status=Status.DONE, result=result, finished_at=clock.now())
    job.refresh_from_db()
    return job


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("person", [SupervisorFactory, AdminFactory])
def test_the_pages_lead_from_the_import_to_what_stayed(client, imported, person):
    sign_in(client, person())
    job, batch = done(imported[0], batch=imported[1].pk), imported[1]
    changes = client.get(reverse("desk:import_changes", args=[job.pk])).content.decode()
    assert "street address: 3127 N Broadway → 5 W New St" in changes
    assert "licensed until: May 15, 2022 → May 15" in changes
    ask = reverse("desk:import_undo", args=[job.pk])
    assert f'href="{ask}"' in client.get(job.get_absolute_url()).content.decode()
    services.update_business(
        business=Business.objects.get(street="5 W New St"), actor=None, street="6 W Own St"
    )
    question = client.get(ask).content.decode()
    assert "Take the import of “later.csv” back?" in question
    assert "1 business that it added is removed. 2 that it changed become what they were." in question
    assert "At 1 something stays" in question
    for _time in range(2):  # Back, and the button again
        assert client.post(ask).status_code == 302
    undo = Job.objects.get(kind=jobs.TAKE_BACK)
    assert ended(undo).status == Status.DONE, undo.error
    page = client.get(undo.get_absolute_url()).content.decode()
    assert "where something stayed" in page
    stays = client.get(reverse("desk:import_stays", args=[undo.pk])).content.decode()
    assert "6 W Own St" in stays
    assert "Somebody changed it since" in stays
    assert client.get(ask).headers["Location"] == undo.get_absolute_url()
    assert "See how it was taken back" in client.get(job.get_absolute_url()).content.decode()
    assert batch.changes.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_that_can_not_take_it_back_any_more_says_so_and_changes_nothing(client, imported):
    job, batch = done(imported[0], batch=imported[1].pk), imported[1]
    person = SupervisorFactory()
    undo = jobs.begin_taking_back(batch, person)
    assert jobs.begin_taking_back(batch, person) == undo
    ImportBatch.objects.create(kind="businesses", preset=PRESET, file_name="newest.csv")
    assert ended(undo).status == Status.FAILED
    assert "Take that one back first. Nothing was changed." in undo.error
    assert Business.objects.count() == 3
    sign_in(client, person)
    page = client.get(reverse("desk:import_undo", args=[job.pk]))
    assert "“newest.csv”" in page.content.decode()
    assert client.post(reverse("desk:import_undo", args=[job.pk])).status_code == 403


def test_officers_do_not_come_to_the_pages(client, imported):
    job = done(imported[0], batch=imported[1].pk)
    sign_in(client, OfficerFactory())
    for name in ("import_undo", "import_changes"):
        assert client.get(reverse(f"desk:{name}", args=[job.pk])).status_code == 403
