"""Lists and drop-downs of people stand as one looks a name up: accents and capitals do not matter."""

import re

import pytest
from django.urls import reverse

from accounts.models import User
from config.local.places import BASE_DIR
from partnerships.businesses.forms import OrganizationForm
from partnerships.businesses.lists import LeadForm
from partnerships.businesses.models import Contact
from partnerships.businesses.services import owners_beside
from partnerships.vetting import load
from partnerships.vetting.forms import ReviewerForm
from tests.factories import vetting
from tests.factories.accounts import AdminFactory, OfficerFactory, SupervisorFactory, UserFactory, sign_in
from tests.factories.businesses import ClaimFactory, ContactFactory, MembershipFactory, OrganizationFactory

pytestmark = pytest.mark.django_db
PEOPLE = ["Abe Ito", "Ábel Nagy", "abel Ode", "Dan Wu", "de Vries", "De Vries, Jan", "O’Dell", "Zoe Ash"]
IN_NO_ORDER = sorted(PEOPLE, key=lambda name: name[::-1])


def listed(people):
    """The people of the list, as they stand there."""
    return [each.full_name for each in people if each.full_name in PEOPLE]


@pytest.fixture
def supervisor(db):
    return SupervisorFactory(full_name="Sam Stone")


@pytest.fixture
def officers(db):
    return [OfficerFactory(full_name=name, title="") for name in IN_NO_ORDER]


def test_officers_where_one_is_chosen(supervisor, officers):
    form = ReviewerForm(user=supervisor, application=vetting.submitted())
    assert listed(form.fields["reviewer"].queryset) == PEOPLE
    lead = OrganizationForm(user=supervisor, instance=OrganizationFactory()).fields["lead_officer"]
    assert listed(lead.queryset) == PEOPLE
    assert listed(load.officers(supervisor)) == PEOPLE


def test_the_lead_officer_for_many_places(rf, supervisor, officers):
    request = rf.get("/")
    request.user = supervisor
    drawn = [
        label
        for _value, label in LeadForm(request=request, now=None, noun=("", "")).fields["lead"].widget.choices
    ]
    assert [name for name in drawn if name in PEOPLE] == PEOPLE


def test_people_of_a_business(client):
    organization = OrganizationFactory()
    for name in IN_NO_ORDER:
        ContactFactory(organization=organization, name=name)
        MembershipFactory(organization=organization, user=UserFactory(full_name=name), role="owner")
    assert [each.name for each in organization.contacts.all()] == PEOPLE
    assert [each.name for each in Contact.objects.all()] == PEOPLE
    owner = User.objects.get(full_name="Dan Wu")
    (group,) = sign_in(client, owner).get(reverse("portal:people")).context["groups"]
    assert [each.user.full_name for each in group["members"]] == PEOPLE


def test_owners_beside_a_claim():
    claim = ClaimFactory(user=UserFactory())
    for name in IN_NO_ORDER:
        MembershipFactory(business=claim.business, user=UserFactory(full_name=name), role="owner")
    assert listed(owners_beside(claim)) == PEOPLE


def test_contacts_in_the_admin(client):
    for name in IN_NO_ORDER:
        ContactFactory(name=name)
    page = sign_in(client, AdminFactory()).get(reverse("admin:businesses_contact_changelist"))
    assert [each.name for each in page.context["cl"].result_list] == PEOPLE


def test_nobody_is_ordered_by_the_letters_of_their_name():
    by_letters = re.compile(r"order_by\([^)]*?(?<!in_order\()\"[\w-]*full_name\"")
    found = [
        str(path.relative_to(BASE_DIR))
        for room in ("accounts", "core", "events", "partnerships")
        for path in (BASE_DIR / room).rglob("*.py")
        if by_letters.search(path.read_text())
    ]
    assert found == []
    assert by_letters.search('people.order_by("-open_cases", "full_name", "pk")')
