"""A mail address reaches its person however it is written, or the form says that it can't."""

import re
from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.forms import NewEmailForm, RequestCodeForm, ResetPasswordForm, SignInForm, SignUpForm
from accounts.services import ensure_address
from core import clock, mailboxes
from core.access import Refused
from core.mail import consents, suppressions
from core.mail.models import Consent, OutgoingMail, Suppression
from core.mail.outbox import life, relay
from core.mail.outbox.sending import drain
from core.mail.purposes import Status
from core.mailboxes import MailboxFormField
from events import services
from events.models import Registration
from partnerships.businesses.services import add_contact
from tests.factories.accounts import AdminFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory
from tests.factories.core import mail
from tests.factories.events import EventFactory, place
from tests.house.test_names_everywhere import on_pages, ours

pytestmark = pytest.mark.django_db
SIGNING_IN = [
    (RequestCodeForm, "email"),
    (SignInForm, "login"),
    (SignUpForm, "email"),
    (ResetPasswordForm, "email"),
    (NewEmailForm, "email"),
]
LETTERS, WIRE = "rosa@müller.example", "rosa@xn--mller-kva.example"


@pytest.mark.parametrize(
    ("typed", "kept", "sent"),
    [
        (LETTERS, LETTERS, WIRE),
        (WIRE, LETTERS, WIRE),
        ("rosa@MÜLLER.example", LETTERS, WIRE),
        ("rosa@mu\u0308ller.example", LETTERS, WIRE),
        ("ana@straße.example", "ana@straße.example", "ana@xn--strae-oqa.example"),
        ("ana@例え。テスト", "ana@例え.テスト", "ana@xn--r8jz45g.xn--zckzah"),
        ("\u00a0Ana@shop.example \u200b", "Ana@shop.example", "Ana@shop.example"),
        ("o'brien+shop@bank_1.example", None, None),
        ("o'brien+shop@bank-1.example", "o'brien+shop@bank-1.example", "o'brien+shop@bank-1.example"),
        ("rosä@shop.example", None, None),
        ("ro\u017fa@shop.example", None, None),
        ("rosa@❤.example", None, None),
        ("rosa@" + "ü" * 60 + ".example", None, None),
        ("rosa", None, None),
        ("", "", ""),
    ],
)
def test_an_address_is_kept_as_people_read_it_and_sent_as_servers_do(typed, kept, sent):
    if kept is None:
        with pytest.raises(forms.ValidationError):
            mailboxes.clean(typed)
    else:
        assert (mailboxes.clean(typed), mailboxes.wire(kept)) == (kept, sent)


def test_what_is_wrong_is_said_in_one_sentence_where_it_was_typed(client):
    event = EventFactory()
    typed = {"name": "Rosa", "email": "rosä@shop.example", "party_size": "1"}
    page = client.post(reverse("public:rsvp", args=[event.slug]), typed).content.decode()
    assert (
        page.count("mail servers take plain letters and digits only, without accents") == 2
    )  # summary, field
    assert 'value="rosä@shop.example"' in page
    page = client.post(reverse("account_signup"), {"full_name": "Rosa", "email": "rosa@❤.example"})
    assert "Check how it is spelled" in page.content.decode()
    assert not OutgoingMail.objects.exists()


def test_mail_to_a_domain_in_letters_of_its_own_arrives(sink):
    row = mail(to=LETTERS, recipient_name="Rosa Müller")
    OutgoingMail.objects.filter(pk=row.pk).update(reply_to=mailboxes.line("Lee", LETTERS))
    assert drain().sent == 1
    (message,) = sink.received
    (to,) = message["To"].addresses
    assert (to.addr_spec, to.display_name) == (WIRE, "Rosa Müller")
    assert message["Reply-To"].addresses[0].addr_spec == WIRE
    row.refresh_from_db()
    assert row.status == Status.SENT
    assert row.to == LETTERS


def test_the_header_of_python_alone_would_fail(sink, monkeypatch):
    """The control: without the other spelling the mail can't be built, as before."""
    monkeypatch.setattr(mailboxes, "wire", lambda address: address)
    row = mail(to=LETTERS, recipient_name="Rosa Müller")
    assert drain().later == 1
    row.refresh_from_db()
    assert row.last_error == "our_fault: UnicodeEncodeError"


def test_an_address_that_slipped_in_is_told_as_one(sink):
    row = mail(to="rosä@shop.example")
    assert drain().failed == 1
    row.refresh_from_db()
    assert row.status == Status.FAILED
    assert "No mail server takes an address that is written like this" in life.answer_words(row.last_error)


def test_a_fault_of_ours_is_tried_again_and_an_admin_is_told_that_it_is_ours(sink, monkeypatch, caplog):
    def broken(*_given):
        raise KeyError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr(relay, "unsubscribe_headers", broken)
        row = mail()
        assert drain().later == 1
    row.refresh_from_db()
    assert (row.status, row.last_error) == (Status.WAITING, "our_fault: KeyError")
    assert "can't be built" in caplog.text
    browser = sign_in(Client(), AdminFactory())
    page = browser.get(reverse("admin:mail_outgoingmail_change", args=[row.pk])).content.decode()
    assert "Not the address is at fault, the product is (KeyError)" in page
    index = browser.get(reverse("admin:index")).content.decode()
    assert "1 mail can’t be made ready: a fault of the product." in index
    (link,) = re.findall(r'href="([^"]+trouble=fault)"', index)
    assert f"/{row.pk}/change/" in browser.get(link).content.decode()
    OutgoingMail.objects.filter(pk=row.pk).update(due_at=clock.now())
    assert drain().sent == 1
    found = Client().get("/health/ready").json()
    assert found["faulty_mail"] == {"state": "ok", "count": 0}


