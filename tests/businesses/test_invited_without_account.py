"""A colleague who was invited and has no account yet finds the way in."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.mail.models import OutgoingMail
from partnerships.businesses import services
from partnerships.businesses.models import Membership
from tests.accounts.mailbox import newest_code
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, MembershipFactory

pytestmark = pytest.mark.django_db
COLLEAGUE = "new@shop.example"
SIGN_UP, SIGN_IN = reverse("account_signup"), reverse("account_login")


@pytest.fixture
def invited():
    owner, shop = UserFactory(full_name="Rosa Diaz"), BusinessFactory(name="Corner Bean")
    MembershipFactory(user=owner, business=shop)
    return services.invite_member(
        organization=shop.organization, email=COLLEAGUE, role="staff", sites=[shop], actor=owner
    )


@pytest.fixture
def link(invited):
    """The address in the mail."""
    return re.search(r"https?://[^/\s]+(/invitations/\S+)", OutgoingMail.objects.get().text)[1]


def links(page):
    return re.findall(r'href="([^"]+)"', page.content.decode())


def value_of(page, name):
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page.content.decode())[0]
    found = re.search(r'value="([^"]*)"', field)
    return found[1] if found else ""


def test_from_the_mail_to_an_account_and_into_the_business(client, invited, link):
    page = client.get(link)
    assert "Rosa Diaz invites you to act for" in page.content.decode()
    make = next(each for each in links(page) if each.startswith(SIGN_UP))
    form = client.get(make)
    assert value_of(form, "email") == COLLEAGUE
    there = value_of(form, "next")
    asked = client.post(SIGN_UP, {"full_name": "New Hand", "email": COLLEAGUE, "next": there})
    done = client.post(asked.url, {"code": newest_code(), "next": there})
    assert done.url == there
    assert "Rosa Diaz invites you" in client.get(there).content.decode()
    client.post(there)
    assert Membership.objects.get(user=User.objects.get(email=COLLEAGUE)).organization == invited.organization


def test_who_has_an_account_signs_in_with_the_address_filled_in(client, invited, link):
    UserFactory(email=COLLEAGUE)
    enter = next(each for each in links(client.get(link)) if each.startswith(f"{SIGN_IN}?next=/portal/inv"))
    form = client.get(enter)
    assert value_of(form, "login") == COLLEAGUE
    there = value_of(form, "next")
    client.post(SIGN_IN, {"login": COLLEAGUE, "next": there})
    done = client.post(reverse("account_confirm_login_code"), {"code": newest_code(), "next": there})
    assert done.url == there


def test_the_page_tells_nobody_whether_the_address_has_an_account(link):
    bare = Client().get(link).content
    UserFactory(email=COLLEAGUE)
    assert Client().get(link).content == bare


def test_who_is_signed_in_goes_straight_to_the_invitation(client, invited, link):
    sign_in(client, UserFactory(email=COLLEAGUE))
    assert client.get(link).url == f"/portal{link}"


def test_a_link_that_is_over_or_made_up_is_a_missing_page(client, invited, link):
    assert client.get(f"{link[:-3]}xx/").status_code == 404
    services.revoke_invitation(invitation=invited, actor=invited.invited_by)
    assert client.get(link).status_code == 404
    assert client.post(link).status_code in (404, 405)


def test_who_tries_to_sign_in_without_an_account_is_led_to_make_one(client):
    asked = client.post(SIGN_IN, {"login": COLLEAGUE, "next": "/portal/"}, follow=True)
    assert asked.redirect_chain[-1][0].startswith(reverse("account_confirm_login_code"))
    make = next(each for each in links(asked) if each.startswith(SIGN_UP))
    form = client.get(make)
    assert value_of(form, "email") == COLLEAGUE
    assert value_of(form, "next") == "/portal/"
