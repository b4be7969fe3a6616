"""Files that people send: checked by their content, kept under a name nobody can guess, served as dead pages.

    checked = files.check(upload, name)                     # FileRefusedError says why not
    row.file.save(checked.stored_as, ContentFile(checked.content), save=False)
    files.serve(row.file, name=row.name, content_type=row.content_type)     # by a view that found the row
    files.download(content, name="Letter.pdf", content_type="application/pdf")      # one that was just made

The model's field is `models.FileField(upload_to=files.Hidden("evidence"))`. Which file a user may open is
decided by the row it hangs on: a view takes the row from `access.visible` first. Images are drawn anew, PDFs
are looked through.
"""

import hashlib
import io
import re
import threading
import time
import unicodedata
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO

from django.apps import apps
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

LIMIT = 10 * 1024 * 1024  # bytes
TABLE_LIMIT = 200 * 1024 * 1024  # bytes; a table is read line by line, never whole
MOST_PIXELS = 16_000_000  # decoded at once, about 64 MB
# A phone's photo: JPEG is made smaller while it is decoded, HEIC is not.
MOST_PHOTO_PIXELS = {"PNG": MOST_PIXELS, "HEIF": 25_000_000, "JPEG": 50_000_000}
MOST_SIDE = 8200  # pixels
ORPHANED = 24 * 3600  # seconds after which a file without a row is given up; no transaction is so long
TOO_MANY_PIXELS = gettext_lazy(
    "The picture has too many pixels. Send a smaller one, for example one taken with 12 or 24 megapixels."
)
LONGEST_SIDE = 2400  # pixels; a letter on a photo is still readable

# Names in a PDF that make it act by itself or carry other files (ISO 32000-1, 7.5 and 12.6). An /OpenAction
# that is an array only says which page is shown first.
ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFile|EmbeddedFiles|RichMedia|XFA|SubmitForm|ImportData)\b"
    rb"|/OpenAction\b(?!\s*\[)"
)
# Two letters also turn up by chance in compressed pictures, so these are looked for outside of streams only.
ACTIVE_SHORT = re.compile(rb"/(JS|AA)\b")
STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
# What browsers look for when they guess a type (WHATWG MIME Sniffing, 7.1): a PDF begins with numbers.
PAGE = re.compile(rb"<(!doctype html|html|head|body|script|iframe|svg)\b", re.IGNORECASE)
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")  # /J#61vaScript is /JavaScript (7.3.5)

register_heif_opener(thumbnails=False, decode_threads=1)  # what iPhones take photos in, see decision 0036

# A picture takes much memory while it is decoded: one at a time in each process.
_ONE_PICTURE = threading.Lock()


class FileRefusedError(Exception):
    """The file can't be kept; the message says why, for whoever sent it."""


@dataclass(frozen=True)
class Checked:
    """A file that may be kept.

    Args:
        name: the sender's name for it, cleaned.
        content: the bytes to keep: for an image those of the new drawing.
        content_type: read from the content.
        suffix: `.pdf`, `.jpg` or `.png`.
        sha256: of `content`, hexadecimal.
    """

    name: str
    content: bytes
    content_type: str
    suffix: str
    sha256: str

    @property
    def stored_as(self) -> str:
        """What `FieldFile.save` is called with: of it only the ending stays, see `Hidden`."""
        return f"x{self.suffix}"


