"""The page that asks and then does, on pages of the house: GET changes nothing, a refusal stands in place."""

import pytest
from django.urls import reverse

from events.models import Registration
from partnerships.businesses.models import Contact, Membership
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, ContactFactory, MembershipFactory
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db


def test_a_question_names_its_object_and_only_a_post_does_it_and_says_so(client):
    sign_in(client, SupervisorFactory())
    business = BusinessFactory()
    contact = ContactFactory(organization=business.organization, business=business, name="Ana Lopez")
    address = reverse("desk:contact_remove", args=[contact.pk])
    page = client.get(address)
    assert "Remove Ana Lopez?" in page.content.decode()
    assert client.get(address).status_code == 200
    assert Contact.objects.filter(pk=contact.pk).exists()
    done = client.post(address)
    assert done.status_code == 302
    assert "Ana Lopez was removed." in client.get(done.url).content.decode()
    assert not Contact.objects.filter(pk=contact.pk).exists()


def test_where_a_rule_refuses_its_sentence_stands_in_place_of_the_button_and_a_post_does_nothing(client):
    membership = MembershipFactory(user=UserFactory(), role="owner")
    sign_in(client, membership.user)
    address = reverse("portal:person_remove", args=[membership.pk])
    for answer, status in ((client.get(address), 200), (client.post(address), 403)):
        assert answer.status_code == status
        assert "needs at least one owner" in answer.content.decode()
        assert "usa-button--secondary" not in answer.content.decode()
    assert Membership.objects.filter(pk=membership.pk).exists()


def test_a_reload_of_a_cancellation_is_refused_in_words_and_changes_nothing(client):
    officer = OfficerFactory()
    sign_in(client, officer)
    event = EventFactory(capacity=10)
    address = reverse("desk:event_cancel", args=[event.pk])
    assert client.post(address, {"reason": "Rain"}).status_code == 302
    again = client.post(address, {"reason": "Snow"})
    assert again.status_code == 409
    assert "already “Cancelled”" in again.content.decode()
    assert ">\nSnow</textarea>" in again.content.decode(), "what was typed is kept"
    assert "usa-button--secondary" not in again.content.decode(), "no button could do it"
    event.refresh_from_db()
    assert event.cancel_reason == "Rain"
    assert not Registration.objects.exists()


def test_a_refused_answer_says_so_in_its_status_and_keeps_what_was_typed(client):
    sign_in(client, OfficerFactory())
    event = EventFactory(capacity=6)
    mine, other = place(event, party_size=2), place(event, "Ben Lee", party_size=2)
    address = reverse("desk:registration_resize", args=[event.pk, mine.pk])
    refused = client.post(address, {"party_size": "5"})
    body = refused.content.decode()
    assert refused.status_code == 403
    assert "usa-error-message" in body
    assert 'value="5"' in body
    assert "usa-button" in body, "a smaller number would be taken"
    mine.refresh_from_db()
    assert (mine.party_size, other.party_size) == (2, 2)


def test_withdrawing_twice_leads_back_and_says_where_it_stands(client):
    owner = UserFactory()
    application = vetting.submitted(owner=owner)
    sign_in(client, owner)
    address = reverse("portal:application_withdraw", args=[application.pk])
    assert client.post(address).status_code == 302
    again = client.post(address, follow=True)
    assert again.redirect_chain[0][0] == reverse("portal:application_status", args=[application.pk])
    assert "Your application is withdrawn." in again.content.decode()
