"""A supervisor gives many places a lead officer at once: chosen, asked, done."""

import html
import re

import pytest
from django.urls import reverse

from core.access import Refused
from core.models import AuditEntry
from core.pages import bulk
from partnerships.businesses import services
from partnerships.businesses.models import Organization
from tests.factories.accounts import UserFactory
from tests.factories.businesses import BusinessFactory

pytestmark = pytest.mark.django_db
LIST = "desk:businesses"


@pytest.fixture
def shops(city):
    return [BusinessFactory(name=f"Shop {n}", area=city.west_beat) for n in range(3)]


def leads(shops):
    return [Organization.objects.get(pk=each.organization_id).lead_officer for each in shops]


def asked(client, query="", **data):
    return client.post(reverse(LIST) + query, {"bulk": "lead", **data})


def fields_of(page):
    """The hidden fields that a browser would send back."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page.content.decode()):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if attributes.get("type") == "hidden" and attributes.get("name") != "csrfmiddlewaretoken":
            found.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    return found


def answered(client, question, officer, query=""):
    """Send the question's own page back with an answer."""
    return client.post(reverse(LIST) + query, {**fields_of(question), "lead": officer.pk}, follow=True)


def test_chosen_places_get_a_lead_officer_after_a_question(as_user, supervisor, officer, shops):
    client = as_user(supervisor)
    page = client.get(reverse(LIST)).content.decode()
    assert f'name="rows" value="{shops[0].pk}"' in page
    question = asked(client, rows=[shops[0].pk, shops[2].pk])
    assert "Who leads 2 businesses from now on?" in question.content.decode()
    assert leads(shops) == [None, None, None]
    done = answered(client, question, officer)
    assert "2 businesses: the lead officer is assigned." in done.content.decode()
    assert leads(shops) == [officer, None, officer]
    entries = AuditEntry.objects.filter(verb="businesses.organization_changed", actor_id=supervisor.pk)
    assert entries.count() == 2


def test_all_that_match_the_filters_are_chosen_at_one_stroke(as_user, supervisor, officer, shops, city):
    BusinessFactory(name="Elsewhere", area=city.east_beat)
    client, query = as_user(supervisor), "?district=19"
    done = answered(client, asked(client, query, all="on"), officer, query)
    assert "3 businesses: the lead officer is assigned." in done.content.decode()
    assert Organization.objects.filter(lead_officer=officer).count() == 3


@pytest.mark.parametrize("word", ["False", "false", "0", "no", "True"])
def test_only_a_ticked_box_chooses_everything(as_user, supervisor, shops, word):
    question = asked(as_user(supervisor), rows=[shops[0].pk], all=word)
    assert "Who leads 1 business from now on?" in question.content.decode()


def test_same_answer_sent_twice_assigns_once(as_user, supervisor, officer, shops):
    client = as_user(supervisor)
    question = asked(client, rows=[shops[0].pk])
    answered(client, question, officer)
    again = answered(client, question, officer)
    assert "Already saved" in again.content.decode()
    assert AuditEntry.objects.filter(verb="businesses.organization_changed").count() == 1


def test_nothing_chosen_asks_to_choose(as_user, supervisor, shops):
    for data in ({}, {"rows": ["x", "-1", "9" * 30]}, {"rows": [10**9]}):
        answer = as_user(supervisor).post(reverse(LIST), {"bulk": "lead", **data}, follow=True)
        assert "Choose at least one" in answer.content.decode()


