"""A name has a letter or a digit that can be read, wherever it comes in: pages, admin, services, files."""

from datetime import timedelta

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse

from accounts.models import User
from accounts.services import add_user, update_user
from core import clock, names
from core.access import Refused
from core.models import Department
from core.names import NameFormField
from events.models import Event, Registration
from events.services import create_event, enter_registration, request_place, update_event
from partnerships.businesses import services
from partnerships.businesses.models import Business, Contact, Organization
from partnerships.vetting import services as vetting_services
from tests.adminpages import change
from tests.factories import vetting
from tests.factories.accounts import AdminFactory, OfficerFactory, sign_in
from tests.factories.businesses import BusinessFactory, ContactFactory
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db
UNSEEN = "\u200b\u200b"
TYPED, KEPT = "Ana\u202e \u00ad می\u200cخواهم\u200d ", "Ana می\u200cخواهم"
# A rank such as Sergeant, a role such as Owner; and the name of a file, which `core.files` checks.
NO_NAMES = {("accounts.User", "title"), ("businesses.Contact", "role_title"), ("vetting.Evidence", "name")}
NAMED = ("name", "title")


def is_name(column):
    """Whether people write a name there: what the product writes itself is not editable, or not on a form."""
    return isinstance(column, models.CharField) and column.editable and column.name.endswith(NAMED)


def ours():
    packages = ("core", "accounts", "events", "partnerships")
    return [each for each in apps.get_models() if each.__module__.split(".")[0] in packages]


def on_pages():
    """Each form class of the product, once everything is loaded that a page may need."""
    assert get_resolver().url_patterns
    found, todo = set(), [forms.BaseForm]
    while todo:
        kinds = todo.pop().__subclasses__()
        todo += kinds
        found |= {
            each
            for each in kinds
            if each.__module__.split(".")[0] in ("core", "accounts", "events", "partnerships")
        }
    return found


WRITTEN_BY_THE_PRODUCT = {
    # Copies of a name that stands elsewhere, and the names of files, tables and jobs.
    "updated_by_name", "owner_name", "recipient_name", "by_name", "file_name", "listed_by_name",
    "undone_by_name",
}  # fmt: skip


def test_each_column_that_people_write_a_name_into_checks_it():
    without = [
        (model._meta.label, column.name)
        for model in ours()
        if not model.__name__.endswith("Event") or model is Event
        for column in model._meta.concrete_fields
        if is_name(column)
        and names.check not in column.validators
        and column.name not in WRITTEN_BY_THE_PRODUCT
    ]
    assert set(without) - NO_NAMES == {("core.Heartbeat", "name")}


def test_each_form_that_asks_for_a_name_tidies_it():
    seen, wrong = set(), []
    for kind in on_pages():
        model = getattr(getattr(kind, "_meta", None), "model", None)
        for name, field in getattr(kind, "base_fields", {}).items():
            column = (
                next((each for each in model._meta.concrete_fields if each.name == name), None)
                if model
                else None
            )
            asks = (
                names.check in column.validators
                if column
                else name in ("name", "full_name", "legal_name", "title")
            )
            if asks:
                seen.add(kind.__name__)
                if not isinstance(field, NameFormField):
                    wrong.append((kind.__name__, name))
    assert {
        "SignUpForm",
        "RsvpForm",
        "AddBusinessForm",
        "EventForm",
        "ContactForm",
        "DeclarationForm",
    } <= seen
    assert not wrong


def test_each_page_of_the_admin_tidies_names():
    request = RequestFactory().get("/")
    request.user = AdminFactory()
    seen = 0
    for model, page in admin.site._registry.items():
        inlines = [kind(model, admin.site) for kind in page.inlines]
        for options in [page, *inlines]:
            for column in options.model._meta.concrete_fields:
                if names.check in column.validators and column.editable:
                    field = options.formfield_for_dbfield(column, request)
                    assert isinstance(field, NameFormField), (options, column.name)
                    seen += 1
    assert seen > 15


def step(name):
    draft = vetting.draft()
    return vetting_services.save_step(application=draft, actor=draft.applicant, values={"contact_name": name})


def declaration(name):
    draft = vetting.draft()
    return vetting_services.declare(
        application=draft, actor=draft.applicant, true=True, no_effect_on_response=True,
        records_may_be_public=True, confirmed_name=name,
    )  # fmt: skip


def its_own_organization():
    return BusinessFactory().organization


def a_time():
    starts = clock.now() + timedelta(days=9)
    return {"starts_at": starts, "ends_at": starts + timedelta(hours=1)}


CALLS = {
    "add_user": lambda name: add_user(email="n@city.example", full_name=name, role="officer", actor=None),
    "update_user": lambda name: update_user(user=OfficerFactory(), changes={"full_name": name}, actor=None),
    "add_organization": lambda name: services.add_organization(actor=None, name=name),
    "update_organization": lambda name: services.update_organization(
        organization=its_own_organization(), actor=None, legal_name=name
    ),
    "add_business": lambda name: services.add_business(actor=None, name=name),
    "add_business, legal name": lambda name: (
        services.add_business(actor=None, name="Oak Bakery", legal_name=name).organization
    ),
    "update_business": lambda name: services.update_business(
        business=BusinessFactory(), actor=None, name=name
    ),
    "add_contact": lambda name: services.add_contact(
        organization=its_own_organization(), actor=None, name=name, phone="+13125550134"
    ),
    "update_contact": lambda name: services.update_contact(contact=ContactFactory(), actor=None, name=name),
    "create_event": lambda name: create_event(actor=None, title=name, venue_name="Library", **a_time()),
    "create_event, place": lambda name: create_event(actor=None, title="Talk", venue_name=name, **a_time()),
    "update_event": lambda name: update_event(event=EventFactory(), actor=None, title=name),
    "request_place": lambda name: request_place(
        event=EventFactory(), name=name, email="a@people.example", party_size=1
    ),
    "enter_registration": lambda name: enter_registration(
        event=EventFactory(), actor=None, name=name, party_size=1
    ),
    "save_step": step,
    "declare": declaration,
}
KINDS = (User, Organization, Business, Contact, Event, Registration)


def all_names():
    return [
        value
        for kind in (*KINDS, apps.get_model("vetting.Application"))
        for column in kind._meta.concrete_fields
        if names.check in column.validators
        for value in kind._base_manager.values_list(column.name, flat=True)
    ]


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_service_called_directly_refuses_a_name_that_nobody_can_read(call):
    with pytest.raises(Refused) as refused:
        call(UNSEEN)
    assert refused.value.refusal.code == "unreadable"
    assert refused.value.refusal.field
    assert "letter or digit" in str(refused.value)
    assert not any("\u200b" in each for each in all_names())


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_service_called_directly_keeps_what_can_be_read_of_a_name(call):
    call(TYPED)
    assert KEPT in all_names()
    assert not any("\u202e" in each for each in all_names())


def test_the_admin_refuses_a_name_that_nobody_can_read_and_tidies_others():
    browser, shop = sign_in(Client(), AdminFactory()), BusinessFactory()
    url = reverse("admin:businesses_organization_change", args=[shop.organization_id])
    page = change(browser, url, {"name": UNSEEN, "kind": "business"})
    assert "letter or digit that can be read" in page.content.decode()
    change(browser, url, {"name": TYPED, "kind": "business"})
    assert Organization.objects.get(pk=shop.organization_id).name == KEPT


def test_the_departments_own_names_are_checked():
    with pytest.raises(forms.ValidationError, match="letter or digit"):
        Department(pk=1, short_name=UNSEEN).full_clean()
