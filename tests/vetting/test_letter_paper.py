"""The letter of a decision on paper: the PDF says what the page says, and goes to whom the page goes."""

import io
import re
from html import unescape

import pypdf
import pytest
from django.urls import reverse

from core.models import AuditEntry, Department
from partnerships.vetting import services
from tests.factories import vetting
from tests.factories.accounts import SupervisorFactory, UserFactory, ViewerFactory, sign_in
from tests.factories.businesses import BusinessFactory

pytestmark = pytest.mark.django_db
HOSTILE = 'Café #read("/etc/passwd") ] $x$ \\ *Łódź* <b>'


@pytest.fixture(autouse=True)
def department():
    return Department.objects.create(
        pk=1, name="Lakeside Police", unit_name="Partnerships Unit", phone="(312) 555-0100",
        postal_address="1 Main Street\nLakeside, IL 60601", email="partners@police.example",
    )  # fmt: skip


@pytest.fixture
def supervisor(client):
    sign_in(client, SupervisorFactory())
    return client


def page(application):
    return reverse("desk:application_letter", args=[application.pk])


def paper(application, audience="desk"):
    return reverse(f"{audience}:application_letter_pdf", args=[application.pk])


def text_of(answer) -> str:
    pages = pypdf.PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages
    return "\n".join(each.extract_text() for each in pages)


def letter_on_page(html: str) -> str:
    """The words of the letter on its page, in one line."""
    start = html.index('<div class="card')
    card = html[start : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", card)).split())


def letter_on_paper(text: str) -> str:
    """The words of the letter in its PDF, in one line, without what every sheet says at its foot."""
    lines = [line.removeprefix("•") for line in text.splitlines() if "Printed on" not in line]
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize("outcome", ["approved", "approved_with_conditions", "declined"])
def test_the_pdf_says_word_for_word_what_the_page_says(supervisor, outcome):
    application = vetting.decided(outcome, business=BusinessFactory(name=HOSTILE))
    said = letter_on_page(supervisor.get(page(application)).content.decode())
    assert letter_on_paper(text_of(supervisor.get(paper(application)))) == said
    for each in (
        application.organization.name,
        application.contact_name,
        "Lakeside, IL 60601",
        vetting.LETTER,
    ):
        assert each in said


def test_a_letter_with_conditions_names_each_with_its_day(supervisor):
    application = vetting.decided("approved_with_conditions")
    said = letter_on_paper(text_of(supervisor.get(paper(application))))
    assert application.conditions.exists()
    for each in application.conditions.all():
        assert f"{each.text} (by " in said


def test_the_pdf_is_kept_by_nobody_else_and_named_in_words(supervisor):
    application = vetting.decided("declined", business=BusinessFactory(name='Joe\'s "Best"/Café'))
    answer = supervisor.get(paper(application))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    named = answer["Content-Disposition"]
    assert named.startswith("attachment;")
    assert f"{application.reference}.pdf" in named
    assert "Letter" in named


def test_taking_the_pdf_is_on_record_like_reading_the_page(supervisor):
    application = vetting.decided("declined")
    before = AuditEntry.objects.filter(verb="vetting.application_read").count()
    supervisor.get(paper(application))
    assert AuditEntry.objects.filter(verb="vetting.application_read").count() == before + 1


def test_without_a_decision_there_is_no_letter(supervisor):
    application = vetting.submitted()
    for address in (page(application), paper(application)):
        said = supervisor.get(address, follow=True).content.decode()
        assert "There is no decision yet" in said


def test_a_name_that_the_pdf_can_t_show_is_left_to_the_page(supervisor):
    application = vetting.decided("declined", business=BusinessFactory(name="龍 Restaurant"))
    shown = supervisor.get(page(application)).content.decode()
    assert "龍 Restaurant" in shown
    assert "The PDF can’t show these letters: 龍" in shown
    assert paper(application) not in shown
    answer = supervisor.get(paper(application), follow=True)
    assert answer.redirect_chain[-1][0] == page(application)


def test_the_owner_takes_the_same_letter_from_their_page(client, supervisor):
    application = vetting.decided("declined")
    at_the_desk = text_of(supervisor.get(paper(application)))
    sign_in(client, application.applicant)
    status = client.get(reverse("portal:application_status", args=[application.pk])).content.decode()
    assert paper(application, "portal") in status
    assert text_of(client.get(paper(application, "portal"))) == at_the_desk


def test_nobody_else_takes_it(client):
    application = vetting.decided("declined")
    for user, audience in (
        (UserFactory(), "portal"),
        (application.applicant, "desk"),
        (ViewerFactory(), "desk"),
    ):
        sign_in(client, user)
        assert client.get(paper(application, audience)).status_code in (403, 404)


def test_an_owner_whose_name_has_no_letters_here_is_told_why(client):
    application = vetting.decided("declined", business=BusinessFactory(name="龍 Restaurant"))
    sign_in(client, application.applicant)
    said = client.get(paper(application, "portal"), follow=True).content.decode()
    assert "The PDF can’t show these letters: 龍" in said


def test_a_letter_of_two_pages_says_so_on_both(supervisor):
    application = vetting.reviewed()
    services.decide_application(
        application=application, outcome="approved",
        letter="\n\n".join(["We looked closely at it. " * 12] * 10), actor=SupervisorFactory(),
    )  # fmt: skip
    said = text_of(supervisor.get(paper(application)))
    assert "Page 1 of 2" in said
    assert "Page 2 of 2" in said
