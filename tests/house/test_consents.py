"""What people agreed to: kept with its proof at the source, and never turned around behind their back."""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from core.access import Refused
from core.mail import consents
from core.mail.models import Consent
from core.mail.purposes import How, Purpose
from core.models import AuditEntry
from events import services as events
from partnerships.businesses import services as businesses
from partnerships.vetting import services as vetting_services
from tests.accounts.mailbox import newest_code
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory, UserFactory, ViewerFactory, sign_in
from tests.factories.businesses import BusinessFactory, ContactFactory, MembershipFactory
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db
ADDRESS = "rosa@shop.example"


def stop(address=ADDRESS):
    return consents.choose(
        address=address, purpose=Purpose.REMINDERS, given=False, how=How.PREFERENCES, wording="Reminders"
    )


def gets_reminders(address=ADDRESS):
    return not consents.refused([address], Purpose.REMINDERS)


def code_of(registration, monkeypatch):
    """Confirm as someone does who has the code."""
    monkeypatch.setattr("events.rules.code_matches", lambda *_any: True)
    return events.confirm_place(event=registration.event, email=registration.email, code="000000")


def test_a_visitor_who_confirms_a_place_is_on_record_with_the_words_of_the_form(monkeypatch):
    event = EventFactory()
    events.request_place(event=event, name="Rosa", email="Rosa@Shop.example", party_size=1)
    assert not Consent.objects.exists(), "anyone can type an address: only the code proves whose it is"
    registration = code_of(event.registrations.get(), monkeypatch)
    row = Consent.objects.get()
    assert (row.address, row.purpose, row.given, row.how) == (ADDRESS, "reminders", True, "form")
    assert row.wording == consents.REMINDERS_SAID
    assert row.source == f"registration-{registration.pk}"


def test_the_words_on_record_are_the_words_of_the_page(client):
    event = EventFactory()
    assert str(consents.REMINDERS_SAID) in client.get(event.get_absolute_url()).content.decode()
    assert str(consents.REMINDERS_SAID) in client.get("/accounts/signup/").content.decode()


def test_a_member_and_someone_on_the_phone_are_on_record_too():
    member = UserFactory()
    business = MembershipFactory(
        user=member, business=BusinessFactory(standing="partner")
    ).organization.sites.get()
    events.register_business(event=EventFactory(), business=business, user=member, party_size=1)
    assert Consent.objects.of(member.email).get().how == "form"
    officer = OfficerFactory()
    place(EventFactory(), email=ADDRESS, actor=officer)
    row = Consent.objects.of(ADDRESS).get()
    assert (row.how, row.actor_label) == ("desk", officer.display_name)
    assert row.wording == consents.REMINDERS_TOLD


def test_who_has_no_address_is_asked_for_no_consent():
    events.enter_registration(event=EventFactory(), actor=OfficerFactory(), name="Ana", party_size=1)
    assert not Consent.objects.exists()


def test_who_stopped_reminders_and_registers_again_is_not_signed_up_again():
    stop()
    place(EventFactory(), email=ADDRESS)
    assert not gets_reminders()
    assert Consent.objects.of(ADDRESS).count() == 1


def test_registering_twice_leaves_one_row():
    place(EventFactory(), email=ADDRESS)
    place(EventFactory(), email=ADDRESS)
    assert Consent.objects.of(ADDRESS).count() == 1


def test_a_registration_that_is_rolled_back_leaves_no_consent():
    with transaction.atomic():
        place(EventFactory(), email=ADDRESS)
        transaction.set_rollback(True)
    assert not Consent.objects.exists()


def test_who_sends_an_application_is_on_record():
    application = vetting.submitted()
    row = Consent.objects.of(application.applicant.email).get()
    assert (row.how, row.source) == ("form", f"application-{application.pk}")


def test_who_confirms_an_application_on_an_officers_phone_is_on_record_as_told():
    officer = OfficerFactory()
    application = vetting.assisted_draft(business=BusinessFactory(), officer=officer)
    type(application).objects.filter(pk=application.pk).update(contact_email=ADDRESS)
    vetting_services.submit_application(application=application, actor=officer)
    assert Consent.objects.of(ADDRESS).get().how == "desk"


def test_a_choice_that_changes_nothing_leaves_no_row_and_no_audit():
    stop()
    assert AuditEntry.objects.filter(verb="mail.choice_changed").count() == 1
    assert stop() is None
    assert Consent.objects.count() == 1
    assert AuditEntry.objects.filter(verb="mail.choice_changed").count() == 1


def test_mail_of_service_can_not_be_stopped():
    with pytest.raises(ValueError, match="service"):
        consents.record(address=ADDRESS, purpose=Purpose.SERVICE, given=False, how=How.FORM, wording="")


def test_what_was_chosen_holds_for_a_new_address_too():
    stop()
    consents.carry_over(old="ROSA@shop.example", new="rosa@new.example")
    assert not gets_reminders("rosa@new.example")
    assert gets_reminders("other@new.example")


def test_a_choice_of_the_new_address_is_not_overruled_by_the_old_one():
    stop()
    stop("rosa@new.example")
    consents.choose(
        address="rosa@new.example",
        purpose=Purpose.REMINDERS,
        given=True,
        how=How.PREFERENCES,
        wording="Reminders",
    )
    consents.carry_over(old=ADDRESS, new="rosa@new.example")
    assert gets_reminders("rosa@new.example")


