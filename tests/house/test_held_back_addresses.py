"""The desk's list of addresses that mail leaves alone: who sees which, whose they are, and letting go."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from core.mail import suppressions
from core.mail.desk import held_back
from core.mail.models import Suppression
from core.models import AuditEntry
from partnerships.businesses import services as businesses
from tests.factories import vetting
from tests.factories.accounts import AdminFactory, OfficerFactory, SupervisorFactory, UserFactory, sign_in
from tests.factories.businesses import (
    AreaFactory,
    BusinessFactory,
    ContactFactory,
    DistrictAssignmentFactory,
    MembershipFactory,
)
from tests.factories.core import mail
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db
LIST = "desk:mail_held_back"


def bounce(address, **more):
    return suppressions.bounced(address=address, detail="550 5.1.1 No such user", **more)


def shown(client, **query):
    answer = client.get(reverse(LIST), query)
    assert answer.status_code == 200
    return answer.content.decode()


def addresses(body):
    return re.findall(r"[\w.]+@[\w.]+example(?=</th>)", body)


@pytest.fixture
def area():
    return AreaFactory()


@pytest.fixture
def officer(area):
    user = OfficerFactory()
    DistrictAssignmentFactory(user=user, area=area)
    return user


def everything_of(area, name):
    """An address of each kind that a room knows, in one area."""
    business = BusinessFactory(area=area)
    owner = MembershipFactory(user=UserFactory(email=f"member@{name}.example"), business=business).user
    ContactFactory(business=business, email=f"Contact@{name}.example", name=f"Contact of {name}")
    businesses.invite_member(
        organization=business.organization,
        email=f"invited@{name}.example",
        role="staff",
        sites=None,
        actor=owner,
    )
    application = vetting.submitted(business=BusinessFactory(area=area), owner=UserFactory())
    type(application).objects.filter(pk=application.pk).update(contact_email=f"applicant@{name}.example")
    place(EventFactory(area=area), email=f"guest@{name}.example", name=f"Guest of {name}")
    row = mail(to=f"written@{name}.example", organization_id=business.organization_id)
    found = {
        f"{who}@{name}.example" for who in ("member", "contact", "invited", "applicant", "guest", "written")
    }
    for address in found:
        bounce(address, mail=row if address.startswith("written") else None)
    return found


def test_an_officer_sees_the_addresses_of_rows_they_see_and_a_supervisor_all(client, area, officer):
    mine, others = everything_of(area, "mine"), everything_of(AreaFactory(), "other")
    bounce("stranger@nowhere.example")
    sign_in(client, officer)
    body = shown(client)
    assert set(addresses(body)) == mine
    assert "other.example" not in body
    assert "of other" not in body
    sign_in(client, SupervisorFactory())
    assert set(addresses(shown(client))) == mine | others | {"stranger@nowhere.example"}


def test_it_says_since_when_why_what_the_server_said_and_whose_it_is(client):
    contact = ContactFactory(business=BusinessFactory(), email="Gone@shop.example", name="Ann Lee")
    bounce(contact.email)
    suppressions.complained(address="cross@shop.example", detail="")
    sign_in(client, SupervisorFactory())
    body = shown(client)
    for words in ("Mail comes back", "550 5.1.1 No such user", "Reported as spam", "nobody at your desk"):
        assert words in body, words
    link = reverse("desk:contact_edit", args=[contact.pk])
    assert f'<a href="{link}"><bdi>{escape(f"Ann Lee · {contact.business}")}</bdi></a>' in body


def test_an_address_that_bounced_and_was_reported_is_one_row_and_a_lifted_one_none(client):
    for address in ("both@shop.example", "lifted@shop.example"):
        suppressions.complained(address=address, detail="")
        bounce(address)
    supervisor = SupervisorFactory()
    suppressions.lift(address="lifted@shop.example", actor=supervisor)
    sign_in(client, supervisor)
    assert addresses(shown(client)) == ["both@shop.example"]
    assert "Mail comes back" in shown(client)


def test_an_address_of_the_department_is_named(client, officer):
    colleague = OfficerFactory(title="Officer", full_name="Dana Reyes", email="reyes@police.example")
    bounce(colleague.email)
    for viewer in (officer, SupervisorFactory()):
        sign_in(client, viewer)
        body = shown(client)
        assert "<bdi>Officer Dana Reyes · Community liaison officer</bdi>" in body
        assert "nobody at your desk" not in body


def test_an_admin_is_led_to_the_account_whose_address_it_is():
    colleague, row = OfficerFactory(email="reyes@police.example"), bounce("reyes@police.example")
    held_back.name_owners([row], AdminFactory())
    assert [each.url for each in row.whose] == [reverse("admin:accounts_user_change", args=[colleague.pk])]


def test_signs_that_turn_a_line_around_are_not_shown(client):
    contact = ContactFactory(business=BusinessFactory(), email="gone@shop.example")
    type(contact).objects.filter(pk=contact.pk).update(name="Ann\u202eeeL")
    suppressions.bounced(address=contact.email, detail="550 \u202eresu hcus oN\u2066")
    sign_in(client, SupervisorFactory())
    body = shown(client)
    assert "AnneeL" in body
    assert "550 resu hcus oN" in body
    assert not set("\u202e\u2066") & set(body)


def test_whom_the_viewer_does_not_see_is_not_named(client, area, officer):
    bounce("shared@shop.example")
    ContactFactory(business=BusinessFactory(area=area), email="shared@shop.example", name="Seen Here")
    ContactFactory(business=BusinessFactory(area=AreaFactory()), email="Shared@shop.example", name="Far Away")
    sign_in(client, officer)
    body = shown(client)
    assert "Seen Here" in body
    assert "Far Away" not in body


def test_it_is_searched_by_a_part_of_the_address_and_says_when_there_is_none(client):
    sign_in(client, SupervisorFactory())
    assert "No address is held back" in shown(client)
    bounce("ann@shop.example")
    bounce("bo@cafe.example")
    assert addresses(shown(client, q="ANN@")) == ["ann@shop.example"]
    assert "Nothing matches" in shown(client, q="zzz")


def test_the_health_of_the_mail_page_and_a_contacts_notice_lead_to_it(client):
    contact = ContactFactory(business=BusinessFactory(), email="gone+1@shop.example")
    sign_in(client, SupervisorFactory())
    assert reverse(LIST) not in client.get(reverse("desk:mail")).content.decode()
    bounce(contact.email)
    assert f'href="{reverse(LIST)}"' in client.get(reverse("desk:mail")).content.decode()
    page = client.get(reverse("desk:contact_edit", args=[contact.pk])).content.decode()
    link = re.search(rf'href="({reverse(LIST)}[^"]+)"', page)[1]
    assert addresses_of(client, link) == ["gone+1@shop.example"]


def addresses_of(client, link):
    return re.findall(r"[\w.+]+@[\w.]+example(?=</th>)", client.get(link).content.decode())


def test_an_officer_lifts_an_address_they_see_once_with_an_audit_row_and_no_other(client, area, officer):
    ContactFactory(business=BusinessFactory(area=area), email="mine@shop.example")
    ContactFactory(business=BusinessFactory(area=AreaFactory()), email="other@shop.example")
    mine, other = bounce("mine@shop.example"), bounce("other@shop.example")
    sign_in(client, officer)
    where = reverse("desk:mail_held_back_lift", args=[mine.pk])
    assert where in shown(client)
    assert "Send mail to mine@shop.example again?" in client.get(where).content.decode()
    assert "Mail goes to mine@shop.example again." in client.post(where, follow=True).content.decode()
    assert AuditEntry.objects.get(verb="mail.suppression_lifted").actor_id == officer.pk
    assert str(suppressions.NOT_HELD.sentence) in client.get(where).content.decode()
    assert client.post(where, {"form_key": "another page"}).status_code == 409
    hidden = reverse("desk:mail_held_back_lift", args=[other.pk])
    assert (client.get(hidden).status_code, client.post(hidden).status_code) == (404, 404)
    assert Suppression.objects.get(lifted_at=None) == other


def test_ten_thousand_addresses_are_listed_with_as_many_queries_as_one(client, area, officer):
    sign_in(client, officer)
    business = BusinessFactory(area=area)
    ContactFactory(business=business, email="0@many.example")
    bounce("0@many.example")
    shown(client)
    with CaptureQueriesContext(connection) as one:
        shown(client)
    for number in range(1, 40):
        ContactFactory(business=business, email=f"{number}@many.example", name=f"Number {number}")
    Suppression.objects.bulk_create(
        Suppression(address=f"{number}@many.example", reason="bounce") for number in range(1, 10_000)
    )
    with CaptureQueriesContext(connection) as many:
        body = shown(client)
    assert "40 addresses" in body
    assert len(many) <= len(one) + 1 <= 25  # one page is counted by its rows, more by a query
    assert max(float(query["time"]) for query in many) < 1
    sign_in(client, SupervisorFactory())
    assert "10,000 addresses" in shown(client)
