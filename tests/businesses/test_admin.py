"""The registry in Django admin: searchable, statuses to look at only, changes through the services."""

import pytest
from django.urls import reverse

from accounts.models import User
from core.mail.models import OutgoingMail
from core.models import AuditEntry
from partnerships.businesses.models import Business, DistrictAssignment, Membership, Organization
from tests.adminpages import change
from tests.factories.accounts import OfficerFactory, UserFactory
from tests.factories.businesses import (
    BusinessFactory,
    ClaimFactory,
    ContactFactory,
    DistrictAssignmentFactory,
    MembershipFactory,
)

pytestmark = pytest.mark.django_db
MODELS = [
    "organization",
    "business",
    "contact",
    "membership",
    "claim",
    "industry",
    "area",
    "districtassignment",
    "importbatch",
]


@pytest.fixture
def inside(as_user, admin_user):
    return as_user(admin_user)


@pytest.mark.parametrize("model", MODELS)
def test_each_list_opens_and_can_be_searched(inside, model, west_shop):
    ContactFactory(business=west_shop)
    ClaimFactory(business=west_shop, user=UserFactory())
    MembershipFactory(business=west_shop, user=UserFactory())
    DistrictAssignmentFactory(user=UserFactory(role="officer"))
    url = reverse(f"admin:businesses_{model}_changelist")
    assert inside.get(url).status_code == 200
    assert inside.get(url, {"q": "halsted"}).status_code == 200


def test_search_in_the_admin_forgives_typing_too(inside, west_shop):
    page = inside.get(reverse("admin:businesses_business_changelist"), {"q": "hardwear halsted"})
    assert b"Halsted Hardware" in page.content


def test_standing_and_listing_can_t_be_written(inside, west_shop):
    url = reverse("admin:businesses_organization_change", args=[west_shop.organization_id])
    page = inside.get(url)
    assert b'name="standing"' not in page.content
    change(inside, url, {"name": "Renamed", "kind": "business", "standing": "partner"})
    row = Organization.objects.get(pk=west_shop.organization_id)
    assert (row.name, row.standing) == ("Renamed", "prospect")
    entry = AuditEntry.objects.get(verb="businesses.organization_changed")
    assert entry.changed == ["name"]


def test_a_place_is_added_and_moved_through_the_services(inside, city, west_shop):
    url = reverse("admin:businesses_business_add")
    data = {
        "organization": west_shop.organization_id,
        "name": "Second",
        "latitude": "41.95",
        "longitude": "-87.55",
        "phone": "3125550134",
    }
    assert inside.post(url, data).status_code == 302
    shop = Business.objects.get(name="Second")
    assert (shop.area, shop.phone, shop.standing) == (city.east_beat, "(312) 555-0134", "prospect")
    url = reverse("admin:businesses_business_change", args=[shop.pk])
    assert change(inside, url, {**data, "longitude": "-87.65", "listed": "on"}).status_code == 302
    shop.refresh_from_db()
    assert (shop.area, shop.listed) == (city.west_beat, False)


def test_a_membership_is_given_narrowed_and_ended(inside, west_shop):
    person, other = UserFactory(), BusinessFactory(organization=west_shop.organization)
    data = {"user": person.pk, "organization": west_shop.organization_id, "role": "owner", "all_sites": "on"}
    assert inside.post(reverse("admin:businesses_membership_add"), data).status_code == 302
    row = Membership.objects.get()
    assert (row.role, row.all_sites) == ("owner", True)
    MembershipFactory(user=UserFactory(), business=west_shop)
    url = reverse("admin:businesses_membership_change", args=[row.pk])
    assert change(inside, url, {"role": "staff", "sites": [other.pk]}).status_code == 302
    row.refresh_from_db()
    assert (row.role, row.all_sites, list(row.sites.all())) == ("staff", False, [other])


