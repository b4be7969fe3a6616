"""The history of a business in the admin: all that belongs to it, by its name, with old and new values."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEntry
from partnerships.businesses import services
from partnerships.businesses.models import Business
from tests.access.world import build
from tests.factories import vetting
from tests.factories.accounts import AdminFactory, OfficerFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, ClaimFactory, ContactFactory, MembershipFactory
from tests.house.growth import grow

pytestmark = pytest.mark.django_db
AUDIT = "admin:core_auditentry_changelist"


@pytest.fixture
def inside(client):
    return sign_in(client, AdminFactory())


def lines(client, row):
    """The lines of a row's history, the newest first."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_history"
    page = client.get(reverse(name, args=[row.pk]))
    assert page.status_code == 200
    return page.context["lines"]


def told(line):
    return {each.name: (each.before, each.after) for each in line.changes if each.told}


def line_of(client, row, what):
    return next(each for each in lines(client, row) if each.what == what)


def test_a_change_of_a_place_shows_who_and_the_old_and_the_new_value(inside):
    shop, officer = BusinessFactory(phone="(312) 555-0100"), OfficerFactory(full_name="Dana Reyes")
    services.update_business(business=shop, actor=officer, phone="(312) 555-0134", city="Evanston")
    line = line_of(inside, shop, "Business changed")
    assert line.who == officer.display_name
    assert told(line) == {"Phone": ("(312) 555-0100", "(312) 555-0134"), "City": ("Chicago", "Evanston")}


def test_rows_that_hang_on_it_are_told_of_by_name_the_deleted_ones_too(inside):
    shop = BusinessFactory(name="Sunrise Bakery")
    contact = ContactFactory(business=shop, name="Rosa Diaz")
    chief = ContactFactory(organization=shop.organization, business=None, name="Hugo Lamb")
    services.update_contact(contact=chief, actor=None, role_title="Head of all stores")
    services.remove_contact(contact=contact, actor=None)
    ClaimFactory(business=shop, user=UserFactory(full_name="Ann Ng"))
    MembershipFactory(user=UserFactory(full_name="Bo Chen"), business=shop)
    services.update_organization(organization=shop.organization, actor=None, legal_name="Sunrise Inc.")
    found = lines(inside, shop)
    assert told(line_of(inside, shop, "Contact removed"))["Name"] == ("Rosa Diaz", "")
    assert told(line_of(inside, shop, "Organization changed")) == {"Legal name": ("", "Sunrise Inc.")}
    assert told(line_of(inside, shop, "Contact changed"))["Role"][1] == "Head of all stores"
    assert {"Ann Ng", "Bo Chen"} <= {name for line in found for name in line.row.split(" · ")}


def test_another_place_of_the_chain_is_not_among_it_and_the_whole_organization_has_both(inside):
    shop = BusinessFactory(name="Store 1")
    other = BusinessFactory(name="Store 2", organization=shop.organization)
    ContactFactory(business=other, name="Someone Else")
    services.update_business(business=other, actor=None, phone="(312) 555-0134")
    assert not {"Store 2", "Someone Else"} & {line.row for line in lines(inside, shop)}
    assert {"Store 1", "Store 2", "Someone Else"} <= {line.row for line in lines(inside, shop.organization)}


def test_a_field_without_a_page_in_the_admin_is_named_without_its_text(inside):
    application = vetting.submitted(hopes="Advice on lighting after the break-in.")
    vetting.services.withdraw_application(application=application, actor=application.applicant)
    page = inside.get(
        reverse("admin:businesses_organization_history", args=[application.organization_id])
    ).content.decode()
    assert "What you hope for" in page
    assert "Withdrawn" in page
    for secret in ("lighting", "A room for 30 people", "(312) 555-0134", "What we do about"):
        assert secret not in page


def test_what_no_service_did_shows_with_its_values_too(inside):
    shop = BusinessFactory(phone="(312) 555-0100")
    Business.objects.filter(pk=shop.pk).update(phone="(312) 555-0199")
    found = [told(line) for line in lines(inside, shop)]
    assert {"Phone": ("(312) 555-0100", "(312) 555-0199")} in found


