"""Conditions of an approval: what the form needs is said and marked, closing asks first, waiving asks why."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from core import clock
from core.access import Refused
from core.mail.models import OutgoingMail
from partnerships.vetting import services
from partnerships.vetting.models import Application, Condition
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory, sign_in

pytestmark = pytest.mark.django_db
WITH = "approved_with_conditions"


@pytest.fixture
def supervisor(client):
    sign_in(client, SupervisorFactory(full_name="Pat Lindholm"))
    return client


@pytest.fixture
def condition():
    return vetting.decided(WITH).conditions.get()


def said(answer):
    return " ".join(unescape(answer.content.decode()).split())


def decide(application):
    return reverse("desk:decide", args=[application.pk])


def posted():
    return {"outcome": WITH, "letter": "Thank you.", "action": "preview"}


def row(number, text="", due_on=""):
    return {f"condition-{number}-text": text, f"condition-{number}-due_on": due_on}


def ahead(days=30):
    return (clock.today() + timedelta(days=days)).isoformat()


def labels_called_optional(answer):
    return re.findall(r">([^<>]+) <span class=\"usa-hint\">\(optional\)</span></label>", said(answer))


# --- The form


def test_the_first_condition_is_not_called_optional_and_the_others_are(supervisor):
    application = vetting.reviewed()
    page = supervisor.get(decide(application), {"outcome": WITH})
    assert labels_called_optional(page) == [
        "Condition 2", "Condition 2, due", "Condition 3", "Condition 3, due",
    ]  # fmt: skip
    assert "what the partner has to do, in words that you can check, and the day" in said(page)


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        (
            {},
            {
                "condition-0-text": "Write what the partner has to do.",
                "condition-0-due_on": "Choose the day by which it has to be done.",
            },
        ),
        (row(0, "A light"), {"condition-0-due_on": "Choose the day by which it has to be done."}),
        (row(0, "A light", "2020-01-01"), {"condition-0-due_on": "The due date has to lie ahead."}),
        (
            {**row(0, "A light", "2099-01-01"), **row(2, due_on="2099-01-01")},
            {"condition-2-text": "Write what the partner has to do."},
        ),
    ],
)
def test_what_a_condition_lacks_is_named_marked_and_linked_at_once(supervisor, given, errors):
    application = vetting.reviewed()
    page = supervisor.post(decide(application), {**posted(), **given})
    html = page.content.decode()
    assert page.context["form"].errors == {name: [words] for name, words in errors.items()}
    for name in errors:
        assert f'href="#id_{name}"' in html
        assert re.search(
            rf'id="id_{name}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="id_{name}"', html
        )
    for value in filter(None, given.values()):
        assert f'value="{value}"' in html
    assert "mail-words" not in html


def test_as_many_as_were_written_are_kept(supervisor):
    application = vetting.reviewed()
    given = {**row(0, "A light", ahead(30)), **row(2, "A license", ahead(9))}
    seen = supervisor.post(decide(application), {**posted(), **given})
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', seen.content.decode()))
    supervisor.post(decide(application), {**hidden, "action": "decide"})
    assert [each.text for each in application.conditions.all()] == ["A license", "A light"]


def test_below_the_minimum_the_reason_for_an_override_is_not_called_optional(supervisor):
    low, high = vetting.reviewed(values=1), vetting.reviewed()
    for outcome in ("approved", WITH):
        page = supervisor.get(decide(low), {"outcome": outcome})
        assert "Reason for an override" in said(page)
        assert "Reason for an override" not in labels_called_optional(page)
        typed = {**posted(), **row(0, "A light", ahead()), "outcome": outcome}
        again = supervisor.post(decide(low), typed)
        assert "Reason for an override" not in labels_called_optional(again)
    assert "Reason for an override" not in said(supervisor.get(decide(high), {"outcome": WITH}))


# --- Closing one


@pytest.mark.parametrize("name", ["desk:condition", "desk:condition_waive"])
def test_closing_a_condition_asks_first_names_it_and_says_what_follows(supervisor, condition, name):
    address = reverse(name, args=[condition.pk])
    page = said(supervisor.get(reverse("desk:application", args=[condition.application_id])))
    assert f'href="{address}"' in page
    assert f'action="{address}"' not in page, "no click does it"
    question = said(supervisor.get(address))
    assert condition.text in question
    assert "Reminders about it stop" in question
    assert "Leave it open" in question
    condition.refresh_from_db()
    assert condition.status == "open"


def test_waiving_needs_a_reason_keeps_it_and_shows_it_to_the_desk_alone(supervisor, condition):
    address = reverse("desk:condition_waive", args=[condition.pk])
    empty = supervisor.post(address, {"reason": " "})
    assert "Write why the condition is no longer asked for." in said(empty)
    condition.refresh_from_db()
    assert condition.status == "open"
    mails = OutgoingMail.objects.count()
    done = supervisor.post(address, {"reason": "The city renewed all licenses itself."}, follow=True)
    assert "The condition is waived." in said(done)
    assert "The city renewed all licenses itself." in said(done)
    assert "Pat Lindholm" in said(done)
    condition.refresh_from_db()
    assert (condition.status, condition.closed_at is None) == ("waived", False)
    assert OutgoingMail.objects.count() == mails
    application = condition.application
    sign_in(supervisor, application.applicant)
    theirs = said(supervisor.get(reverse("portal:application_status", args=[application.pk])))
    assert "No longer asked for" in theirs
    assert "renewed all licenses" not in theirs


def test_no_other_way_waives_without_a_reason(condition):
    with pytest.raises(Refused) as refused:
        services.waive_condition(condition=condition, reason=" ", actor=OfficerFactory())
    assert refused.value.refusal.code == "no_waive_reason"
    assert Condition.objects.get().status == "open"


def test_a_condition_that_is_closed_is_not_closed_again_and_the_sentence_names_its_state(
    supervisor, condition
):
    supervisor.post(reverse("desk:condition", args=[condition.pk]))
    address = reverse("desk:condition_waive", args=[condition.pk])
    again = supervisor.post(address, {"reason": "They moved."})
    assert again.status_code == 409
    assert "already “Met”" in said(again)
    assert "They moved." in said(again)
    condition.refresh_from_db()
    assert (condition.status, condition.waive_reason) == ("met", "")


def test_the_next_step_of_a_business_leads_to_a_page(supervisor, condition):
    place = Application.objects.get(pk=condition.application_id).sites.get()
    step = supervisor.get(reverse("desk:business", args=[place.pk])).context["beside"].next
    assert step.url == reverse("desk:condition", args=[condition.pk])
    assert "Was this done" in said(supervisor.get(step.url))
