"""The officer's pages: the queue, one application, the review, the decision."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core import clock
from core.models import AuditEntry
from core.words import day as day_words
from partnerships.vetting import permissions, services
from partnerships.vetting.models import Application
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory, UserFactory, ViewerFactory, sign_in
from tests.factories.businesses import BeatFactory, BusinessFactory, DistrictAssignmentFactory
from tests.worlds import taken_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = OfficerFactory(full_name="Dana Reyes")
    sign_in(client, user)
    client.user = user
    return client


def url(name, application, *args):
    return reverse(f"desk:{name}", args=[application.pk, *args])


def words(response):
    return " ".join(response.content.decode().split())


# --- The queue


def test_the_queue_says_stage_track_who_is_next_and_the_age(officer):
    application = vetting.in_review(reviewers=[officer.user])
    Application.objects.filter(pk=application.pk).update(promised_on=clock.today() - timedelta(days=7))
    page = words(officer.get(reverse("desk:applications")))
    for said in (
        "In review · late",
        "Basic",
        "Your review",
        "of 10",
        "1 past the promise",
        "1 waits for you",
    ):
        assert said in page


def test_a_draft_that_an_owner_still_writes_is_not_in_the_queue(officer):
    draft = vetting.draft()
    page = officer.get(reverse("desk:applications"))
    assert draft.organization.name not in page.content.decode()
    assert officer.get(url("application", draft)).status_code == 404


class TestTheQueuesFilters:
    """One application at each stage, looked at in many ways."""

    @pytest.fixture(scope="class")
    def reader(self, database):
        """An officer who reviews one of them."""
        with taken_back():
            user = OfficerFactory(full_name="Dana Reyes")
            vetting.submitted(business=BusinessFactory(name="submitted"))
            vetting.in_review(business=BusinessFactory(name="in_review"), reviewers=[user])
            vetting.reviewed(business=BusinessFactory(name="ready"))
            vetting.action_needed(business=BusinessFactory(name="asked"))
            vetting.decided(business=BusinessFactory(name="decided"))
            yield user

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({}, {"submitted", "in_review", "ready", "asked"}),
            ({"stage": "submitted"}, {"submitted"}),
            ({"waiting": "owner"}, {"asked"}),
            ({"waiting": "nobody"}, {"submitted"}),
            ({"waiting": "decision"}, {"ready"}),
            ({"waiting": "me"}, {"in_review"}),
            ({"waiting": "reviewers"}, {"in_review"}),
            ({"scope": "mine"}, {"in_review"}),
            ({"track": "full"}, set()),
            ({"q": "ready"}, {"ready"}),
            ({"show": "closed"}, {"decided"}),
            ({"late": "yes"}, set()),
            (
                {"stage": "nonsense", "sort": "nonsense", "page": "x"},
                {"submitted", "in_review", "ready", "asked"},
            ),
        ],
    )
    def test_narrow_what_is_shown(self, reader, client, query, expected):
        page = sign_in(client, reader).get(reverse("desk:applications"), query)
        assert {row.organization.name for row in page.context["list"].rows} == expected


def test_an_officer_sees_the_applications_of_their_district(officer):
    beat = BeatFactory()
    DistrictAssignmentFactory(user=officer.user, area=beat.parent)
    near = vetting.submitted(business=BusinessFactory(area=beat))
    far = vetting.submitted(business=BusinessFactory(area=BeatFactory()))
    assert list(Application.objects.visible_to(officer.user)) == [near]
    assert officer.get(url("application", near)).status_code == 200
    assert officer.get(url("application", far)).status_code == 404
    services.assign_reviewer(application=far, reviewer=officer.user, actor=SupervisorFactory())
    assert officer.get(url("application", far)).status_code == 200


# --- One application


def test_a_page_asks_the_database_as_often_for_30_officers_as_for_3(officer):
    application = vetting.submitted()

    def ask():
        with CaptureQueriesContext(connection) as seen:
            assert officer.get(url("application", application)).status_code == 200
        return len(seen)

    OfficerFactory.create_batch(3)
    ask()
    few = ask()
    OfficerFactory.create_batch(9)
    assert ask() == few


def test_whom_the_form_offers_is_whom_the_rule_allows(officer):
    application = vetting.at("appealed")
    people = [
        officer.user,
        application.reviews.get().reviewer,
        application.decisions.get().decided_by,
        SupervisorFactory(),
        ViewerFactory(),
        OfficerFactory(is_active=False),
        application.applicant,
    ]
    everyone = User.objects.filter(pk__in=[each.pk for each in people])
    allowed = {each for each in people if permissions.may_name(officer.user, application, each) is None}
    assert set(permissions.nameable(application, everyone)) == allowed == {people[0], people[3]}


def test_reading_an_application_is_on_record(officer):
    application = vetting.submitted()
    officer.get(url("application", application))
    row = AuditEntry.objects.get(verb="vetting.application_read")
    assert (row.actor_id, row.target_id) == (officer.user.pk, str(application.pk))


def test_steps_that_are_blocked_are_shown_with_their_sentence(officer):
    application = vetting.in_review()
    page = words(officer.get(url("application", application)))
    assert "A supervisor has to do this." in page
    supervisor = sign_in(officer, SupervisorFactory())
    assert "0 of 1 reviews are in." in words(supervisor.get(url("application", application)))


def claim_link(client, application):
    """Where the application's page leads to settle the claim."""
    found = re.search(
        r'href="(/desk/businesses/claims/[^"]*)"',
        client.get(url("application", application)).content.decode(),
    )
    return html.unescape(found.group(1))


