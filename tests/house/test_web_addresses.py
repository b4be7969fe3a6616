"""A web address without a name, a password or another scheme, wherever one is asked for."""

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from core.access import Refused
from core.links import check_web_address
from partnerships.businesses.forms import BusinessForm, ProfileForm
from partnerships.businesses.models import Business
from partnerships.businesses.services import add_business, update_business
from partnerships.vetting.forms import AnswerForm
from partnerships.vetting.services import add_evidence_link
from tests.adminpages import change, version_of
from tests.factories import vetting
from tests.factories.accounts import AdminFactory, SupervisorFactory, sign_in
from tests.factories.businesses import BusinessFactory

pytestmark = pytest.mark.django_db
REFUSED = ("https://user:pw@host.example", "ftp://host.example")


def test_each_column_for_a_web_address_is_checked():
    columns = [
        column
        for model in apps.get_models()
        if model.__module__.split(".")[0] in ("core", "accounts", "events", "partnerships")
        for column in model._meta.concrete_fields
        if isinstance(column, models.URLField)
    ]
    assert len(columns) >= 2
    assert all(check_web_address in column.validators for column in columns)


@pytest.mark.parametrize("typed", REFUSED)
def test_no_form_takes_it(typed):
    shop, user, application = BusinessFactory(), SupervisorFactory(), vetting.draft()
    criterion = application.criteria_version.criteria.first()
    forms = {
        "website": BusinessForm({"website": typed}, instance=shop, user=user),
        "website ": ProfileForm({"website": typed}, instance=shop, user=user),
        "link": AnswerForm({"link": typed}, instance=application, criterion=criterion),
    }
    for name, form in forms.items():
        (sentence,) = form.errors[name.strip()]
        assert "web address" in sentence


@pytest.mark.parametrize("typed", REFUSED)
def test_no_service_takes_it(typed):
    application = vetting.draft()
    criterion = application.criteria_version.criteria.first()
    for write_it in (
        lambda: add_business(actor=None, name="Oak Bakery", website=typed),
        lambda: update_business(business=BusinessFactory(), actor=None, website=typed),
        lambda: add_evidence_link(
            application=application, criterion=criterion, url=typed, actor=application.applicant
        ),
    ):
        with pytest.raises(Refused, match="web address"):
            write_it()
    assert add_business(actor=None, name="Oak Bakery", website="oak.example").website == "https://oak.example"


@pytest.mark.parametrize("typed", REFUSED)
def test_the_admin_does_not_take_it(typed):
    browser, shop = sign_in(Client(), AdminFactory()), BusinessFactory(website="https://oak.example")
    url = reverse("admin:businesses_business_change", args=[shop.pk])
    page = change(browser, url, {"name": shop.name, "website": typed})
    assert "web address" in " ".join(page.context["adminform"].form.errors["website"])
    assert version_of(browser, url)
    assert Business.objects.get(pk=shop.pk).website == "https://oak.example"


@pytest.mark.parametrize("typed", REFUSED)
def test_what_was_stored_before_is_no_link(typed):
    shop = BusinessFactory()
    Business.objects.filter(pk=shop.pk).update(website=typed)
    page = sign_in(Client(), SupervisorFactory()).get(reverse("desk:business", args=[shop.pk]))
    assert f'href="{typed}"' not in page.content.decode()
