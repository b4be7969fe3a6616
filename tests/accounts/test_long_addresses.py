"""The longest address that is valid: everything that writes to it works as for any other."""

import pytest
from django.core.cache import cache
from django.core.validators import validate_email
from django.urls import reverse

from accounts.models import User
from core.mail.models import OutgoingMail
from tests.accounts.mailbox import newest_code
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, MembershipFactory

pytestmark = pytest.mark.django_db
_DOMAIN = ".".join(["d" * 63, "e" * 63, "f" * 53, "example"])
LONGEST = f"{'r' * 64}@{_DOMAIN}"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def test_it_is_as_long_as_addresses_get():
    validate_email(LONGEST)
    assert len(LONGEST) == 254


def test_someone_signs_up_with_it(client):
    asked = client.post(reverse("account_signup"), {"email": LONGEST, "full_name": "Rosa Diaz"})
    assert asked.status_code == 302
    assert OutgoingMail.objects.get().to == LONGEST
    client.post(reverse("account_email_verification_sent"), {"code": newest_code()})
    assert client.session["_auth_user_id"] == str(User.objects.get(email=LONGEST).pk)


def test_someone_signs_up_again_with_it(client):
    UserFactory(email=LONGEST)
    asked = client.post(reverse("account_signup"), {"email": LONGEST, "full_name": "Rosa Diaz"})
    assert asked.status_code == 302
    assert OutgoingMail.objects.get().to == LONGEST


@pytest.mark.parametrize("known", [True, False])
def test_someone_asks_for_a_code_with_it(client, known):
    user = UserFactory(email=LONGEST) if known else None
    asked = client.post(reverse("account_login"), {"login": LONGEST})
    assert asked.status_code == 302
    assert OutgoingMail.objects.get().to == LONGEST
    if user:
        client.post(asked.url, {"code": newest_code()})
        assert client.session["_auth_user_id"] == str(user.pk)


def test_a_colleague_is_invited_by_it(client):
    shop = BusinessFactory(standing="partner")
    sign_in(client, MembershipFactory(user=UserFactory(), business=shop).user)
    where = reverse("portal:person_invite", args=[shop.organization_id])
    answer = client.post(where, {"email": LONGEST, "role": "owner"}, follow=True)
    assert answer.status_code == 200
    assert OutgoingMail.objects.get(template="businesses/invitation").to == LONGEST
