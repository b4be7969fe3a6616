"""Files that people send: what is kept, what is refused, and how it is served."""

import io
import re
import struct

import pytest
from django.core.files.base import ContentFile
from django.db import models
from django.db.models.fields.files import FieldFile
from PIL import Image

from core import files
from tests.factories.files import PDF, heic, png


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "letter.pdf", "application/pdf"),
        (PDF, "letter.png", "application/pdf"),
        (png(), "photo.pdf", "image/png"),
    ],
)
def test_the_type_follows_from_the_content_not_from_the_name(content, name, kind):
    assert files.check(io.BytesIO(content), name).content_type == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00 a program",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + b"\0" * 40,
        PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
        PDF.replace(b"/Catalog", b"/Catalog /AA << /O 5 0 R >>"),
        PDF.replace(b"/Catalog", b"/Catalog /OpenAction 5 0 R"),
        PDF.replace(b"/Catalog", b"/Catalog /Names << /J#61vaScript 5 0 R >>"),
        PDF.replace(b"/Catalog", b"/Catalog /#4a#53 (app.alert(1))"),
        PDF.replace(b"/Root", b"/#45ncrypt 5 0 R /Root"),
        PDF.replace(b"%%EOF", b""),
        PDF.replace(b"\n", b"\n%<html><script>alert(1)</script>\n", 1),
        PDF.replace(b"\n", b"\n<!DocType HTML>\n", 1),
        b"\n" + PDF,
        b"<script>alert(1)</script>" + PDF,
        PDF.replace(b"/Root", b"/Encrypt 5 0 R /Root"),
        png()[:60],
        heic()[:200],
        b"\0\0\0\x18ftypheic" + b"\0" * 400,
    ],
)
def test_what_is_not_a_plain_pdf_or_picture_is_refused_with_a_sentence(content):
    with pytest.raises(files.FileRefusedError) as raised:
        files.check(io.BytesIO(content), "file.pdf")
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize(
    "part",
    [
        b"/Catalog /OpenAction [3 0 R /FitH 800]",
        b"/Catalog >> endobj\n2 0 obj << /Length 9 >> stream\n/JS\x02/AA\nendstream endobj 3 0 obj <<",
    ],
)
def test_a_pdf_that_only_opens_at_a_page_or_looks_active_by_chance_is_kept(part):
    content = PDF.replace(b"/Catalog", part)
    assert files.check(io.BytesIO(content), "scan.pdf").content == content


@pytest.mark.parametrize("size", [(4001, 4000), (8201, 2)])
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(size, monkeypatch):
    content = png(size=size)
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *args: pytest.fail("It was decoded."))
    with pytest.raises(files.FileRefusedError, match="too many pixels"):
        files.check(io.BytesIO(content), "photo.png")


@pytest.mark.parametrize(
    ("taken", "as_decoded"), [((5712, 4284), (2856, 2142)), ((8064, 6048), (4032, 3024))]
)
def test_a_photo_of_a_phone_is_kept_smaller_and_never_decoded_whole(taken, as_decoded, monkeypatch):
    out = io.BytesIO()
    Image.new("RGB", taken).save(out, "JPEG")
    decoded = []
    thumbnail = Image.Image.thumbnail

    def watched(image, size):
        decoded.append(image.size)
        return thumbnail(image, size)

    monkeypatch.setattr(Image.Image, "thumbnail", watched)
    kept = files.check(io.BytesIO(out.getvalue()), "photo.jpg")
    assert decoded == [as_decoded]
    assert max(Image.open(io.BytesIO(kept.content)).size) == files.LONGEST_SIDE


def test_a_photo_of_an_iphone_becomes_a_jpeg_upright_and_without_its_place():
    sent = heic(size=(60, 40), hidden="CANARY-IN-EXIF")
    assert b"CANARY-IN-EXIF" in sent
    kept = files.check(io.BytesIO(sent), "IMG_0042.HEIC")
    assert (kept.name, kept.content_type, kept.suffix) == ("IMG_0042.jpg", "image/jpeg", ".jpg")
    drawn = Image.open(io.BytesIO(kept.content))
    assert (drawn.format, drawn.size) == ("JPEG", (40, 60))
    assert not drawn.getexif()
    assert b"CANARY" not in kept.content