@pytest.mark.parametrize("chain", ["some", "every"])
def test_the_claim_of_an_application_is_settled_on_its_own_page_for_the_places_applied_for(officer, chain):
    first = BusinessFactory()
    second, third = (BusinessFactory(organization=first.organization) for _ in range(2))
    application = vetting.submitted(business=first)
    application.sites.set([first, second] if chain == "some" else [first, second, third])
    link = claim_link(officer, application)
    boxes = [
        each for each in re.findall("<input[^>]*>", officer.get(link).content.decode()) if " checked" in each
    ]
    named = [re.findall('(?:name|value)="([^"]*)"', each) for each in boxes]
    sent = {pair[0]: pair[1] for pair in named}
    done = officer.post(link, {**sent, "verify": "1", "method": "call"})
    assert done.url == url("application", application)
    membership = application.applicant.memberships.get()
    assert membership.all_sites is (chain == "every")
    assert set(membership.sites.all()) == ({first, second} if chain == "some" else set())


def test_an_officer_verifies_the_claim_takes_the_review_and_notes_the_visit(officer):
    application = vetting.submitted()
    officer.post(claim_link(officer, application), {"verify": "1", "method": "visit"})
    assert application.applicant.memberships.get().role == "owner"
    assert officer.post(url("application_reviewers", application), {"take": "yes"}).url == url(
        "review", application
    )
    officer.post(url("application_visit", application), {"visited_on": clock.today().isoformat()})
    application.refresh_from_db()
    assert application.visited_on == clock.today()
    tomorrow = clock.today() + timedelta(days=1)
    refused = officer.post(
        url("application_visit", application), {"visited_on": tomorrow.isoformat()}, follow=True
    )
    assert "future" in words(refused)


def test_asking_the_owner_shows_them_the_message_and_the_desk_the_difference(officer):
    application = vetting.in_review(reviewers=[officer.user])
    form = {"reason": "unclear", "fields_": ["hopes"], "message": "Which street do you mean?"}
    officer.post(url("application_ask", application), form)
    application.refresh_from_db()
    assert application.status == "action_needed"
    owner = application.applicant
    services.save_step(application=application, actor=owner, values={"hopes": "The alley behind."})
    services.submit_application(application=application, actor=owner)
    page = words(officer.get(url("application", application)))
    assert "<del>Advice on lighting.</del>" in page
    assert "<ins>The alley behind.</ins>" in page


def test_who_may_take_it_finds_that_at_the_top_and_no_step_that_is_still_barred(officer):
    application = vetting.submitted()
    page = officer.get(url("application", application)).content.decode()
    assert page.index("I take it") < page.index('class="card')
    assert page.count("I take it") == 1
    assert "Start the review" not in page


def test_who_reviews_it_already_or_comes_too_late_is_not_asked_to_take_it(officer):
    for application in (vetting.in_review(reviewers=[officer.user]), vetting.in_review()):
        assert "I take it" not in words(officer.get(url("application", application)))


def test_a_second_reviewer_is_asked_for_while_one_is_missing(officer):
    application = vetting.submitted(involves_youth=True)
    services.assign_reviewer(application=application, reviewer=OfficerFactory(), actor=officer.user)
    assert "I take it" in words(officer.get(url("application", application)))


# --- The review


