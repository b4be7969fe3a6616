"""Files that owners send: what is kept, what is refused, and who may open them."""

import io
import struct
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image

from core.access import Refused
from core.models import AuditEntry
from partnerships.vetting import evidence, services
from tests.factories import vetting
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
        upload=io.BytesIO(content or vetting.PDF),
        actor=application.applicant,
    )
    return application, item


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (vetting.PDF, "letter.pdf", "application/pdf"),
        (vetting.PDF, "letter.png", "application/pdf"),
        (vetting.png(), "photo.pdf", "image/png"),
    ],
)
def test_the_type_follows_from_the_content_not_from_the_name(content, name, kind):
    assert evidence.check(io.BytesIO(content), name).content_type == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00 a program",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + b"\0" * 40,
        vetting.PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
        vetting.PDF.replace(b"/Catalog", b"/Catalog /AA << /O 5 0 R >>"),
        vetting.PDF.replace(b"/Catalog", b"/Catalog /OpenAction 5 0 R"),
        vetting.PDF.replace(b"/Catalog", b"/Catalog /Names << /J#61vaScript 5 0 R >>"),
        vetting.PDF.replace(b"/Catalog", b"/Catalog /#4a#53 (app.alert(1))"),
        vetting.PDF.replace(b"/Root", b"/#45ncrypt 5 0 R /Root"),
        vetting.PDF.replace(b"%%EOF", b""),
        vetting.PDF.replace(b"/Root", b"/Encrypt 5 0 R /Root"),
        vetting.png()[:60],
    ],
)
def test_what_is_not_a_plain_pdf_or_picture_is_refused_with_a_sentence(content):
    with pytest.raises(evidence.EvidenceError) as raised:
        evidence.check(io.BytesIO(content), "file.pdf")
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize(
    "part",
    [
        b"/Catalog /OpenAction [3 0 R /FitH 800]",
        b"/Catalog >> endobj\n2 0 obj << /Length 9 >> stream\n/JS\x02/AA\nendstream endobj 3 0 obj <<",
    ],
)
def test_a_pdf_that_only_opens_at_a_page_or_looks_active_by_chance_is_kept(part):
    content = vetting.PDF.replace(b"/Catalog", part)
    assert evidence.check(io.BytesIO(content), "scan.pdf").content == content


@pytest.mark.parametrize("size", [(4001, 4000), (8001, 2)])
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(size, monkeypatch):
    content = vetting.png(size=size)
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *args: pytest.fail("It was decoded."))
    with pytest.raises(evidence.EvidenceError, match="too many pixels"):
        evidence.check(io.BytesIO(content), "photo.png")


def test_a_photo_of_a_phone_is_kept_smaller_and_never_decoded_whole(monkeypatch):
    out = io.BytesIO()
    Image.new("RGB", (5712, 4284)).save(out, "JPEG")
    decoded = []
    thumbnail = Image.Image.thumbnail

    def watched(image, size):
        decoded.append(image.size)
        return thumbnail(image, size)

    monkeypatch.setattr(Image.Image, "thumbnail", watched)
    kept = evidence.check(io.BytesIO(out.getvalue()), "photo.jpg")
    assert decoded == [(2856, 2142)]
    assert max(Image.open(io.BytesIO(kept.content)).size) == evidence.LONGEST_SIDE


@pytest.mark.parametrize("error", [struct.error("unpack"), TypeError("x"), KeyError(1), MemoryError()])
def test_whatever_a_decoder_raises_means_a_damaged_picture(error, monkeypatch):
    def broken(image):
        raise error

    monkeypatch.setattr(evidence.ImageOps, "exif_transpose", broken)
    with pytest.raises(evidence.EvidenceError, match="damaged"):
        evidence.check(io.BytesIO(vetting.png()), "photo.png")


def test_pictures_are_decoded_one_at_a_time(monkeypatch):
    busy = []

    def watched(image):
        busy.append(evidence._ONE_PICTURE.locked())
        return image

    monkeypatch.setattr(evidence.ImageOps, "exif_transpose", watched)
    evidence.check(io.BytesIO(vetting.png()), "photo.png")
    assert busy == [True]
    assert not evidence._ONE_PICTURE.locked()


def test_a_file_over_10_mb_is_refused():
    with pytest.raises(evidence.EvidenceError, match="10 MB"):
        evidence.check(io.BytesIO(b"%PDF-" + b"0" * evidence.LIMIT), "big.pdf")


def test_a_picture_is_drawn_anew_without_place_and_hidden_bytes():
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "CANARY-IN-EXIF"
    Image.new("RGB", (20, 20)).save(out, "JPEG", exif=exif)
    kept = evidence.check(io.BytesIO(out.getvalue() + b"CANARY-AFTER-THE-END"), "photo.jpg")
    assert b"CANARY" not in kept.content


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\\b\\c.pdf", "x\r\nSet-Cookie: a=b.pdf", "…", ""])
def test_a_hostile_name_is_cleaned(name):
    kept = evidence.check(io.BytesIO(vetting.PDF), name)
    assert not set(kept.name) & set('/\\\r\n"<>:')
    assert kept.name.endswith(".pdf")


def test_a_name_holds_no_signs_that_turn_it_around_or_hide():
    kept = evidence.check(io.BytesIO(vetting.PDF), "license\u202efdp\u200b\x7f\x85.exe.pdf")
    assert kept.name == "licensefdp.exe.pdf"


@pytest.mark.django_db
def test_the_owner_opens_a_file_as_a_dead_page(client):
    application, item = with_file()
    response = sign_in(client, application.applicant).get(reverse("portal:evidence", args=[item.pk]))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == vetting.PDF
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_picture_is_shown_in_the_browser(client):
    application, item = with_file(vetting.png(), "photo.png")
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
        services.add_evidence_file(name="more.pdf", upload=io.BytesIO(vetting.PDF), **given)
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