def test_a_large_photo_of_an_iphone_is_kept_smaller_and_a_larger_one_refused_undecoded(monkeypatch):
    kept = files.check(io.BytesIO(heic(size=(5712, 4284))), "photo.heic")
    assert max(Image.open(io.BytesIO(kept.content)).size) == files.LONGEST_SIDE
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *args: pytest.fail("It was decoded."))
    with pytest.raises(files.FileRefusedError, match="too many pixels"):
        files.check(io.BytesIO(heic(size=(5712, 4400))), "photo.heic")


@pytest.mark.parametrize("error", [struct.error("unpack"), TypeError("x"), KeyError(1), MemoryError()])
def test_whatever_a_decoder_raises_means_a_damaged_picture(error, monkeypatch):
    def broken(image):
        raise error

    monkeypatch.setattr(files.ImageOps, "exif_transpose", broken)
    with pytest.raises(files.FileRefusedError, match="damaged"):
        files.check(io.BytesIO(png()), "photo.png")


def test_pictures_are_decoded_one_at_a_time(monkeypatch):
    busy = []

    def watched(image):
        busy.append(files._ONE_PICTURE.locked())
        return image

    monkeypatch.setattr(files.ImageOps, "exif_transpose", watched)
    files.check(io.BytesIO(png()), "photo.png")
    assert busy == [True]
    assert not files._ONE_PICTURE.locked()


def test_a_file_over_10_mb_is_refused():
    with pytest.raises(files.FileRefusedError, match="10 MB"):
        files.check(io.BytesIO(b"%PDF-" + b"0" * files.LIMIT), "big.pdf")


def test_a_picture_is_drawn_anew_without_place_and_hidden_bytes():
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "CANARY-IN-EXIF"
    Image.new("RGB", (20, 20)).save(out, "JPEG", exif=exif)
    kept = files.check(io.BytesIO(out.getvalue() + b"CANARY-AFTER-THE-END"), "photo.jpg")
    assert b"CANARY" not in kept.content


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\\b\\c.pdf", "x\r\nSet-Cookie: a=b.pdf", "…", ""])
def test_a_hostile_name_is_cleaned(name):
    kept = files.check(io.BytesIO(PDF), name)
    assert not set(kept.name) & set('/\\\r\n"<>:')
    assert kept.name.endswith(".pdf")


def test_a_name_holds_no_signs_that_turn_it_around_or_hide():
    kept = files.check(io.BytesIO(PDF), "license\u202efdp\u200b\x7f\x85.exe.pdf")
    assert kept.name == "licensefdp.exe.pdf"


def test_a_stored_file_has_a_name_that_nobody_can_guess():
    hidden = files.Hidden("papers")
    names = {hidden(None, "../payroll 2026.PDF") for _ in range(3)}
    assert len(names) == 3
    for name in names:
        assert re.fullmatch(r"papers/[0-9a-f]{32}\.pdf", name)


@pytest.mark.parametrize(
    "kind", ["application/pdf", "image/png", "image/jpeg", "text/html", "image/svg+xml", ""]
)
def test_whatever_is_served_is_a_dead_page(kind, settings, tmp_path):
    """What the look through a PDF can't see, such as objects in compressed streams, comes to life nowhere."""
    settings.MEDIA_ROOT = tmp_path
    stored = FieldFile(None, models.FileField(), "")
    stored.name = stored.storage.save("x.bin", ContentFile(b"<script>alert(1)</script>"))
    answer = files.serve(stored, name="x.bin", content_type=kind)
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    shown = "inline" if kind in ("image/png", "image/jpeg") else "attachment"
    assert answer.headers["Content-Disposition"].startswith(shown)
    stored.close()