def test_the_conflict_declaration_comes_first_and_keeps_no_reason(officer):
    application = vetting.submitted()
    officer.post(url("application_reviewers", application), {"take": "yes"})
    page = words(officer.get(url("review", application)))
    assert "Before you review" in page
    assert "score-values" not in page
    officer.post(url("review_declare", application), {"answer": "proceed", "reason": "my cousin"})
    review = application.reviews.get()
    assert review.conflict == "proceed"
    assert "score-values" in words(officer.get(url("review", application)))
    entry = AuditEntry.objects.get(verb="vetting.conflict_declared")
    assert "cousin" not in f"{entry.detail}{entry.changed}"


def test_a_review_saved_on_another_day_says_which(officer):
    application = vetting.in_review(reviewers=[officer.user])
    version = version_on(officer.get(url("review", application)))
    officer.post(url("review", application), {"score-values": "3", "action": "save", "version": version})
    before = clock.now() - timedelta(days=3)
    said = day_words(before)

    def saved():
        page = words(officer.get(url("review", application)))
        return page[page.index('id="saved"') :].split("</p>")[0]

    assert said not in saved()
    application.reviews.get().scores.update(updated_at=before)
    assert said in saved()


def test_referring_it_ends_the_reviewers_part(officer):
    application = vetting.submitted()
    officer.post(url("application_reviewers", application), {"take": "yes"})
    officer.post(url("review_declare", application), {"answer": "refer"})
    assert officer.get(url("review", application)).status_code == 403


def test_the_page_says_conduct_only_and_public_record(officer):
    application = vetting.in_review(reviewers=[officer.user])
    page = words(officer.get(url("review", application)))
    assert "Score conduct only." in page
    assert "may become a public record" in page
    assert "Politics, opinions about police, complaints and lawsuits play no part." in page


def version_on(page):
    """The version that a page, or the answer to a score, carries."""
    return re.search(r'name="version"[^>]*value="([^"]*)"', page.content.decode()).group(1)


def test_each_score_is_saved_as_it_is_chosen(officer):
    application = vetting.in_review(reviewers=[officer.user])
    version = version_on(officer.get(url("review", application)))
    for number, code in enumerate(vetting.CODES[:2], 1):
        sent = {f"score-{code}": "3", f"note-{code}": "Seen.", "version": version}
        answer = officer.post(url("review_score", application, code), sent)
        assert f"{number} of 4" in words(answer)
        version = version_on(answer)
    scores = application.reviews.get().scores
    assert set(scores.values_list("value", "note")) == {(3, "Seen.")}


def test_a_score_chosen_in_a_window_left_behind_is_not_kept_and_says_so(officer):
    application = vetting.in_review(reviewers=[officer.user])
    version = version_on(officer.get(url("review", application)))
    for value in "32":
        answer = officer.post(
            url("review_score", application, "values"), {"score-values": value, "version": version}
        )
    assert answer.status_code == 409
    assert "in another window" in words(answer)
    assert application.reviews.get().scores.get().value == 3


def test_without_scripts_one_button_saves_everything_and_nothing_is_lost(officer):
    application = vetting.in_review(reviewers=[officer.user])
    form = {f"note-{code}": f"Why {code}" for code in vetting.CODES}
    form |= {f"score-{code}": "3" for code in vetting.CODES[:3]}
    form["version"] = version_on(officer.get(url("review", application)))
    page = officer.post(url("review", application), {**form, "action": "submit"})
    assert "Capacity and resources: No score yet." in words(page)
    assert "Why capacity" in words(page)
    form["version"] = version_on(page)
    officer.post(url("review", application), {**form, "score-capacity": "2", "action": "submit"})
    assert application.reviews.get().submitted_at is not None
    closed = officer.post(url("review", application), {**form, "score-values": "0", "action": "save"})
    assert "can’t be changed any more" in words(closed)
    assert application.reviews.get().scores.get(criterion__code="values").value == 3


def test_all_that_a_review_lacks_is_named_marked_and_linked_at_once(officer):
    application = vetting.in_review(reviewers=[officer.user])
    page = officer.get(url("review", application))
    sent = {"score-values": "3", "version": version_on(page), "action": "submit"}
    answer = officer.post(url("review", application), sent)
    text = answer.content.decode()
    assert text.count("usa-error-message") == 7
    assert "7 things to correct" in text
    for code in vetting.CODES:
        assert f'href="#note-{code}"' in text
        assert (f'href="#score-{code}_0"' in text) is (code != "values")
    assert application.reviews.get().scores.get(criterion__code="values").value == 3


