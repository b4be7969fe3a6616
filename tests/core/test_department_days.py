"""Country, state and days off of the department, as an admin sets them."""

from datetime import date

import pytest
from django.urls import reverse

from core.models import AuditEntry, DayOff, Department
from tests.factories.accounts import AdminFactory, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def address():
    return reverse("admin:core_department_change", args=[1])


@pytest.fixture
def post(client, address):
    """Posts the department's page as it stands, with changes; `days` are added, those it had are deleted."""
    sign_in(client, AdminFactory())
    client.get(reverse("admin:core_department_changelist"))

    def send(days=(), **changes):
        form = client.get(address).context["adminform"].form
        data = {name: form.initial.get(name) or "" for name in form.fields}
        data |= {"version": form["version"].value(), **changes}
        known = list(DayOff.objects.all())
        data |= {"days_off-TOTAL_FORMS": len(known) + len(days), "days_off-INITIAL_FORMS": len(known)}
        for n, row in enumerate(known):
            data |= {f"days_off-{n}-id": row.pk, f"days_off-{n}-department": 1, f"days_off-{n}-DELETE": "on"}
            data |= {f"days_off-{n}-day": row.day, f"days_off-{n}-name": row.name}
        for n, (day, name) in enumerate(days, len(known)):
            data |= {f"days_off-{n}-day": day, f"days_off-{n}-name": name, f"days_off-{n}-department": 1}
        return client.post(address, data)

    return send


def test_a_new_department_counts_the_federal_holidays_alone():
    days = Department.current().working_days
    assert not days.is_working_day(date(2026, 11, 26))
    assert days.is_working_day(date(2026, 2, 12))


def test_the_state_is_chosen_from_those_of_the_country(post, client, address):
    assert b"Illinois" in client.get(address).content
    assert post(subdivision="IL").status_code == 302
    assert not Department.current().working_days.is_working_day(date(2026, 2, 12))


@pytest.mark.parametrize(
    "wrong", [{"subdivision": "BB"}, {"country": "DE", "subdivision": "IL"}, {"country": "ZZ"}]
)
def test_a_state_of_another_country_or_an_unknown_country_is_refused(post, wrong):
    answer = post(**wrong)
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert (Department.current().country, Department.current().subdivision) == ("US", "")


def test_after_a_change_of_country_the_page_offers_its_regions(post, client, address):
    assert post(country="DE").status_code == 302
    page = client.get(address).content.decode()
    assert "Brandenburg" in page
    assert "Illinois" not in page


def test_a_day_off_is_added_and_taken_away_and_both_are_on_record(post):
    assert post(days=[("2026-11-18", "Training day")]).status_code == 302
    assert not Department.current().working_days.is_working_day(date(2026, 11, 18))
    assert AuditEntry.objects.filter(verb="core.dayoff_added").count() == 1
    assert post().status_code == 302
    assert Department.current().working_days.is_working_day(date(2026, 11, 18))
    assert AuditEntry.objects.filter(verb="core.dayoff_deleted").count() == 1


def test_the_same_day_is_not_entered_twice(post):
    answer = post(days=[("2026-11-18", "Training day"), ("2026-11-18", "Again")])
    assert answer.status_code == 200
    assert not DayOff.objects.exists()
