"""The demonstration as all rooms play it: what is in it, and that it harms nobody."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db.models import DateField, DateTimeField, Q
from django.test import override_settings
from django.urls import reverse
from shapely import Point
from shapely.geometry import shape

from accounts.models import User
from config.local.places import BASE_DIR
from core import clock
from core.mail.models import OutgoingMail, Reminder
from core.mail.reminders import plan
from core.models import AuditEntry
from core.roles import Role
from events.models import Event, Registration
from partnerships.businesses.models import (
    AreaShape,
    Business,
    Claim,
    Contact,
    DuplicatePair,
    Invitation,
    Membership,
    Merge,
    Organization,
    Standing,
)
from partnerships.vetting.choices import ConditionStatus, Status
from partnerships.vetting.models import Application, Condition, Review
from tests.factories.accounts import UserFactory
from tests.gates import FULL
from tests.worlds import taken_back

# One worker builds it for all tests of this file.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demonstration")]

CHICAGO = ZoneInfo("America/Chicago")
HARD_MOMENTS = [datetime(2027, 3, 14, 3, 30, tzinfo=CHICAGO)]  # a Sunday; the clocks went forward
if FULL:
    HARD_MOMENTS += [
        datetime(2027, 1, 1, 0, 5, tzinfo=CHICAGO),
        datetime(2027, 1, 27, 9, 0, tzinfo=CHICAGO),  # 40 days after the Friday before Christmas
        datetime(2028, 2, 29, 23, 55, tzinfo=CHICAGO),
        datetime(2027, 11, 28, 12, 0, tzinfo=CHICAGO),  # the Sunday after Thanksgiving
        datetime(2026, 12, 26, 8, 0, tzinfo=CHICAGO),
    ]
ABOUT_THE_FUTURE = {  # dates that may lie ahead; every other one is a thing that happened
    "events.Event": {"starts_at", "ends_at"},
    "vetting.Application": {"promised_on", "valid_until"},
    "vetting.Condition": {"due_on"},
    "mail.OutgoingMail": {"useless_after", "names_day"},
    "mail.Reminder": {"anchor", "useless_after"},
    "businesses.Invitation": {"expires_at"},
    "businesses.Business": {"license_until"},
    "sessions.Session": {"expire_date"},
    "core.AuditEntry": {"transaction_at"},  # the server's own clock
}
# Written by the server's own clock, whatever day is played.
NOT_OF_THE_STORY = {"sessions.Session", "core.Heartbeat", "admin.LogEntry", "pghistory.Context"}


def seed(*arguments: str) -> str:
    said = StringIO()
    call_command("seed_demo", *arguments, stdout=said)
    return said.getvalue()


def everything() -> dict[str, int]:
    """How many rows each table has."""
    return {model._meta.label: model._base_manager.count() for model in tables()}


def tables() -> list:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label != "sessions.Session"
    ]


@pytest.fixture(scope="class", params=HARD_MOMENTS, ids=lambda moment: f"{moment:%Y-%m-%d %H:%M}")
def demonstration(request, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[SimpleNamespace]:
    """The demonstration as the command builds it at a hard moment; taken back at the end."""
    files = tmp_path_factory.mktemp("files")
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, MEDIA_ROOT=files),
        clock.at(request.param),
        taken_back(),
    ):
        said = seed()
        real = Organization.objects.exclude(source="")
        yield SimpleNamespace(
            now=request.param,
            said=said,
            files=files,
            real=real,
            real_places=Business.objects.filter(organization__in=real),
            invented=Business.objects.exclude(organization__in=real),
        )


@pytest.fixture
def played(demonstration, settings):
    """That world, with the clock held at its moment and the one-click sign-in switched on."""
    settings.ROOT_URLCONF = "tests.accounts.urls_demo"
    cache.clear()
    return demonstration


@pytest.mark.gate(42)  # at the hard moments; `make test` takes one of them
class TestOnceItIsLoaded:
    def test_invented_businesses_stand_inside_the_real_beats_they_are_filed_under(self, played):
        assert played.invented.count() == 60 + 4  # of which four are there a second time
        placed = played.invented.exclude(area=None).select_related("area")
        assert placed.count() == 58 + 4
        shapes = {
            each.area_id: shape(each.geometry)
            for each in AreaShape.objects.filter(area__in=placed.values("area"))
        }
        for place in placed:
            assert place.area.kind == "beat"
            assert shapes[place.area_id].contains(Point(place.longitude, place.latitude)), place.name

    def test_of_what_is_there_twice_some_wait_one_is_merged_and_one_is_no_duplicate(self, played):
        pairs = Counter(DuplicatePair.objects.values_list("status", flat=True))
        assert pairs == {"open": 2, "dismissed": 2, "merged": 1}
        standing, parted = Merge.objects.filter(undone_at=None), Merge.objects.exclude(undone_at=None)
        assert [str(each) for each in standing] == ["Two Otter Books → Two Otters Books"]
        assert [str(each.merged) for each in parted] == ["Old Mill Bicycle Works LLC"]

    def test_the_chain_has_twelve_sites_in_four_districts_and_two_outside_the_city(self, played):
        sites = Organization.objects.get(name="Northbank Grocers").sites.select_related("area__parent")
        assert sites.count() == 14
        inside = [each for each in sites if each.area is not None]
        outside = [each for each in sites if each.area is None]
        assert len(inside) == 12
        assert len({each.area.parent_id for each in inside}) == 4
        assert all(each.has_position for each in outside)
        assert len(outside) == 2
        application = Application.objects.get(organization__name="Northbank Grocers")
        assert (application.track, application.sites.count()) == ("full", 14)

    def test_there_are_partners_at_every_stage(self, played):
        standings = Counter(Organization.objects.filter(source="").values_list("standing", flat=True))
        assert set(standings) == set(Standing.values)
        assert standings["partner"] >= 15
        assert set(Application.objects.values_list("status", flat=True)) == set(Status.values)
        assert {"claimed", "verified"} <= set(Claim.objects.values_list("status", flat=True))
        conditions = set(Condition.objects.values_list("status", flat=True))
        assert {ConditionStatus.OPEN, ConditionStatus.MET} <= conditions
        assert set(Application.objects.exclude(track="").values_list("track", flat=True)) == {"basic", "full"}
        assert Application.objects.filter(assisted_by__isnull=False, applicant=None).exists()

    def test_something_is_late_and_something_is_due_soon(self, played):
        today = clock.today()
        assert Application.objects.late(today).exists()
        assert Application.objects.running().filter(promised_on__gt=today).exists()
        open_ones = Condition.objects.still_open()
        assert open_ones.filter(due_on__lt=today).exists()
        assert open_ones.filter(due_on__range=(today, today + timedelta(days=14))).exists()
        assert OutgoingMail.objects.in_trouble().count() == 1

    def test_events_were_and_are_to_come(self, played):
        events = Event.objects.taking_place()
        past, coming = events.past(), events.upcoming()
        assert past.count() >= 7
        assert coming.count() >= 4
        assert coming.filter(starts_at__lt=clock.now() + timedelta(days=7)).exists()
        for event in past:
            came = event.registrations.filter(status="attended").exists()
            assert came or event.headcount, event.title
        assert set(Event.objects.values_list("status", flat=True)) >= {"draft", "published", "cancelled"}
        statuses = set(Registration.objects.values_list("status", flat=True))
        assert statuses >= {"registered", "waitlisted", "attended", "no_show"}
        for event in coming.with_numbers():
            assert event.capacity is None or event.people <= event.capacity

    def test_prospects_come_from_the_license_extract(self, played):
        assert played.real_places.count() == 757
        assert set(played.real.values_list("standing", flat=True)) == {"prospect"}
        assert "64 invented businesses, 757 prospects" in played.said

    def test_every_account_is_flagged_as_one_of_the_demonstration(self, played):
        assert User.objects.exists()
        assert not User.objects.filter(is_demo=False).exists()
        for email in User.objects.values_list("email", flat=True):
            assert email.endswith(".example")

    @pytest.mark.parametrize(
        ("role", "home"),
        [
            (Role.MEMBER, "/portal/"),
            (Role.OFFICER, "/desk/"),
            (Role.SUPERVISOR, "/desk/"),
            (Role.ADMIN, "/admin/"),
        ],
    )
    def test_one_click_opens_the_home_of_each_role(self, played, client, role, home):
        done = client.post(reverse("accounts_demo:sign_in"), {"role": role})
        assert client.get(done.url).url == home
        page = client.get(home)
        assert page.status_code == 200
        if home == "/desk/":
            assert page.context["today"].page.card("applications").lines
            assert page.context["today"].late
        if home == "/portal/":
            assert page.context["home"].needs
            assert page.context["home"].page.card("events").lines
            assert page.context["home"].officer is not None

    def test_the_public_home_shows_all_its_figures_but_those_of_a_year_just_begun(self, played, client):
        page = client.get("/")
        said = " ".join(each.words for each in page.context["figures"])
        assert "partner businesses in 5 districts" in said
        assert "typically" in said
        assert ("so far this year" in said) == (clock.today().timetuple().tm_yday > 1)
        assert len(page.context["events"]) == 4
        assert len(page.context["partners"]) == 5

    # It harms nobody.

    def test_nothing_that_people_or_the_department_said_is_attached_to_a_real_business(self, played):
        of_organization = Q(organization__in=played.real)
        of_place = Q(business__in=played.real_places)
        for model, attached in (
            (Application, of_organization | Q(sites__in=played.real_places)),
            (Membership, of_organization),
            (Invitation, of_organization),
            (Contact, of_organization),
            (Claim, of_place),
            (Registration, of_place),
            (Event, Q(host__in=played.real_places)),
            (OutgoingMail, Q(organization_id__in=played.real.values("pk"))),
        ):
            assert model is Invitation or model._base_manager.exists(), model
            assert not model._base_manager.filter(attached).exists(), model
        assert not Review.objects.filter(application__organization__in=played.real).exists()

    def test_a_real_business_is_a_prospect_without_any_mark(self, played):
        assert not played.real.exclude(
            standing="prospect", lead_officer=None, partner_since=None, added_by=None
        ).exists()
        assert not played.real_places.exclude(
            listed=False, standing="prospect", email_on_record="", description="", website=""
        ).exists()

    def test_every_table_that_points_at_a_real_business_is_one_of_the_registrys_own(self, played):
        """A table made later that is filled for a real business shows up here."""
        own = {"businesses.Business", "businesses.Organization"}
        for model in tables():
            if model._meta.label in own or model.__name__.endswith("Event") and model is not Event:
                continue
            for field in model._meta.concrete_fields:
                target = {Business: played.real_places, Organization: played.real}.get(field.related_model)
                if target is not None:
                    rows = model._base_manager.filter(**{f"{field.attname}__in": target.values("pk")})
                    assert not rows.exists(), f"{model._meta.label}.{field.name}"

    def test_no_mail_waits_so_that_a_start_sends_nothing(self, played):
        assert OutgoingMail.objects.count() > 150
        assert set(OutgoingMail.objects.values_list("status", flat=True)) == {"sent", "failed"}
        assert not OutgoingMail.objects.due(played.now + timedelta(days=400)).exists()
        for mail in OutgoingMail.objects.all():
            assert (mail.sent_at or mail.due_at) == mail.due_at <= played.now
            assert mail.life[-1]["what"] == mail.status
            assert "Made by the demonstration" in mail.life[-1]["answer"]
            assert mail.to.endswith(".example")

    def test_reminders_of_the_last_days_were_mailed_and_none_is_left_for_the_worker(self, played):
        with clock.at(played.now):
            assert plan() == 0
        told = set(Reminder.objects.exclude(mail=None).values_list("rule__source", flat=True))
        rooms = {"events.start", "events.end", "businesses.invitation", "businesses.claim"}
        assert told >= rooms | {
            f"vetting.{each}"
            for each in ("draft", "action", "promise", "approval", "condition", "condition_desk")
        }

    def test_every_date_of_something_that_happened_lies_in_the_past(self, played):
        for model in tables():
            label = model._meta.label
            if label in NOT_OF_THE_STORY or "pgh_id" in {each.name for each in model._meta.fields}:
                continue
            for field in model._meta.concrete_fields:
                if field.name in ABOUT_THE_FUTURE.get(label, ()):
                    continue
                if isinstance(field, DateTimeField):
                    limit = played.now
                elif isinstance(field, DateField):
                    limit = clock.today()
                else:
                    continue
                later = model._base_manager.filter(**{f"{field.name}__gt": limit})
                assert not later.exists(), f"{label}.{field.name}: {later.first()}"

    def test_every_story_is_told_in_order(self, played):
        for each in Application.objects.prefetch_related("reviews", "decisions", "action_requests", "sites"):
            ended = each.withdrawn_at or each.decided_at
            steps = [each.created_at, each.first_submitted_at]
            steps += [request.asked_at for request in each.action_requests.all()]
            steps += [decision.decided_at for decision in each.decisions.all()]
            steps += [each.appealed_at, ended if each.appealed_at is None else None, played.now]
            told = [step for step in steps if step is not None]
            assert told == sorted(told), each
            for review in each.reviews.all():
                seen = [each.first_submitted_at, review.declared_at, review.submitted_at, ended]
                known = [step for step in seen if step is not None]
                assert known == sorted(known), review
            if each.visited_on:
                assert each.first_submitted_at.astimezone(CHICAGO).date() <= each.visited_on
                assert ended is None or each.visited_on <= ended.astimezone(CHICAGO).date()
            if each.status in ("approved", "approved_with_conditions"):
                for site in each.sites.all():
                    assert site.listed_at is None or site.listed_at > each.decided_at, site
        for claim in Claim.objects.exclude(settled_at=None):
            assert claim.created_at <= claim.settled_at, claim
        for row in Registration.objects.select_related("event"):
            assert row.event.created_at <= row.created_at < row.event.starts_at, row
        assert not AuditEntry.objects.filter(at__gt=played.now).exists()

    def test_a_second_run_says_it_is_there_and_changes_nothing(self, played):
        before = everything()
        assert "is there already" in seed()
        assert "is there already" in seed("--if-empty")
        assert everything() == before


class TestLoadingIt:
    def test_a_database_with_data_is_left_alone(self, db, settings):
        settings.DEMO = True
        UserFactory()
        before = everything()
        assert "There is data already; no demonstration is loaded." in seed("--if-empty")
        with pytest.raises(CommandError, match="--reset"):
            seed()
        assert everything() == before

    def test_everything_is_thrown_away_only_when_somebody_said_so(self, db, settings, monkeypatch):
        settings.DEMO = True
        UserFactory()
        before = everything()
        monkeypatch.setattr(sys, "stdin", StringIO("test\n"))
        with pytest.raises(CommandError, match="--yes"):
            seed("--reset")
        assert everything() == before

    @pytest.mark.parametrize(("demo", "permitted"), [(False, True), (True, False), (False, False)])
    @pytest.mark.parametrize("arguments", [[], ["--if-empty"], ["--reset", "--yes"]])
    def test_outside_a_demonstration_it_is_refused(self, db, settings, demo, permitted, arguments):
        settings.DEMO, settings.DEMO_PERMITTED = demo, permitted
        before = everything()
        with pytest.raises(CommandError, match="only where it is switched on"):
            seed(*arguments)
        assert everything() == before

    def test_a_deployment_refuses_it(self):
        environment = {
            **{name: value for name, value in os.environ.items() if name != "DEMO"},
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz-abcdef",
            "ALLOWED_HOSTS": "partnerships.example",
            "SITE_URL": "https://partnerships.example",
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
            "REDIS_URL": "redis://127.0.0.1:9/0",
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "DEFAULT_FROM_EMAIL": "partners@partnerships.example",
        }
        done = subprocess.run(
            [sys.executable, "manage.py", "seed_demo", "--reset", "--yes"],
            cwd=BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        assert "only where it is switched on" in done.stderr
        assert done.stdout == ""