def test_a_refused_review_that_is_reloaded_never_writes_over_what_was_saved_since(officer):
    application = vetting.in_review(reviewers=[officer.user])
    page = officer.get(url("review", application))
    first = {f"score-{code}": "3" for code in vetting.CODES} | {
        "action": "submit",
        "version": version_on(page),
    }
    answer = officer.post(url("review", application), first)
    note = {f"score-{code}": "3" for code in vetting.CODES} | {
        "note-values": "Seen.",
        "version": version_on(answer),
    }
    officer.post(url("review_score", application, "values"), note)
    again = officer.post(url("review", application), first)
    assert again.status_code == 409
    assert "Something else was saved first" in again.content.decode()
    assert ">Seen.</textarea>" in again.content.decode()
    assert application.reviews.get().scores.get(criterion__code="values").note == "Seen."


@pytest.mark.parametrize("value", ["5", "-1", "3.5", "x", "", "٣"])
def test_a_score_outside_0_to_4_is_not_kept(officer, value):
    application = vetting.in_review(reviewers=[officer.user])
    version = version_on(officer.get(url("review", application)))
    officer.post(url("review_score", application, "values"), {"score-values": value, "version": version})
    score = application.reviews.get().scores.filter(criterion__code="values").first()
    assert score is None or score.value is None


def test_somebody_elses_review_page_is_refused(officer):
    application = vetting.in_review()
    assert officer.get(url("review", application)).status_code == 403


# --- The decision


@pytest.fixture
def supervisor(client):
    user = SupervisorFactory(full_name="Pat Lindholm")
    sign_in(client, user)
    client.user = user
    return client


def decision(**changes):
    return {
        "outcome": "approved", "letter": "Welcome.", "action": "decide", "condition-TOTAL_FORMS": "3",
        "condition-INITIAL_FORMS": "0", **changes,
    }  # fmt: skip


def test_a_supervisor_approves_and_the_welcome_mail_waits(supervisor):
    from core.mail.models import OutgoingMail

    application = vetting.reviewed()
    page = words(supervisor.get(url("decide", application)))
    assert "Seen on the visit." in page
    assert "3.00" in page
    supervisor.post(url("decide", application), decision())
    application.refresh_from_db()
    assert application.status == "approved"
    mail = OutgoingMail.objects.get(subject="Welcome as a partner")
    assert mail.to == application.applicant.email
    assert "Welcome." in mail.text


def test_a_preview_names_business_and_outcome_shows_the_letter_and_changes_nothing(supervisor):
    application = vetting.reviewed(business=BusinessFactory(name="Halsted Hardware"))
    page = words(supervisor.post(url("decide", application), decision(action="preview", letter="Dear Alex")))
    assert "Approve Halsted Hardware?" in page
    assert "Dear Alex" in page
    assert "Approve and send the letter" in page
    application.refresh_from_db()
    assert application.status == "in_review"


def test_no_outcome_is_chosen_before_the_supervisor_chooses(supervisor):
    application = vetting.reviewed()
    page = supervisor.get(url("decide", application)).content.decode()
    assert 'name="outcome"' not in page
    assert 'name="letter"' not in page
    for outcome in ("approved", "approved_with_conditions", "declined"):
        assert f"?outcome={outcome}#decision" in page


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        ("approved", "look forward to working"),
        ("approved_with_conditions", "by the dates"),
        ("declined", "We looked closely"),
    ],
)
def test_an_outcome_brings_its_own_letter_and_only_a_preview(supervisor, outcome, says):
    application = vetting.reviewed()
    page = supervisor.get(url("decide", application), {"outcome": outcome})
    assert says in page.context["form"]["letter"].value()
    assert f'name="outcome" value="{outcome}"' in page.content.decode()
    assert 'value="preview"' in page.content.decode()
    assert 'value="decide"' not in page.content.decode()


def test_a_decline_asks_for_a_reason_and_does_not_call_it_optional(supervisor):
    application = vetting.reviewed()
    page = supervisor.get(url("decide", application), {"outcome": "declined"})
    assert page.context["form"].fields["reason_codes"].required
    answer = supervisor.post(
        url("decide", application), decision(outcome="declined", reason_codes=[], action="preview")
    )
    assert "Choose at least one reason." in answer.content.decode()
    page = supervisor.get(url("decide", application), {"outcome": "approved"})
    assert not page.context["form"].fields["reason_codes"].required