def test_a_district_is_assigned_once_and_the_record_says_so(inside, officer, city):
    add = reverse("admin:businesses_districtassignment_add")
    user = OfficerFactory()
    area = DistrictAssignment.objects.first().area
    for _twice in range(2):
        inside.post(add, {"user": user.pk, "area": area.pk, "starts_on": "2026-01-05"})
    assert DistrictAssignment.objects.filter(user=user, area=area).count() == 1
    assert AuditEntry.objects.filter(verb="businesses.district_assigned").count() == 1


def person(role="officer", **districts):
    prefix = "district_assignments-"
    day = {f"{each}{prefix}0-starts_on": "2026-01-05" for each in ("", "initial-")}
    forms = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0", **districts}
    return {
        "email": "new@police.example",
        "full_name": "Dana Reyes",
        "role": role,
        "language": "en",
        **day,
        **{f"{prefix}{name}": value for name, value in forms.items()},
    }


def test_an_officer_s_district_is_asked_on_the_page_that_makes_them(inside, city):
    url = reverse("admin:accounts_user_add")
    page = inside.get(url).content.decode()
    assert "Districts that an officer or a supervisor covers" in page
    assert 'name="district_assignments-0-area"' in page
    inside.post(url, person(**{"0-area": city.west.pk}))
    row = DistrictAssignment.objects.get(user__email="new@police.example")
    assert (row.area, row.starts_on.isoformat(), row.ends_on) == (city.west, "2026-01-05", None)
    assert AuditEntry.objects.filter(verb="businesses.district_assigned").count() == 1


def test_an_officer_without_a_district_is_made_and_what_that_means_is_said(inside, city):
    page = inside.post(reverse("admin:accounts_user_add"), person(**{"0-area": ""}), follow=True)
    assert not DistrictAssignment.objects.exists()
    assert User.objects.filter(email="new@police.example").exists()
    assert "covers no district" in " ".join(str(each) for each in page.context["messages"])


def test_someone_who_works_in_no_district_gets_none_and_nothing_is_half_made(inside, city):
    page = inside.post(reverse("admin:accounts_user_add"), person("viewer", **{"0-area": city.west.pk}))
    assert page.status_code == 200
    assert "Only officers and supervisors cover a district." in page.content.decode()
    assert not User.objects.filter(email="new@police.example").exists()
    assert not OutgoingMail.objects.filter(to="new@police.example").exists()


def test_another_district_is_added_on_the_same_page_later_and_the_ones_there_stay(inside, officer, city):
    url = reverse("admin:accounts_user_change", args=[officer.pk])
    first = DistrictAssignment.objects.get(user=officer)
    more = {"TOTAL_FORMS": "2", "INITIAL_FORMS": "1", "0-id": first.pk, "1-area": city.east.pk}
    more["1-starts_on"] = "2026-02-02"
    assert change(inside, url, person(**more)).status_code == 302
    assert {each.area for each in officer.district_assignments.all()} == {city.west, city.east}


def test_a_refused_step_keeps_the_admin_on_the_page_and_says_why(inside, west_shop):
    owner = MembershipFactory(user=UserFactory(), business=west_shop)
    page = inside.post(
        reverse("admin:businesses_membership_delete", args=[owner.pk]), {"post": "yes"}, follow=True
    )
    assert page.status_code == 200
    assert Membership.objects.filter(pk=owner.pk).exists()
    assert "owner" in " ".join(str(each) for each in page.context["messages"])


def test_an_officer_s_cover_of_a_district_is_ended_by_an_action(inside, officer, city):
    row = DistrictAssignment.objects.get(user=officer)
    inside.post(
        reverse("admin:businesses_districtassignment_changelist"),
        {"action": "end_today", "sure": "yes", "_selected_action": [row.pk]},
    )
    row.refresh_from_db()
    assert row.ends_on is not None


@pytest.mark.parametrize("role", ["member", "officer", "supervisor", "viewer"])
def test_nobody_but_admins_enters(as_user, role):
    client = as_user(UserFactory(role=role))
    assert client.get(reverse("admin:businesses_business_changelist")).status_code in (302, 403)
