"""A missing answer is asked for in the product's own words."""

import pytest
from django.urls import reverse

from accounts.forms import DetailsForm, RequestCodeForm, SignUpForm
from accounts.models import User
from partnerships.businesses import forms
from partnerships.businesses.models import Business
from tests.factories.accounts import SupervisorFactory, UserFactory
from tests.factories.businesses import BusinessFactory, ClaimFactory

pytestmark = pytest.mark.django_db


def test_no_form_of_the_registry_or_of_signing_in_says_this_field_is_required(client):
    user, claim = SupervisorFactory(), ClaimFactory(user=UserFactory())
    BusinessFactory(organization=claim.business.organization)
    sites, owners = Business.objects.filter(organization=claim.business.organization), User.objects.none()
    empty = [
        forms.NewBusinessForm({}, user=user),
        forms.ProfileForm({}, user=user, instance=BusinessFactory()),
        forms.OrganizationForm({}, user=user),
        forms.ContactForm({}, user=user, organization=claim.business.organization),
        forms.RefuseClaimForm({}),
        forms.VerifyClaimForm({}, claim=claim, sites=sites, owners=owners),
        forms.InviteForm({}, user=user, organization=claim.business.organization),
        RequestCodeForm({}),
        SignUpForm({}),
    ]
    for form in empty:
        assert form.errors
        assert "This field is required" not in str(form.errors), (type(form).__name__, form.errors)
    form = forms.VerifyClaimForm({}, claim=claim, sites=sites, owners=owners)
    assert form.errors["method"] == ["Choose how you verified it."]
    page = client.post(reverse("account_login"), {"login": ""}).content.decode()
    assert "This field is required" not in page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("\u200b\u2060", None), ("Ana\u202e Ortiz", "Ana Ortiz"), ("Ana\r\nOrtiz", "Ana Ortiz")],
)
def test_names_of_people_and_businesses_are_one_line_that_can_be_read(typed, kept):
    user = SupervisorFactory()
    organization = BusinessFactory().organization
    named = [
        (forms.NewBusinessForm({"name": typed}, user=user), "name"),
        (forms.ProfileForm({"name": typed}, user=user), "name"),
        (forms.OrganizationForm({"name": typed}, user=user), "name"),
        (forms.ContactForm({"name": typed}, user=user, organization=organization), "name"),
        (SignUpForm({"full_name": typed}), "full_name"),
        (DetailsForm({"full_name": typed}, instance=user), "full_name"),
    ]
    for form, field in named:
        form.is_valid()
        assert form.cleaned_data.get(field) == kept, type(form).__name__
        assert (field in form.errors) is (kept is None)