def test_the_preview_of_a_decline_says_so_and_its_button_declines(supervisor):
    application = vetting.reviewed(business=BusinessFactory(name="Halsted Hardware"))
    letter = {"outcome": "declined", "reason_codes": ["criteria"], "letter": "We are sorry."}
    page = supervisor.post(url("decide", application), decision(action="preview", **letter))
    assert "Decline Halsted Hardware?" in words(page)
    assert "Decline and send the letter" in words(page)
    hidden = r'<input type="hidden" name="(\w+)" value="([^"]+)"'
    sent = dict(re.findall(hidden, page.content.decode()))
    assert sent["reason_codes"] == "criteria"
    supervisor.post(url("decide", application), decision(**sent))
    application.refresh_from_db()
    assert application.status == "declined"


def test_one_goes_back_from_the_preview_with_the_words_kept(supervisor):
    application = vetting.reviewed()
    page = supervisor.post(url("decide", application), decision(action="edit", letter="Dear Alex"))
    assert "Dear Alex" in words(page)
    assert "Preview the letter" in words(page)
    application.refresh_from_db()
    assert application.status == "in_review"


@pytest.mark.parametrize("action", ["preview", "decide"])
def test_a_welcome_letter_does_not_go_out_with_a_decline(supervisor, action):
    from core.mail.models import OutgoingMail

    application = vetting.reviewed()
    welcome = supervisor.get(url("decide", application), {"outcome": "approved"})
    letter = welcome.context["form"]["letter"].value()
    answer = supervisor.post(
        url("decide", application),
        decision(outcome="declined", reason_codes=["criteria"], letter=letter, action=action),
    )
    assert "This is the letter for “Approve”" in words(answer)
    application.refresh_from_db()
    assert application.status == "in_review"
    assert not OutgoingMail.objects.filter(subject="About your application").exists()


def test_a_letter_with_brackets_left_in_it_is_not_sent(supervisor):
    application = vetting.reviewed()
    page = supervisor.get(url("decide", application), {"outcome": "declined"})
    letter = page.context["form"]["letter"].value()
    answer = supervisor.post(
        url("decide", application), decision(outcome="declined", reason_codes=["criteria"], letter=letter)
    )
    assert "in place of the brackets" in words(answer)


def test_conditions_are_kept_with_their_dates(supervisor):
    application = vetting.reviewed()
    due = clock.today() + timedelta(days=40)
    form = decision(
        outcome="approved_with_conditions",
        **{"condition-0-text": "Renew the license", "condition-0-due_on": due.isoformat()},
    )
    half = supervisor.post(url("decide", application), {**form, "condition-0-due_on": ""})
    assert half.context["form"].errors == {
        "condition-0-due_on": ["Choose the day by which it has to be done."]
    }
    supervisor.post(url("decide", application), form)
    condition = application.conditions.get()
    assert (condition.text, condition.due_on) == ("Renew the license", due)
    supervisor.post(reverse("desk:condition", args=[condition.pk]))
    condition.refresh_from_db()
    assert condition.status == "met"


def test_the_second_decider_gets_409_and_the_name_of_the_first(supervisor):
    application = vetting.reviewed()
    supervisor.get(url("decide", application))
    services.decide_application(
        application=application,
        outcome="approved",
        letter="Yes.",
        actor=SupervisorFactory(full_name="Ann First"),
    )
    answer = supervisor.post(
        url("decide", application), decision(outcome="declined", reason_codes=["criteria"])
    )
    assert answer.status_code == 409
    assert "Ann First" in words(answer)


def test_a_decision_asks_again_who_decides(client):
    user = SupervisorFactory(totp=True)
    sign_in(client, user, second_factor=True)
    from tests.factories.accounts import add_records

    totp = user.authenticator_set.get(type="totp")
    add_records(client, user, ("mfa", {"id": totp.pk, "type": "totp"}), ago=3 * 3600)
    application = vetting.reviewed()
    answer = client.post(url("decide", application), decision())
    assert answer.status_code == 302
    application.refresh_from_db()
    assert application.status == "in_review"


# --- Filled in with the owner


