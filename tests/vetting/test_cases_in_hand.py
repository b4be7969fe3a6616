"""Nobody names a reviewer blind: how many cases each has stands beside the name, on the queue and at home."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from partnerships.vetting import services
from partnerships.vetting.load import officers
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    client.user = SupervisorFactory(full_name="Pat Lindholm", title="Sergeant")
    sign_in(client, client.user)
    return client


@pytest.fixture
def dana():
    return OfficerFactory(full_name="Dana Reyes", title="Officer")


def said(answer):
    return " ".join(unescape(answer.content.decode()).split())


def figures(user, person):
    found = officers(user).get(pk=person.pk)
    return found.open_cases, found.to_review


def test_what_is_undecided_and_theirs_counts_and_nothing_else(supervisor, dana):
    assert figures(supervisor.user, dana) == (0, 0)
    vetting.in_review(reviewers=[dana])
    assert figures(supervisor.user, dana) == (1, 1)
    vetting.reviewed(reviewers=[dana])
    assert figures(supervisor.user, dana) == (2, 1)
    named = vetting.submitted()
    review = services.assign_reviewer(application=named, reviewer=dana, actor=None)
    assert figures(supervisor.user, dana) == (3, 2)
    services.declare_conflict(review=review, proceed=False, actor=dana)
    assert figures(supervisor.user, dana) == (2, 1), "what they referred is someone else's"
    declined = vetting.decided("declined", reviewers=[dana])
    vetting.decided("approved", reviewers=[dana])
    assert figures(supervisor.user, dana) == (2, 1), "what is decided is done"
    services.appeal_decision(application=declined, actor=declined.applicant, text="Look again.")
    assert figures(supervisor.user, dana) == (2, 1), "an appeal is for others"
    vetting.in_review()
    assert figures(supervisor.user, dana) == (2, 1)


def test_each_name_that_can_be_chosen_says_how_much_is_in_hand(supervisor, dana):
    OfficerFactory(full_name="Lee Chan", title="Officer")
    vetting.in_review(reviewers=[dana])
    vetting.reviewed(reviewers=[dana])
    page = said(supervisor.get(reverse("desk:application", args=[vetting.submitted().pk])))
    assert "Officer Dana Reyes · 2 open cases, 1 still to review</option>" in page
    assert "Officer Lee Chan · no open case</option>" in page


def test_the_queue_and_the_supervisors_home_say_so_of_every_officer(supervisor, client, dana):
    OfficerFactory(full_name="Lee Chan", title="Officer")
    OfficerFactory(full_name="Gone Officer", is_active=False)
    vetting.in_review(reviewers=[dana])
    for address in (reverse("desk:applications"), reverse("desk:home")):
        page = said(supervisor.get(address))
        plain = " ".join(re.sub(r"<[^>]+>", " ", page).split())
        assert "Open cases per officer" in plain
        assert "Officer Dana Reyes 1 open case, 1 still to review" in plain
        assert "Officer Lee Chan no open case" in plain
        assert "Sergeant Pat Lindholm no open case" in plain
        assert "Gone Officer" not in plain
    sign_in(client, dana)
    assert "Open cases per officer" not in said(client.get(reverse("desk:home")))


def test_home_shows_those_with_the_most_and_how_many_there_are(supervisor, dana):
    OfficerFactory.create_batch(12)
    vetting.in_review(reviewers=[dana])
    card = supervisor.get(reverse("desk:home")).context["today"].page.card("cases")
    assert len(card.lines) == 8
    assert card.lines[0]["name"] == "Officer Dana Reyes"
    assert card.count == User.objects.filter(role__in=("officer", "supervisor")).count() > 8


def test_one_statement_tells_all_of_them(supervisor, dana):
    def statements():
        with CaptureQueriesContext(connection) as asked:
            list(officers(supervisor.user))
        return len(asked)

    assert statements() == 1
    for _each in range(5):
        vetting.in_review(reviewers=[OfficerFactory()])
    assert statements() == 1


def test_where_nothing_is_open_there_is_no_card(supervisor, dana):
    assert supervisor.get(reverse("desk:home")).context["today"].page.card("cases") is None