def test_the_same_field_changed_twice_stands_beside_who_changed_it(inside):
    shop = BusinessFactory(phone="(312) 555-0100")
    first, second = OfficerFactory(full_name="Dana Reyes"), OfficerFactory(full_name="Sam Stone")
    services.update_business(business=shop, actor=first, phone="(312) 555-0111")
    services.update_business(business=shop, actor=second, phone="(312) 555-0122")
    changed = [line for line in lines(inside, shop) if line.what == "Business changed"]
    assert [(line.who, told(line)["Phone"][1]) for line in changed] == [
        (second.display_name, "(312) 555-0122"),
        (first.display_name, "(312) 555-0111"),
    ]


@pytest.mark.django_db(transaction=True)
def test_the_time_of_the_transaction_alone_tells_which_values_belong_to_which_entry(client):
    inside = sign_in(client, AdminFactory())
    shop, officer = BusinessFactory(phone="(312) 555-0100"), OfficerFactory(full_name="Dana Reyes")
    Business.objects.filter(pk=shop.pk).update(phone="(312) 555-0199")  # nobody's
    shop.refresh_from_db()
    services.update_business(business=shop, actor=officer, phone="(312) 555-0122")
    assert told(line_of(inside, shop, "Business changed"))["Phone"] == ("(312) 555-0199", "(312) 555-0122")
    nobodys = next(
        line for line in lines(inside, shop) if told(line).get("Phone", ("", ""))[1].endswith("0199")
    )
    assert nobodys.who != officer.display_name


@pytest.mark.parametrize("typed", ["Café Olé", "cafe ole", "Corner Café"])
def test_the_audit_finds_all_that_belongs_to_a_business_by_its_name_now_or_before(inside, typed):
    shop = BusinessFactory(name="Corner Café", organization__name="Corner Café")
    services.update_business(business=shop, actor=None, name="Café Olé")
    contact = ContactFactory(business=shop, name="Rosa Diaz")
    services.update_contact(contact=contact, actor=None, role_title="Cook")
    other = ContactFactory(business=BusinessFactory(name="Velvet Lantern"))
    services.update_contact(contact=other, actor=None, role_title="Waiter")
    page = inside.get(reverse(AUDIT), {"q": typed})
    found = {(each.target_type, each.target_id) for each in page.context["cl"].result_list}
    assert {("businesses.contact", str(contact.pk)), ("businesses.business", str(shop.pk))} <= found
    assert ("businesses.contact", str(other.pk)) not in found
    assert "Rosa Diaz" in page.content.decode()


def test_a_search_for_what_the_audit_holds_itself_finds_it_as_before(inside):
    entry = AuditEntry.objects.create(verb="core.test", actor_label="Officer Dana Reyes", request_id="abc9")
    for typed in ("core.test", "reyes", "abc9"):
        page = inside.get(reverse(AUDIT), {"q": typed})
        assert entry in page.context["cl"].result_list


def test_nobody_but_admins_reads_a_history(client):
    shop = BusinessFactory()
    sign_in(client, OfficerFactory())
    assert client.get(reverse("admin:businesses_business_history", args=[shop.pk])).status_code == 403


def test_three_hundred_rows_take_no_more_statements_than_three():
    world = build()
    row = world.home.business
    paths = [
        reverse("admin:businesses_business_history", args=[row.pk]),
        reverse("admin:businesses_organization_history", args=[row.organization_id]),
        reverse(AUDIT) + f"?q={row.name}",
    ]

    def statements():
        counts = []
        for path in paths:
            browser = world.client("admin")
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(path).status_code == 200
            counts.append(len(asked))
        return counts

    grow(world.home, range(3))
    few = statements()
    grow(world.home, range(3, 300))
    many = statements()
    assert all(more <= less for less, more in zip(few, many, strict=True)), (few, many)
    assert max(many) <= 45, many