def test_a_corner_shop_without_email(officer):
    from core.mail.models import OutgoingMail

    vetting.first_version()
    business = BusinessFactory(name="Kim’s Market", phone="312 555 0188")
    officer.post(reverse("desk:application_assist", args=[business.pk]), {"contact_email": ""})
    application = Application.objects.get()
    fill = reverse("desk:application_fill", args=[application.pk, "profile"])
    assert officer.get(fill).status_code == 200
    vetting.fill(application, officer.user, languages="Vietnamese")
    page = reverse("desk:application_fill", args=[application.pk, "declaration"])
    form = officer.get(page).context["form"]
    ticks = {"declared_true": "on", "declared_response": "on", "declared_records": "on", "action": "send"}
    nameless = officer.post(page, {"version": form["version"].value(), **ticks})
    assert "Your name" in words(nameless)
    form = officer.get(page).context["form"]
    officer.post(page, {"version": form["version"].value(), **ticks, "confirmed_name": "Linh Tran"})
    application.refresh_from_db()
    assert application.status == "submitted"
    assert application.by_phone
    services.assign_reviewer(application=application, reviewer=officer.user, actor=officer.user)
    services.declare_conflict(review=application.reviews.get(), proceed=True, actor=officer.user)
    vetting.score(application.reviews.get())
    services.decide_application(
        application=application, outcome="approved", letter="Welcome, Linh.", actor=SupervisorFactory()
    )
    assert not OutgoingMail.objects.filter(room="vetting").exists()
    letter = words(officer.get(url("application_letter", application)))
    assert "Welcome, Linh." in letter
    assert "by phone" in words(officer.get(url("application", application)))


def test_the_officer_answers_and_appeals_with_an_owner_without_email(officer):
    application = vetting.assisted_draft(officer=officer.user)
    application = services.submit_application(application=application, actor=officer.user)
    reviewer = OfficerFactory()
    review = services.assign_reviewer(application=application, reviewer=reviewer, actor=reviewer)
    services.declare_conflict(review=review, proceed=True, actor=reviewer)
    services.request_action(
        application=application, reason="missing", fields=["hopes"], message="Say more.", actor=reviewer
    )
    answer = url("application_answer", application)
    assert "Answer with the owner" in words(officer.get(url("application", application)))
    form = officer.get(answer).context["form"]
    officer.post(answer, {"version": form["version"].value(), "hopes": "Brighter lights.", "action": "send"})
    application.refresh_from_db()
    assert (application.status, application.hopes) == ("in_review", "Brighter lights.")
    vetting.score(review)
    services.decide_application(
        application=application, outcome="declined", letter="Not yet.", reason_codes=["license"],
        actor=SupervisorFactory(),
    )  # fmt: skip
    officer.post(url("application_appeal", application), {"text": "The license was renewed."})
    application.refresh_from_db()
    assert application.status == "appealed"


def test_an_officer_does_not_answer_or_appeal_for_an_owner_with_email(officer):
    asked = vetting.action_needed()
    assert officer.get(url("application_answer", asked)).status_code == 403
    declined = vetting.decided("declined")
    assert officer.get(url("application_appeal", declined)).status_code == 403


def test_an_owner_whose_address_the_officer_noted_follows_the_link_in_the_mail(client):
    application = vetting.assisted_draft(contact_email="Linh@shop.example")
    application = services.submit_application(application=application, actor=application.assisted_by)
    owner, stranger = UserFactory(email="linh@shop.example"), UserFactory()
    page = reverse("portal:application_status", args=[application.pk])
    assert sign_in(client, stranger).get(page).status_code == 404
    assert sign_in(client, owner).get(page).status_code == 200


@pytest.mark.gate(21)
def test_a_reviewer_is_chosen_from_the_list_and_nobody_else(officer):
    application = vetting.submitted()
    for someone in (UserFactory(), ViewerFactory(), OfficerFactory(is_active=False)):
        officer.post(url("application_reviewers", application), {"reviewer": someone.pk})
    assert not application.reviews.exists()


@pytest.mark.gate(33)
@pytest.mark.parametrize(
    "payload",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}", "javascript:alert(1)"],
)
def test_what_an_owner_types_is_never_live(officer, payload):
    application = vetting.draft(
        hopes=payload, offers=payload, contact_name=payload[:150], contact_role=payload
    )
    services.save_step(
        application=application, actor=application.applicant, answers=dict.fromkeys(vetting.CODES, payload)
    )
    application = services.submit_application(application=application, actor=application.applicant)
    officer.post(url("application_reviewers", application), {"take": "yes"})
    officer.post(url("review_declare", application), {"answer": "proceed"})
    for name in ("application", "review", "application_ask"):
        page = officer.get(url(name, application)).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page
