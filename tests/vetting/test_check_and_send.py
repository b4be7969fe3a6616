"""The page before sending: what is missing, how it is changed, and what finishing later keeps."""

import pytest
from django.urls import reverse

from core.access import Refused
from partnerships.vetting import fields, services
from partnerships.vetting.models import Application
from tests.factories import vetting
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, MembershipFactory, OrganizationFactory
from tests.markup import typed_into

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    vetting.first_version()
    client.user = UserFactory(full_name="Alex Moreno")
    return sign_in(client, client.user)


def step(application, name):
    return reverse("portal:application_step", args=[application.pk, name])


def check_page(owner, application):
    return owner.get(step(application, "declaration")).content.decode()


def test_change_before_sending_leads_back_to_the_check(owner):
    application = vetting.draft(owner=owner.user)
    url = f"{step(application, 'profile')}?check=1"
    assert f'href="{url}"' in check_page(owner, application)
    page = owner.get(url)
    assert "Save and go back" in page.content.decode()
    wrong = owner.post(url, typed_into(page, contact_phone="call me", action="next"))
    assert "Save and go back" in wrong.content.decode()
    done = owner.post(url, typed_into(wrong, contact_phone="312 555 0134", action="next"))
    assert done.url == step(application, "declaration")
    url = f"{step(application, 'values')}?check=1"
    stay = owner.post(url, typed_into(owner.get(url), link="example.org", action="add"))
    assert stay.url == url
    assert owner.post(url, typed_into(owner.get(url), action="next")).url == step(application, "declaration")


def test_places_can_be_changed_before_sending_and_are_missed_like_everything_else(owner):
    chain = OrganizationFactory(name="Northside Grocers")
    sites = [BusinessFactory(name=f"Store {n}", organization=chain) for n in (1, 2)]
    MembershipFactory(user=owner.user, organization=chain)
    application = vetting.draft(business=sites[0], owner=owner.user)
    page = check_page(owner, application)
    assert "Store 1" in page
    assert "Store 2" not in page
    assert "Which places it is for" in page
    application.sites.clear()
    status = owner.get(reverse("portal:application_status", args=[application.pk])).content.decode()
    assert "Which places it is for" in status.partition("Still missing")[2]
    with pytest.raises(Refused, match="Which places it is for"):
        services.submit_application(application=application, actor=owner.user)
    application.sites.set(sites[:1])
    assert services.submit_application(application=application, actor=owner.user).status == "submitted"


@pytest.mark.parametrize("gap", ["contact_name", "contact_role", "contact_phone", "hopes", "offers"])
def test_what_the_steps_demand_is_what_is_still_missing(owner, gap):
    application = vetting.draft(owner=owner.user, offer_kinds=["room"])
    services.save_step(application=application, actor=owner.user, values={gap: ""})
    application.refresh_from_db()
    (missing,) = fields.missing(application)
    assert missing.key == gap
    url = step(application, missing.step)
    refused = owner.post(url, typed_into(owner.get(url), action="next"))
    assert list(refused.context["form"].errors) == [gap]


def test_an_answer_to_a_request_is_not_held_up_by_what_nobody_asked_for():
    application = vetting.action_needed(fields=["answer:values"], offer_kinds=["room"])
    Application.objects.filter(pk=application.pk).update(offers="")
    application.refresh_from_db()
    assert fields.missing(application) == []


def test_finishing_later_saves_all_but_what_is_wrong(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    url = step(application, "profile")
    sent = typed_into(owner.get(url), contact_phone="call me", hopes="Half a sentence", action="later")
    page = owner.post(url, sent)
    body = page.content.decode()
    assert page.status_code == 200
    assert "Write a phone number with its area code" in body
    assert "Everything else is saved." in body
    assert "call me" in body
    application.refresh_from_db()
    assert (application.hopes, application.contact_phone) == ("Half a sentence", "")
    assert application.contact_name == owner.user.full_name
    again = owner.post(url, typed_into(page, contact_phone="312 555 0134", action="later"))
    assert again.status_code == 302
    application.refresh_from_db()
    assert application.contact_phone == "(312) 555-0134"


def test_finishing_later_with_a_bad_link_saves_the_answer(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    url = step(application, "values")
    page = owner.post(url, typed_into(owner.get(url), text="My words", link="no address", action="later"))
    assert "Everything else is saved." in page.content.decode()
    assert application.answers.get().text == "My words"


def test_finishing_an_answer_later_saves_all_but_what_is_wrong(owner):
    application = vetting.action_needed(fields=["contact_phone", "hopes"], owner=owner.user)
    url = reverse("portal:application_answer", args=[application.pk])
    sent = typed_into(owner.get(url), contact_phone="call me", hopes="More light", action="later")
    assert "Everything else is saved." in owner.post(url, sent).content.decode()
    application.refresh_from_db()
    assert (application.hopes, application.contact_phone) == ("More light", "(312) 555-0134")


def test_finishing_later_calls_nothing_optional_that_is_not(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    url = step(application, "profile")
    before = owner.get(url).content.decode().count("(optional)")
    sent = typed_into(owner.get(url), contact_phone="call me", action="later")
    assert owner.post(url, sent).content.decode().count("(optional)") == before


def test_finishing_later_overwrites_nothing_that_another_window_saved(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    url = step(application, "profile")
    old = typed_into(owner.get(url), hopes="From here", contact_phone="call me", action="later")
    services.save_step(application=application, actor=owner.user, values={"hopes": "Newer"})
    page = owner.post(url, old)
    assert page.status_code == 409
    assert "Everything else is saved." not in page.content.decode()
    application.refresh_from_db()
    assert application.hopes == "Newer"


def test_what_may_be_left_out_is_there_with_a_way_to_add_it(owner):
    application = vetting.draft(owner=owner.user)
    Application.objects.update(industry=None, languages="")
    page = check_page(owner, application)
    row = page.partition("Your kind of business")[2].partition("fact")[0]
    assert page.count("Not answered, you may leave it out.") == 2
    assert "Add it" in row
    assert not [part for part in fields.missing(application) if part.key == "industry"]


@pytest.mark.parametrize(("typed", "right"), [("555-0199", False), ("312 555-0199", True)])
def test_a_number_without_its_area_code_is_no_number_that_anyone_can_call(owner, typed, right):
    application = vetting.draft(owner=owner.user)
    url = step(application, "profile")
    answer = owner.post(url, typed_into(owner.get(url), contact_phone=typed, action="next"))
    assert (answer.status_code == 302) is right
    assert right or "with its area code" in answer.content.decode()
