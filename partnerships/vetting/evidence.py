"""Files that owners send: the content tells the type, images are drawn anew, PDFs are looked through."""

import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from django.utils.translation import gettext as _t
from PIL import Image, ImageOps, UnidentifiedImageError

LIMIT = 10 * 1024 * 1024  # bytes
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2400  # pixels; a letter on a photo is still readable

# Names in a PDF that make it act by itself or carry other files (ISO 32000-1, 7.5 and 12.6).
ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFile|EmbeddedFiles|RichMedia|XFA|SubmitForm|ImportData)\b"
)


class EvidenceError(Exception):
    """The file can't be kept; the message says why, for the owner."""


@dataclass(frozen=True)
class Checked:
    """A file that may be kept.

    Args:
        name: the owner's name for it, cleaned.
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


def check(upload: BinaryIO, name: str) -> Checked:
    """Read, recognize and clean a file.

    Args:
        upload: open for reading in binary.
        name: as the browser sent it; its ending says nothing about the type.

    Raises:
        EvidenceError: larger than 10 MB, empty, neither PDF nor JPEG nor PNG, damaged, or a PDF that acts by
            itself.
    """
    content = upload.read(LIMIT + 1)
    if len(content) > LIMIT:
        raise EvidenceError(_t("The file is larger than 10 MB. Send a smaller one, or a photo of it."))
    if not content:
        raise EvidenceError(_t("The file is empty."))
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        kind, suffix = "application/pdf", ".pdf"
    else:
        content, kind, suffix = _redraw(content)
    stem = re.sub(r"[\x00-\x1f<>:\"/\\|?*]+", " ", PurePath(name.replace("\\", "/")).stem).strip(" .")
    return Checked(
        name=f"{(stem or 'file')[:150]}{suffix}",
        content=content,
        content_type=kind,
        suffix=suffix,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise EvidenceError(_t("The PDF is damaged or incomplete. Save it again and send the new file."))
    if b"/Encrypt" in content:
        raise EvidenceError(_t("The PDF is protected by a password. Send one that is not, or a photo of it."))
    if ACTIVE.search(content):
        raise EvidenceError(_t("The PDF holds programs or other files. Print it to a new PDF and send that."))


def _redraw(content: bytes) -> tuple[bytes, str, str]:
    """Decode and encode an image anew: whatever else was in the file, place and camera included, is gone."""
    try:
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
        if image.width * image.height > MOST_PIXELS:
            raise EvidenceError(_t("The picture has too many pixels. Send a smaller one."))
        drawn: Image.Image = ImageOps.exif_transpose(image)
        drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        out = io.BytesIO()
        if image.format == "PNG":
            drawn = drawn.convert(
                "RGBA" if "A" in drawn.getbands() or "transparency" in drawn.info else "RGB"
            )
            drawn.info = {}
            drawn.save(out, "PNG", optimize=True)
            return out.getvalue(), "image/png", ".png"
        drawn = drawn.convert("RGB")
        drawn.info = {}
        drawn.save(out, "JPEG", quality=85)
        return out.getvalue(), "image/jpeg", ".jpg"
    except EvidenceError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise EvidenceError(_t("Send a PDF, a JPEG or a PNG. Other kinds of files can’t be kept.")) from None
    except (OSError, ValueError, SyntaxError, EOFError):
        raise EvidenceError(_t("The picture is damaged. Take it again and send the new one.")) from None