def test_more_than_are_done_while_one_waits_are_not_begun(as_user, supervisor, shops, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    answer = as_user(supervisor).post(reverse(LIST), {"bulk": "lead", "all": "on"}, follow=True)
    assert "At most 2 at a time" in answer.content.decode()


def test_place_that_the_person_does_not_see_is_not_among_the_chosen(
    as_user, city, supervisor, officer, shops
):
    from tests.factories.businesses import DistrictAssignmentFactory

    DistrictAssignmentFactory(user=supervisor, area=city.east)
    answer = as_user(supervisor).post(reverse(LIST), {"bulk": "lead", "rows": [shops[0].pk]}, follow=True)
    assert "Choose at least one" in answer.content.decode()


def test_officers_and_viewers_are_offered_no_boxes_and_refused(as_user, officer, viewer, shops):
    for user in (officer, viewer):
        client = as_user(user)
        assert 'name="rows"' not in client.get(reverse(LIST)).content.decode()
        assert asked(client, rows=[shops[0].pk]).status_code == 403
    assert leads(shops) == [None, None, None]


def test_service_refuses_officers_and_people_who_can_not_lead(supervisor, officer, shops):
    organization = shops[0].organization
    with pytest.raises(Refused):
        services.assign_lead(organization=organization, officer=officer, actor=officer)
    for who in (UserFactory(), UserFactory(role="viewer"), UserFactory(role="officer", is_active=False)):
        with pytest.raises(Refused, match="can lead"):
            services.assign_lead(organization=organization, officer=who, actor=supervisor)


def test_unknown_step_leads_back_to_the_list(as_user, supervisor, shops):
    answer = as_user(supervisor).post(reverse(LIST) + "?q=shop", {"bulk": "nonsense", "rows": [shops[0].pk]})
    assert answer.url == reverse(LIST) + "?q=shop"


def test_all_that_match_are_asked_about_again_when_they_are_more_by_now(
    as_user, supervisor, officer, shops, city
):
    client = as_user(supervisor)
    question = asked(client, "?q=Shop", all="on")
    late = BusinessFactory(name="Shop 3", area=city.west_beat)
    again = client.post(reverse(LIST) + "?q=Shop", {**fields_of(question), "lead": officer.pk})
    body = again.content.decode()
    assert again.status_code == 409
    assert "You were asked about 3 businesses, and these are 4 businesses by now." in body
    assert "Who leads 4 businesses from now on?" in body
    assert f'value="{officer.pk}" selected' in body, "what was chosen is kept"
    assert leads([*shops, late]) == [None] * 4
    done = answered(client, again, officer, "?q=Shop")
    assert "4 businesses: the lead officer is assigned." in done.content.decode()
    assert leads([*shops, late]) == [officer] * 4


def test_as_many_others_are_asked_about_again_as_well(as_user, supervisor, officer, shops, city):
    client = as_user(supervisor)
    question = asked(client, "?q=Shop", all="on")
    BusinessFactory(name="Shop 3", area=city.west_beat)
    gone = {"name": "Bakery", "legal_name": ""}
    Organization.objects.filter(pk=shops[0].organization_id).update(**gone)
    services.update_business(business=shops[0], actor=None, name="Bakery")
    again = client.post(reverse(LIST) + "?q=Shop", {**fields_of(question), "lead": officer.pk})
    assert again.status_code == 409
    assert "others than you were asked about" in again.content.decode()
    assert leads(shops) == [None] * 3


def test_back_and_the_same_answer_once_more_do_nothing_twice(as_user, supervisor, officer, shops):
    client = as_user(supervisor)
    question = asked(client, rows=[shops[0].pk])
    answered(client, question, officer)
    twice = answered(client, question, officer)
    assert "Already saved" in twice.content.decode()
    assert AuditEntry.objects.filter(verb="businesses.organization_changed").count() == 1


def test_the_question_names_the_first_and_chooses_nobody(as_user, supervisor, officer, city):
    for n in range(7):
        BusinessFactory(name=f"Store {n}", area=city.west_beat)
    client = as_user(supervisor)
    question = asked(client, "?q=Store", all="on")
    body = question.content.decode()
    assert "Store 0, Store 1, Store 2, Store 3, Store 4 and 2 more." in body
    assert '<option value="" selected>Choose one</option>' in body
    unanswered = client.post(reverse(LIST) + "?q=Store", {**fields_of(question), "lead": ""})
    assert "Choose who leads, or “No one”." in unanswered.content.decode()
    assert not Organization.objects.filter(lead_officer__isnull=False).exists()


def test_a_wrong_lead_is_taken_away_from_many(as_user, supervisor, officer, shops):
    client = as_user(supervisor)
    for each in shops:
        services.assign_lead(organization=each.organization, officer=officer, actor=supervisor)
    question = asked(client, rows=[each.pk for each in shops])
    done = client.post(reverse(LIST), {**fields_of(question), "lead": "none"}, follow=True)
    assert "3 businesses" in done.content.decode()
    assert leads(shops) == [None] * 3


def test_boxes_of_one_name_are_told_apart_by_the_street(as_user, supervisor, city):
    for street in ("1 Elm St", "2 Oak St"):
        BusinessFactory(name="Twin", street=street, area=city.west_beat)
    page = as_user(supervisor).get(reverse(LIST)).content.decode()
    assert all(re.search(rf"Choose Twin, [^<]*{street}", page) for street in ("1 Elm St", "2 Oak St"))


def test_all_that_match_are_offered_only_when_they_can_be_done_at_once(
    as_user, supervisor, city, monkeypatch
):
    for n in range(40):
        BusinessFactory(name=f"Store {n}", area=city.west_beat)
    client = as_user(supervisor)
    assert 'id="bulk-all"' in client.get(reverse(LIST)).content.decode()
    monkeypatch.setattr(bulk, "MOST", 39)
    assert 'id="bulk-all"' not in client.get(reverse(LIST)).content.decode()


def back_of(question):
    """Where "Go back" on the question leads."""
    return html.unescape(
        re.search(r'<a[^>]*href="([^"]*)"[^>]*>\s*Go back', question.content.decode()).group(1)
    )


def ticked(page):
    """The values of the ticked boxes."""
    boxes = [each for each in re.findall(r"<input[^>]*>", page.content.decode()) if " checked" in each]
    return [
        re.search(r'name="(rows|all)"', each) and re.search(r'value="([^"]*)"', each)[1] for each in boxes
    ]


def test_go_back_from_the_question_keeps_what_was_ticked(as_user, supervisor, shops, city):
    client = as_user(supervisor)
    question = asked(client, "?district=19", rows=[shops[0].pk, shops[2].pk])
    back = client.get(back_of(question))
    assert sorted(ticked(back)) == sorted([str(shops[0].pk), str(shops[2].pk)])
    assert "district=19" in back_of(question)
    again = client.post(back_of(question), {"bulk": "lead", "rows": [shops[1].pk]})
    assert ticked(client.get(back_of(again))) == [str(shops[1].pk)], "those of before are forgotten"


def test_go_back_keeps_that_all_were_ticked(as_user, supervisor, city):
    for n in range(31):
        BusinessFactory(name=f"Shop {n}", area=city.west_beat)
    client = as_user(supervisor)
    assert ticked(client.get(back_of(asked(client, all="on")))) == ["on"]


def test_links_from_a_list_with_ticks_do_not_carry_them_on(as_user, supervisor, city):
    for n in range(31):
        BusinessFactory(name=f"Shop {n}", area=city.west_beat)
    page = as_user(supervisor).get(reverse(LIST) + "?chosen=1,x,%C2%B2").content.decode()
    assert "as=csv" in page
    assert "chosen=" not in page