@pytest.mark.parametrize("how", [How.FORM, How.DESK])
def test_what_a_form_said_of_the_new_address_does_not_stand_in_the_way_of_a_no(how):
    stop()
    consents.told(address="rosa@new.example", how=how)
    (row,) = consents.carry_over(old=ADDRESS, new="rosa@new.example")
    assert (row.given, row.how, row.source) == (
        False,
        "preferences",
        f"consent-{Consent.objects.of(ADDRESS).get().pk}",
    )
    assert not gets_reminders("rosa@new.example")


@pytest.mark.parametrize("how", [How.PREFERENCES, How.ONE_CLICK, How.COMPLAINT, How.DESK])
def test_a_no_of_the_new_address_is_not_overruled_by_a_yes_of_the_old_one(how):
    for purpose in (Purpose.REMINDERS, Purpose.NEWSLETTERS):
        consents.record(address=ADDRESS, purpose=purpose, given=True, how=How.PREFERENCES, wording="It comes")
        consents.record(address="rosa@new.example", purpose=purpose, given=False, how=how, wording="Stop")
    assert consents.carry_over(old=ADDRESS, new="rosa@new.example") == []
    assert not gets_reminders("rosa@new.example")


def test_a_no_told_to_an_officer_goes_over_to_an_address_that_only_saw_a_form():
    consents.told(address=ADDRESS, how=How.FORM)
    consents.choose(
        address=ADDRESS, purpose=Purpose.REMINDERS, given=False, how=How.DESK, wording="Told by phone"
    )
    consents.told(address="rosa@new.example", how=How.FORM)
    consents.carry_over(old=ADDRESS, new="rosa@new.example")
    assert not gets_reminders("rosa@new.example")
    assert consents.carry_over(old=ADDRESS, new="rosa@new.example") == [], "once is enough"


def test_an_officer_notes_what_a_contact_told_them():
    officer, contact = OfficerFactory(), ContactFactory(email=ADDRESS)
    businesses.note_mail_choice(contact=contact, purpose="reminders", given=False, actor=officer)
    row = Consent.objects.get()
    assert (row.how, row.given, row.actor_label) == ("desk", False, officer.display_name)
    assert row.source == f"contact-{contact.pk}"
    entry = AuditEntry.objects.get(verb="mail.choice_changed")
    assert (entry.actor_id, entry.target_id) == (officer.pk, str(row.pk))


def test_a_viewer_notes_nothing_and_a_contact_without_an_address_gets_nothing():
    for contact, actor in (
        (ContactFactory(email=ADDRESS), ViewerFactory()),
        (ContactFactory(email=""), OfficerFactory()),
    ):
        with pytest.raises(Refused):
            businesses.note_mail_choice(contact=contact, purpose="reminders", given=False, actor=actor)
    assert not Consent.objects.exists()


# --- Signing up, another address, the contact's page


def sign_up(browser, email):
    browser.post(reverse("account_signup"), {"email": email, "full_name": "Rosa Diaz"})
    return browser.post(reverse("account_email_verification_sent"), {"code": newest_code()})


def test_who_signs_up_is_on_record_once_the_address_is_proved(client):
    cache.clear()
    client.post(reverse("account_signup"), {"email": ADDRESS, "full_name": "Rosa Diaz"})
    assert not Consent.objects.exists()
    client.post(reverse("account_email_verification_sent"), {"code": newest_code()})
    row = Consent.objects.get()
    assert (row.address, row.how, row.wording) == (ADDRESS, "form", str(consents.REMINDERS_SAID))
    assert row.source.startswith("user-")


def test_who_was_added_by_an_admin_saw_no_form_and_is_not_on_record(client):
    cache.clear()
    user = UserFactory(verified=False)
    client.post(reverse("account_login"), {"login": user.email})
    client.post(reverse("account_confirm_login_code"), {"code": newest_code()})
    assert client.session.get("_auth_user_id") == str(user.pk)
    assert not Consent.objects.exists()


def test_an_account_that_moves_to_another_address_stays_without_reminders(client):
    cache.clear()
    sign_up(client, ADDRESS)
    stop()
    client.post(reverse("account_email"), {"email": "rosa@new.example", "action_add": ""})
    client.post(reverse("account_email_verification_sent"), {"code": newest_code()})
    assert Consent.objects.of("rosa@new.example").exists(), "the address was not changed"
    assert not gets_reminders("rosa@new.example")


def test_an_officer_sees_on_the_contact_what_comes_and_changes_it(client):
    contact = ContactFactory(email=ADDRESS)
    sign_in(client, SupervisorFactory())
    page, told = (
        reverse("desk:contact_edit", args=[contact.pk]),
        reverse("desk:contact_mail", args=[contact.pk]),
    )
    assert "On until you stop them." in client.get(page).content.decode()
    answer = client.post(told, {"purpose": "reminders", "given": "no"}, follow=True).content.decode()
    assert "Off since" in answer
    assert "told to an officer" in answer
    assert not gets_reminders()
    assert "no reminders" in client.get(reverse("desk:business", args=[contact.business_id])).content.decode()


@pytest.mark.parametrize("typed", [{"purpose": "service", "given": "no"}, {"purpose": "reminders"}, {}])
def test_what_can_not_be_chosen_is_not_noted(client, typed):
    contact = ContactFactory(email=ADDRESS)
    sign_in(client, SupervisorFactory())
    client.post(reverse("desk:contact_mail", args=[contact.pk]), typed)
    assert not Consent.objects.exists()
