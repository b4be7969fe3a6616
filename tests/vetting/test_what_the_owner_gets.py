"""What a supervisor sees before sending is what the owner gets, word for word, and nothing is said twice."""

import re
from datetime import timedelta
from html import unescape

import pghistory.models
import pytest
from django.urls import reverse

from core import clock
from core.access import Refused
from core.mail.desk.page import without_secrets
from core.mail.models import MailWording, OutgoingMail
from core.models import AuditEntry
from partnerships.vetting import services
from partnerships.vetting.letters import draft_letter, opening, placeholder
from partnerships.vetting.models import Application, Condition, Decision
from tests.factories import vetting
from tests.factories.accounts import SupervisorFactory, sign_in

pytestmark = pytest.mark.django_db
OUTCOMES = ("approved", "approved_with_conditions", "declined")
WORDS = "Thank you.\n\nWe looked <closely>, O’Neill & Sons."


@pytest.fixture
def supervisor(client):
    client.user = SupervisorFactory()
    sign_in(client, client.user)
    return client


def posted(outcome, action, letter=WORDS):
    return {
        "outcome": outcome,
        "letter": letter,
        "action": action,
        "reason_codes": ["criteria", "license"] if outcome == "declined" else [],
        "condition-TOTAL_FORMS": "3",
        "condition-INITIAL_FORMS": "0",
        "condition-0-text": "A light over the back door",
        "condition-0-due_on": (clock.today() + timedelta(days=30)).isoformat(),
        "condition-1-text": "Renew the license",
        "condition-1-due_on": (clock.today() + timedelta(days=20)).isoformat(),
    }


def in_one_line(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def previewed_mail(answer):
    """The words of the mail on the preview."""
    (shown,) = re.findall(r'<p class="mail-words">(.*?)</p>', answer.content.decode(), re.DOTALL)
    return unescape(shown)


def previewed_letter(answer):
    """The words of the letter on paper on the preview."""
    (shown,) = re.findall(
        r'<section class="letter-preview"[^>]*>(.*?)</section>', answer.content.decode(), re.DOTALL
    )
    return in_one_line(shown)


def printed(html):
    return in_one_line(html[html.index('<div class="card') : html.index("</main>")])


@pytest.mark.parametrize("youth", [False, True], ids=["basic", "full"])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_previewed_mail_is_the_mail(supervisor, outcome, youth):
    MailWording.objects.update_or_create(template="vetting/declined", defaults={"after": "Come and see us."})
    application = vetting.reviewed(involves_youth=youth)
    assert application.track == ("full" if youth else "basic")
    address = reverse("desk:decide", args=[application.pk])
    seen = supervisor.post(address, posted(outcome, "preview"))
    assert not OutgoingMail.objects.filter(dedupe_key__startswith="vetting.decision").exists()
    supervisor.post(address, posted(outcome, "decide"))
    mail = OutgoingMail.objects.get(dedupe_key__startswith="vetting.decision")
    assert previewed_mail(seen).strip() == without_secrets(mail.text).strip()
    assert mail.subject in seen.content.decode()
    assert mail.to in seen.content.decode()
    # The HTML that most people read says the same, in the same order.
    html = in_one_line(mail.html)
    places = [html.index(" ".join(part.split())) for part in WORDS.split("\n\n")]
    for said in (
        *(list(Decision.objects.get().reasons) if outcome == "declined" else ()),
        *(each.text for each in application.conditions.all()),
        *(("Come and see us.", "You can appeal once, until") if outcome == "declined" else ()),
    ):
        assert said in html
        assert said in mail.text
    assert places == sorted(places)


def test_the_answer_to_an_appeal_promises_no_other_appeal(supervisor):
    application = vetting.at("appealed")
    reviewer = vetting.OfficerFactory()
    review = services.assign_reviewer(application=application, reviewer=reviewer, actor=None)
    services.declare_conflict(review=review, proceed=True, actor=reviewer)
    vetting.score(review)
    address = reverse("desk:decide", args=[application.pk])
    seen = previewed_mail(supervisor.post(address, posted("declined", "preview")))
    assert WORDS in seen.replace("\r\n", "\n")
    assert "You can appeal" not in seen


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_without_email_the_preview_is_the_letter_on_paper(supervisor, outcome):
    application = vetting.assisted_draft()
    application = services.submit_application(application=application, actor=application.assisted_by)
    review = services.assign_reviewer(application=application, reviewer=vetting.OfficerFactory(), actor=None)
    services.declare_conflict(review=review, proceed=True, actor=review.reviewer)
    vetting.score(review)
    assert application.by_phone
    address = reverse("desk:decide", args=[application.pk])
    seen = supervisor.post(address, posted(outcome, "preview"))
    supervisor.post(address, posted(outcome, "decide"))
    page = supervisor.get(reverse("desk:application_letter", args=[application.pk]))
    assert previewed_letter(seen) == printed(page.content.decode())
    assert not OutgoingMail.objects.filter(dedupe_key__startswith="vetting.decision").exists()


def test_a_preview_leaves_nothing_behind(supervisor):
    application = vetting.reviewed()
    address = reverse("desk:decide", args=[application.pk])
    supervisor.get(address)

    def everything():
        return (
            Application.objects.filter(pk=application.pk).values().get(),
            [model.objects.count() for model in (Decision, Condition, OutgoingMail)],
            AuditEntry.objects.exclude(verb="vetting.reviews_read").count(),
            pghistory.models.Events.objects.tracks(application).count(),
            type(application.organization).objects.values().get(pk=application.organization_id),
        )

    before = everything()
    for outcome in OUTCOMES:
        assert "mail-words" in supervisor.post(address, posted(outcome, "preview")).content.decode()
    assert everything() == before


def test_a_rehearsal_is_refused_as_the_decision_would_be():
    application = vetting.reviewed()
    reviewer = application.reviews.get().reviewer
    for actor, letter, code in ((SupervisorFactory(), " ", "no_letter"), (reviewer, WORDS, None)):
        with pytest.raises(Refused) as refused:
            services.rehearse_decision(
                application=application, decider=actor, outcome="approved", letter=letter
            )
        assert code is None or refused.value.refusal.code == code


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_draft_never_says_the_decision_a_second_time(outcome):
    application = vetting.reviewed()
    drafted = draft_letter(application, outcome).replace(placeholder(), "A license was missing.")
    for told in ("make you a partner", "make it a partner", "welcome", "is now a partner"):
        assert told not in drafted.lower()
    assert application.organization.name in opening(application.organization.name, outcome)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_mail_paper_and_the_owners_page_open_with_the_same_sentence(client, outcome):
    application = vetting.decided(outcome)
    said = opening(application.organization.name, outcome)
    mail = OutgoingMail.objects.get(dedupe_key__startswith="vetting.decision")
    sign_in(client, application.applicant)
    page = client.get(reverse("portal:application_status", args=[application.pk])).content.decode()
    sign_in(client, SupervisorFactory())
    letter = client.get(reverse("desk:application_letter", args=[application.pk])).content.decode()
    for place in (mail.text, in_one_line(mail.html), in_one_line(page), in_one_line(letter)):
        assert " ".join(place.split()).count(said) == 1
