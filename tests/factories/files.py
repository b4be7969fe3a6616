"""Files as people send them."""

import io

from PIL import Image
from pillow_heif import register_heif_opener

PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def png(color: str = "white", size: tuple[int, int] = (40, 30)) -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


def heic(size: tuple[int, int] = (40, 30), hidden: str = "") -> bytes:
    """A photo as an iPhone takes it: turned by a mark, with its place and `hidden` beside the picture."""
    register_heif_opener()
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, hidden  # turn right; description
    exif.get_ifd(0x8825)[1] = "N"  # GPS latitude
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "HEIF", exif=exif.tobytes())
    return out.getvalue()
