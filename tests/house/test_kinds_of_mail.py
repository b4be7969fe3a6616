"""Mail is narrowed by the kinds that some room sends; a kind that nobody sends is not offered."""

import pytest
from django.urls import reverse

from core.mail.outbox import catalog
from core.mail.purposes import Category
from tests.factories.accounts import AdminFactory, SupervisorFactory, sign_in
from tests.factories.core import mail

pytestmark = pytest.mark.django_db
SENT = {str(each.category) for each in catalog().values()}


def test_the_desk_offers_the_kinds_that_are_sent(client):
    sign_in(client, SupervisorFactory())
    page = client.get(reverse("desk:mail")).content.decode()
    offered = {each.value for each in Category if f'<option value="{each.value}"' in page}
    assert offered == SENT
    assert "newsletter" not in SENT, "then it is offered, and this line can go"


def test_the_admin_offers_the_same_and_narrows_by_them(client):
    mail(subject="A reminder", category="reminder")
    mail(subject="A service mail", category="service")
    sign_in(client, AdminFactory())
    address = reverse("admin:mail_outgoingmail_changelist")
    page = client.get(address).content.decode()
    assert {each.value for each in Category if f"?category={each.value}" in page} == SENT
    narrowed = client.get(address, {"category": "reminder"}).content.decode()
    assert "A reminder" in narrowed
    assert "A service mail" not in narrowed