def test_both_spellings_are_one_person():
    event = EventFactory()
    services.enter_registration(event=event, actor=None, name="Rosa", email=WIRE, party_size=1)
    assert Registration.objects.get().email == LETTERS
    with pytest.raises(Refused):
        services.enter_registration(event=event, actor=None, name="Rosa M.", email=LETTERS, party_size=1)
    consents.record(
        address=WIRE, purpose="reminders", given=False, how="form", wording="No reminders, please."
    )
    assert consents.refused({LETTERS}, "reminders") == {LETTERS}
    suppressions.bounced(address=WIRE, detail="550 5.1.1 No such user")
    assert suppressions.held_back({LETTERS}, "service", "service") == {LETTERS}
    contact = add_contact(organization=BusinessFactory().organization, actor=None, name="Rosa", email=WIRE)
    assert contact.email == LETTERS


@pytest.mark.parametrize("typed", [LETTERS, WIRE, "Rosa@MÜLLER.example "])
def test_one_account_signs_in_by_both_spellings(typed):
    owner = UserFactory(email=LETTERS)
    answer = Client().post(reverse("account_request_login_code"), {"email": typed})
    assert answer.status_code == 302
    (sent,) = OutgoingMail.objects.all()
    assert sent.recipient_id == owner.pk
    assert re.search(r"\b\w{4}-?\w{4}\b", sent.text)


def test_each_column_and_form_and_page_of_the_admin_asks_so():
    columns = [
        column
        for model in ours()
        if not model.__name__.endswith("Event") or model.__name__ == "Event"
        for column in model._meta.concrete_fields
        if isinstance(column, models.EmailField) and column.editable
    ]
    wrong = [str(column) for column in columns if mailboxes.check not in column.validators]
    assert wrong == ["mail.OutgoingMail.to"], "which the product writes"
    asking = [
        (kind.__name__, name, type(field))
        for kind in on_pages()
        for name, field in getattr(kind, "base_fields", {}).items()
        if isinstance(field, forms.EmailField) and kind.__module__ != "accounts.forms"
    ]
    asking += [(each.__name__, name, type(each().fields[name])) for each, name in SIGNING_IN]
    assert {"RsvpForm", "ContactForm", "InviteForm", "BusinessForm"} <= {each[0] for each in asking}
    assert [each for each in asking if not issubclass(each[2], MailboxFormField)] == []
    request = RequestFactory().get("/")
    request.user = AdminFactory()
    for model, page in admin.site._registry.items():
        for column in model._meta.concrete_fields:
            if mailboxes.check in column.validators and column.editable:
                assert isinstance(page.formfield_for_dbfield(column, request), MailboxFormField), column


def test_what_a_browser_sent_before_is_found_by_the_letters_that_people_read():
    owner, event = UserFactory(), EventFactory()
    ensure_address(user=owner)
    guest = place(event, email="guest@people.example")
    get_user_model().objects.filter(pk=owner.pk).update(email=WIRE)
    EmailAddress.objects.filter(user=owner).update(email=WIRE)
    type(guest).objects.filter(pk=guest.pk).update(email=WIRE)
    stopped = Consent.objects.create(
        address=WIRE, purpose="reminders", given=False, how="form", wording="No reminders, please."
    )
    Suppression.objects.create(address=WIRE, reason="bounce", detail="550 5.1.1", at=clock.now())
    assert not consents.refused({LETTERS}, "reminders")
    import_module("events.migrations.0013_addresses_in_one_spelling").respell(apps, None)
    owner.refresh_from_db()
    guest.refresh_from_db()
    assert {owner.email, guest.email, EmailAddress.objects.get(user=owner).email} == {LETTERS}
    assert consents.refused({LETTERS}, "reminders") == {LETTERS}
    assert suppressions.held_back({LETTERS}, "service", "service") == {LETTERS}
    with pytest.raises(Exception, match="append_only"), transaction.atomic():
        Consent.objects.filter(pk=stopped.pk).update(given=True)


def test_where_both_spellings_have_an_account_both_stay():
    first, second = UserFactory(email=LETTERS), UserFactory()
    get_user_model().objects.filter(pk=second.pk).update(email=WIRE)
    import_module("events.migrations.0013_addresses_in_one_spelling").respell(apps, None)
    assert set(get_user_model().objects.values_list("email", flat=True)) >= {LETTERS, WIRE}
    assert first.email == LETTERS


def test_each_column_in_which_an_address_is_looked_up_is_respelled():
    kept = {
        (model._meta.label, column.name)
        for model in ours()
        if model.__name__ == "Event" or not model.__name__.endswith("Event")
        for column in model._meta.concrete_fields
        if isinstance(column, models.EmailField)
    }
    named = import_module("events.migrations.0013_addresses_in_one_spelling").COLUMNS
    done = {(apps.get_model(label, name)._meta.label, field) for label, name, field in named}
    # The department's own, and what the outbox sent or sends: both are compared by `normal`.
    assert kept - done == {("core.Department", "email"), ("mail.OutgoingMail", "to")}