@deconstructible
class Hidden:
    """Names of stored files: a folder, random signs, and the ending.

    Args:
        folder: under `MEDIA_ROOT`.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, instance: models.Model, filename: str) -> str:
        return f"{self.folder}/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:5]}"


def check(upload: BinaryIO, name: str) -> Checked:
    """Read, recognize and clean a file.

    Args:
        upload: open for reading in binary.
        name: as the browser sent it; its ending says nothing about the type.

    Raises:
        FileRefusedError: larger than 10 MB, empty, neither PDF nor JPEG, PNG nor HEIC, damaged, or a PDF
            that acts by itself.
    """
    content = upload.read(LIMIT + 1)
    if len(content) > LIMIT:
        raise FileRefusedError(_t("The file is larger than 10 MB. Send a smaller one, or a photo of it."))
    if not content:
        raise FileRefusedError(_t("The file is empty."))
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        kind, suffix = "application/pdf", ".pdf"
    else:
        content, kind, suffix = _redraw(content)
    return Checked(
        name=f"{_clean_stem(name)}{suffix}",
        content=content,
        content_type=kind,
        suffix=suffix,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def check_table(upload: UploadedFile) -> str:
    """See whether a file may be a table in text (CSV) or a workbook, by its size and its first bytes.

    Whether its columns and its encoding are the right ones, shows when it is read.

    Args:
        upload: as it was sent; it is not read whole.

    Returns:
        Its name, cleaned.

    Raises:
        FileRefusedError: larger than 200 MB, empty, a workbook of an old Excel, or no text.
    """
    if (upload.size or 0) > TABLE_LIMIT:
        raise FileRefusedError(
            _t("The file is larger than %(size)s MB. Split it, each part with the line of column names.")
            % {"size": TABLE_LIMIT // 1024 // 1024}
        )
    upload.seek(0)
    start: bytes = upload.read(4096)
    upload.seek(0)
    if not start.strip():
        raise FileRefusedError(_t("The file is empty."))
    if start.startswith(b"PK\x03\x04"):
        if not zipfile.is_zipfile(upload):
            raise FileRefusedError(_t("The workbook is damaged. Save it again, or as CSV, and send that."))
        upload.seek(0)
        return f"{_clean_stem(upload.name or '')}.xlsx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefusedError(
            _t("This is a workbook of an old Excel. Save it as .xlsx or as CSV, and send that.")
        )
    # In UTF-16 every letter of plain text has a zero beside it.
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff")) or 0 in start[:2]
    if (b"\0" in start and not wide) or start.startswith((b"%PDF-", b"\x89PNG")):
        raise FileRefusedError(_t("This is not a table. Send a table in text (CSV) or a workbook (.xlsx)."))
    return f"{_clean_stem(upload.name or '')}.csv"


def named(name: str, suffix: str) -> str:
    """A sender's name for a file, cleaned.

    Args:
        name: as the browser sent it; its ending is left out.
        suffix: the ending by the content, as `.zip`.
    """
    return f"{_clean_stem(name)}{suffix}"


def _clean_stem(name: str) -> str:
    """The name without its ending and without signs that steer a screen, a shell or a header."""
    stem = re.sub(r"[\x00-\x1f<>:\"/\\|?*]+", " ", PurePath(name.replace("\\", "/")).stem)
    seen = "".join(each for each in stem if unicodedata.category(each) not in ("Cc", "Cf"))
    return seen.strip(" .")[:150] or "file"


def _check_pdf(content: bytes) -> None:
    if PAGE.search(content[:1024]):
        # A browser that guesses would take it for a page. We serve it as a file to save, others may not.
        raise FileRefusedError(_t("The PDF begins like a web page. Print it to a new PDF and send that."))
    if b"%%EOF" not in content[-2048:]:
        raise FileRefusedError(_t("The PDF is damaged or incomplete. Save it again and send the new file."))
    plain = ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)
    if b"/Encrypt" in plain:
        raise FileRefusedError(
            _t("The PDF is protected by a password. Send one that is not, or a photo of it.")
        )
    if ACTIVE.search(plain) or ACTIVE_SHORT.search(STREAM.sub(b"", plain)):
        raise FileRefusedError(
            _t("The PDF holds programs or other files. Print it to a new PDF and send that.")
        )


def _redraw(content: bytes) -> tuple[bytes, str, str]:
    """Decode and encode an image anew: whatever else was in the file, place and camera included, is gone."""
    try:
        with _ONE_PICTURE:
            return _drawn_anew(content)
    except FileRefusedError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise FileRefusedError(
            _t("Send a PDF or a photo (JPEG, PNG or HEIC). Other kinds of files can’t be kept.")
        ) from None
    except Exception:  # noqa: BLE001 - a hostile file can raise anything in a decoder
        raise FileRefusedError(_t("The picture is damaged. Take it again and send the new one.")) from None


def _drawn_anew(content: bytes) -> tuple[bytes, str, str]:
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "HEIF")) as image:
        if image.width * image.height > MOST_PHOTO_PIXELS[str(image.format)] or max(image.size) > MOST_SIDE:
            raise FileRefusedError(TOO_MANY_PIXELS)
        share = min(LONGEST_SIDE / max(image.size), 1)
        image.draft(None, (max(int(image.width * share), 1), max(int(image.height * share), 1)))
        if image.format == "JPEG" and image.width * image.height > MOST_PIXELS:
            raise FileRefusedError(TOO_MANY_PIXELS)
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        drawn: Image.Image = ImageOps.exif_transpose(image)
        out = io.BytesIO()
        if image.format == "PNG":
            drawn = drawn.convert(
                "RGBA" if "A" in drawn.getbands() or "transparency" in drawn.info else "RGB"
            )
            drawn.info = {}
            drawn.save(out, "PNG")
            return out.getvalue(), "image/png", ".png"
        drawn = drawn.convert("RGB")
        drawn.info = {}
        drawn.save(out, "JPEG", quality=85)
        return out.getvalue(), "image/jpeg", ".jpg"


def serve(stored: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """Answer with a stored file, as a page that can do nothing. Nobody else may keep a copy of the answer.

    Args:
        stored: of a row that the view found among those visible to the user.
        name: the file's name for people.
        content_type: as it was read from the content.

    Raises:
        Http404: the row has no file, or it is gone from the disk.
    """
    if not stored:
        raise Http404
    try:
        content = stored.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    # A PDF may hold more than we can see, in compressed parts above all, so a browser saves it and doesn't
    # open it here; pictures were drawn anew.
    apart = content_type not in ("image/jpeg", "image/png")
    return _dead(FileResponse(content, filename=name, content_type=content_type, as_attachment=apart))


def download(content: bytes, *, name: str, content_type: str) -> FileResponse:
    """Answer with a file that was just made, to be saved. Nobody else may keep a copy of the answer.

    Args:
        content: the file.
        name: for people, with its ending; what steers a screen, a shell or a header is taken out.
        content_type: of it.
    """
    stem = _clean_stem(name.replace("/", " ").replace("\\", " "))
    name = f"{stem}{PurePath(name).suffix}"
    return _dead(
        FileResponse(io.BytesIO(content), filename=name, content_type=content_type, as_attachment=True)
    )


def _dead(response: FileResponse) -> FileResponse:
    """Shown in the browser, but as a dead page: no script, no form, no other address."""
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def remove_after_commit(stored: FieldFile) -> None:
    """Delete a file when the open transaction, which forgets it, is committed."""
    name, storage = stored.name, stored.storage
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def remove_orphans() -> int:
    """Remove stored files that no row knows: they were written in a transaction that was then undone.

    Looks after every model with a file field whose `upload_to` is `Hidden`.

    Returns:
        How many files were removed; younger ones than `ORPHANED` stay, their transaction may be open.
    """
    return sum(
        _remove_orphans_of(model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField) and isinstance(field.upload_to, Hidden)
    )


def _remove_orphans_of(model: type[models.Model], field: Any) -> int:
    storage, folder = field.storage, field.upload_to.folder
    try:
        found = {f"{folder}/{each}" for each in storage.listdir(folder)[1]}
    except FileNotFoundError:
        return 0  # nothing was ever kept
    # By the machine's clock, as files are dated. Rows are asked last: theirs may be younger than the list.
    old = {each for each in found if time.time() - storage.get_modified_time(each).timestamp() > ORPHANED}
    orphans = old - set(
        model._base_manager.filter(**{f"{field.name}__in": old}).values_list(field.name, flat=True)
    )
    for each in orphans:
        storage.delete(each)
    return len(orphans)
