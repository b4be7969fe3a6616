"""What an owner sent stays readable for them, and for nobody outside their business."""

import io

import pytest
from django.urls import reverse

from partnerships.vetting import services
from partnerships.vetting.models import Application
from tests.factories import files, vetting
from tests.factories.accounts import OfficerFactory, UserFactory, sign_in
from tests.factories.businesses import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def of(application):
    return reverse("portal:application_sent", args=[application.pk])


def with_evidence(application):
    criterion = application.criteria_version.criteria.get(code="values")
    given = {"application": application, "criterion": criterion, "actor": application.applicant}
    services.add_evidence_file(name="letter.pdf", upload=io.BytesIO(files.PDF), **given)
    services.add_evidence_link(url="https://example.org/us", **given)
    return application.evidence.get(kind="file")


@pytest.fixture
def sent():
    application = vetting.draft(offer_kinds=["room"], involves_youth=True)
    item = with_evidence(application)
    application = services.submit_application(application=application, actor=application.applicant)
    application.item = item
    return application


def test_the_owner_reads_every_word_and_opens_the_files(client, sent):
    sign_in(client, sent.applicant)
    status = client.get(reverse("portal:application_status", args=[sent.pk])).content.decode()
    assert f'href="{of(sent)}"' in status
    page = client.get(of(sent)).content.decode()
    wanted = [
        "Alex Moreno", "(312) 555-0134", "Advice on lighting.", "A room for 30 people.",
        *vetting.answers().values(), "We would like to work with people under 18",
        "What I wrote is true, as far as I know.", sent.sites.get().name, 'href="https://example.org/us"',
    ]  # fmt: skip
    assert [each for each in wanted if each not in page] == []
    address = reverse("portal:evidence", args=[sent.item.pk])
    assert f'href="{address}"' in page
    assert b"".join(client.get(address).streaming_content) == files.PDF
    assert '<form method="post" enctype' not in page
    assert client.post(of(sent)).status_code == 405


@pytest.mark.parametrize("status", ["in_review", "declined", "approved", "appealed", "withdrawn"])
def test_it_stays_whatever_becomes_of_it(client, status):
    application = vetting.at(status)
    page = sign_in(client, application.applicant).get(of(application))
    assert page.status_code == 200
    assert "Advice on lighting." in page.content.decode()


def test_what_is_saved_for_later_is_not_called_sent(client):
    application = vetting.action_needed(fields=["hopes", "evidence:values"])
    services.save_step(application=application, actor=application.applicant, values={"hopes": "More light"})
    with_evidence(application)
    sign_in(client, application.applicant)
    page = client.get(of(application)).content.decode()
    assert "Advice on lighting." in page
    assert "More light" not in page
    assert "letter.pdf" not in page
    application.refresh_from_db()
    services.submit_application(application=application, actor=application.applicant)
    page = client.get(of(application)).content.decode()
    assert "More light" in page
    assert "letter.pdf" in page
    assert "Your last answers came on" in page


def test_a_draft_leads_to_its_own_page(client):
    application = vetting.draft()
    answer = sign_in(client, application.applicant).get(of(application))
    assert answer.url == reverse("portal:application_status", args=[application.pk])


@pytest.mark.gate(20)
def test_nobody_else_reads_it(client, sent):
    vetting.verified(sent)
    owner, staff = UserFactory(), UserFactory()
    MembershipFactory(user=owner, organization=sent.organization, role="owner")
    MembershipFactory(user=staff, organization=sent.organization, role="staff")
    assert sign_in(client, owner).get(of(sent)).status_code == 200
    assert sign_in(client, staff).get(of(sent)).status_code == 403
    assert of(sent) not in client.get(reverse("portal:application_status", args=[sent.pk])).content.decode()
    assert sign_in(client, UserFactory()).get(of(sent)).status_code == 404
    assert sign_in(client, OfficerFactory()).get(of(sent)).status_code == 403
    sent.applicant.memberships.all().delete()
    assert sign_in(client, sent.applicant).get(of(sent)).status_code == 404
    assert Application.objects.filter(pk=sent.pk).exists()
