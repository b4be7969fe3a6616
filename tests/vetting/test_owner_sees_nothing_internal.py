"""A canary in every vetting field: nowhere in what an owner, the public or a viewer can fetch."""

import pytest
from django.urls import reverse

from core.mail.models import OutgoingMail
from partnerships.vetting import services
from partnerships.vetting.models import Review, Score
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory, UserFactory, ViewerFactory, sign_in
from tests.factories.businesses import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.gate(23)]
CANARY = "CANARYQZX"


@pytest.fixture
def declined():
    """Declined on the full track with agreed scores and an appeal left; every internal text is a canary."""
    reviewers = [OfficerFactory(full_name=f"{CANARY}-reviewer-{n}") for n in range(2)]
    application = vetting.in_review(involves_youth=True, reviewers=reviewers)
    first, second = application.reviews.order_by("pk")
    vetting.score(first, 3, note=f"{CANARY}-note")
    vetting.score(second, {**dict.fromkeys(vetting.CODES, 3), "values": 1}, note=f"{CANARY}-note")
    criterion = application.criteria_version.criteria.get(code="values")
    services.reconcile(
        application=application, criterion=criterion, value=1, note=f"{CANARY}-agreed", actor=reviewers[0]
    )
    decider = SupervisorFactory(full_name=f"{CANARY}-decider")
    return services.decide_application(
        application=application,
        outcome="declined",
        letter="We can’t make you a partner yet.",
        reason_codes=["criteria"],
        override_reason=f"{CANARY}-override",
        actor=decider,
    )


def portal_pages(application):
    item = application.pk
    return [
        reverse("portal:application_status", args=[item]),
        reverse("portal:application_sent", args=[item]),
        reverse("portal:application_answer", args=[item]),
        reverse("portal:application_withdraw", args=[item]),
        reverse("portal:application_appeal", args=[item]),
        reverse("portal:application_step", args=[item, "profile"]),
        reverse("portal:application_step", args=[item, "values"]),
        reverse("portal:application_step", args=[item, "declaration"]),
        reverse("portal:application_start"),
        reverse("public:join"),
    ]


def desk_pages(application):
    return [
        reverse(f"desk:{name}", args=[application.pk])
        for name in (
            "application", "review", "reconcile", "decide", "application_ask", "application_letter",
            "application_withdraw",
        )
    ] + [reverse("desk:applications")]  # fmt: skip


def test_no_page_of_the_owner_holds_a_canary(client, declined):
    sign_in(client, declined.applicant)
    for page in portal_pages(declined):
        response = client.get(page, follow=True)
        assert CANARY not in response.content.decode(), page


def test_no_page_of_the_desk_opens_for_an_owner_or_a_viewer(client, declined):
    for user in (declined.applicant, ViewerFactory()):
        sign_in(client, user)
        for page in desk_pages(declined):
            response = client.get(page)
            assert response.status_code in (403, 404), page
            assert CANARY not in response.content.decode()


def test_no_mail_to_the_owner_holds_a_canary(declined):
    mails = OutgoingMail.objects.filter(to=declined.applicant.email)
    assert mails.count() >= 2
    for mail in mails:
        assert CANARY not in f"{mail.subject}{mail.text}{mail.html}"


def test_querysets_show_no_internal_row_to_owner_viewer_or_public(declined):
    staff = UserFactory()
    MembershipFactory(user=staff, organization=declined.organization, role="staff")
    for user in (declined.applicant, staff, ViewerFactory(), UserFactory()):
        assert not Review.objects.visible_to(user).exists()
        assert not Score.objects.visible_to(user).exists()
        assert not type(declined.decisions.get()).objects.visible_to(user).exists()


def test_a_reviewer_does_not_see_the_others_scores_until_both_are_in(client):
    reviewers = [OfficerFactory(), OfficerFactory()]
    application = vetting.in_review(involves_youth=True, reviewers=reviewers)
    first = application.reviews.get(reviewer=reviewers[0])
    second = application.reviews.get(reviewer=reviewers[1])
    vetting.score(first, 3, note=CANARY)
    for onlooker in (reviewers[1], OfficerFactory(), SupervisorFactory()):
        assert first not in Review.objects.visible_to(onlooker)
        sign_in(client, onlooker)
        for page in desk_pages(application):
            assert CANARY not in client.get(page).content.decode(), page
    vetting.score(second, 3)
    assert first in Review.objects.visible_to(reviewers[1])
    sign_in(client, reviewers[1])
    assert CANARY in client.get(reverse("desk:reconcile", args=[application.pk])).content.decode()
