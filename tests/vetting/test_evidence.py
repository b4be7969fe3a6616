"""Files that owners send: where they hang, and who may open them."""

import io
import os
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse

from core import files as stored
from core.access import Refused
from core.models import AuditEntry
from core.tasks import purge_files
from partnerships.vetting import services
from tests.factories import files, vetting
from tests.factories.accounts import OfficerFactory, UserFactory, ViewerFactory, sign_in
from tests.factories.businesses import BeatFactory, BusinessFactory, DistrictAssignmentFactory


@pytest.fixture(autouse=True)
def _files_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def with_file(content=None, name="letter.pdf", **given):
    application = vetting.draft(**given)
    item = services.add_evidence_file(
        application=application,
        criterion=application.criteria_version.criteria.get(code="reputation"),
        name=name,
        upload=io.BytesIO(content or files.PDF),
        actor=application.applicant,
    )
    return application, item


@pytest.mark.django_db
def test_the_owner_opens_a_file_as_a_dead_page(client):
    application, item = with_file()
    response = sign_in(client, application.applicant).get(reverse("portal:evidence", args=[item.pk]))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == files.PDF
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_picture_is_shown_in_the_browser(client):
    application, item = with_file(files.png(), "photo.png")
    response = sign_in(client, application.applicant).get(reverse("portal:evidence", args=[item.pk]))
    assert response.headers["Content-Disposition"].startswith("inline;")


@pytest.mark.django_db
def test_one_question_takes_ten_files_and_links_and_no_more():
    application, item = with_file()
    given = {"application": application, "criterion": item.criterion, "actor": application.applicant}
    for n in range(9):
        services.add_evidence_link(url=f"https://example.org/{n}", **given)
    with pytest.raises(Refused, match="Ten files"):
        services.add_evidence_link(url="https://example.org/more", **given)
    with pytest.raises(Refused, match="Ten files"):
        services.add_evidence_file(name="more.png", upload=io.BytesIO(files.png()), **given)
    assert services.add_evidence_file(name="again.pdf", upload=io.BytesIO(files.PDF), **given) == item
    assert application.evidence.count() == 10


@pytest.mark.django_db
def test_strangers_and_officers_of_another_district_get_a_missing_page(client):
    beat, elsewhere = BeatFactory(), BeatFactory()
    application, item = with_file(business=BusinessFactory(area=beat))
    services.submit_application(application=application, actor=application.applicant)
    near, far = OfficerFactory(), OfficerFactory()
    DistrictAssignmentFactory(user=near, area=beat.parent)
    DistrictAssignmentFactory(user=far, area=elsewhere.parent)
    assert sign_in(client, UserFactory()).get(reverse("portal:evidence", args=[item.pk])).status_code == 404
    desk = reverse("desk:evidence", args=[item.pk])
    assert sign_in(client, far).get(desk).status_code == 404
    assert sign_in(client, ViewerFactory()).get(desk).status_code == 403
    assert sign_in(client, near).get(desk).status_code == 200
    assert AuditEntry.objects.filter(verb="vetting.evidence_read", actor_id=near.pk).count() == 1


@pytest.mark.django_db
def test_nothing_is_added_or_removed_once_it_was_sent():
    application, item = with_file()
    services.submit_application(application=application, actor=application.applicant)
    item.refresh_from_db()
    with pytest.raises(Refused, match="sent"):
        services.remove_evidence(item=item, actor=application.applicant)


@pytest.mark.django_db(transaction=True)
def test_a_removed_file_is_gone_from_the_disk():
    application, item = with_file()
    path = item.file.path
    services.remove_evidence(item=item, actor=application.applicant)
    with pytest.raises(FileNotFoundError):
        Path(path).read_bytes()


@pytest.mark.django_db(transaction=True)
def test_a_file_whose_answer_was_undone_is_removed_a_day_later():
    _, kept = with_file()
    with transaction.atomic():
        _, lost = with_file()
        transaction.set_rollback(True)
    paths = [Path(each.file.path) for each in (kept, lost)]
    for each in paths:
        old = each.stat().st_mtime - stored.ORPHANED - 1
        os.utime(each, (old, old))
    purge_files()
    assert [each.exists() for each in paths] == [True, False]
