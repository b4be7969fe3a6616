"""What a license file can tell, stated once.

Presets, the parser, the staging table, the insert and the merge are all written from `FIELDS`: a new field
is one line here, beside its column on `Business`. See docs/decisions/0073-import-fields.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext_noop

from core import links, postal

Value = str | float | bool | date | None


@dataclass(frozen=True)
class Field:
    """One thing that a column of a license file may be read as.

    Attributes:
        name: as presets call it, and its column of the staging table.
        sql: what it is read as: a text, degrees, a day, or yes and no.
        longest: of a text, in characters.
        most: of degrees, in either direction.
        lettering: of a text: in mixed case where the preset wants that, or as it comes.
        clean: brings a text into the form in which it is kept, or raises `ValidationError`.
        unfit: why a row is left out whose text can't be kept; filled with what was `typed`. Where it is
            empty, the row is taken without the text: a license counts more than its "N/A" for a website.
        staged: whether it goes to the staging table; what does not is only looked at while reading.
        follows: whether the column of the same name of a place of business takes it, and follows the file for
            as long as nobody changed it here.
    """

    name: str
    sql: Literal["text", "float8", "date", "boolean"] = "text"
    longest: int = 0
    most: int = 0
    lettering: Literal["mixed", "as it comes"] = "as it comes"
    clean: Callable[[str], str] | None = None
    unfit: str = ""
    staged: bool = True
    follows: bool = False


FIELDS = (
    # Which organization, and which place of it. Without an account the number of a license that stays with
    # its place tells it, else its name and address.
    Field("account_number", longest=40),
    Field("site_number", longest=20),
    Field("license_number", longest=40, staged=False),
    Field("legal_name", longest=200, lettering="mixed"),
    Field("name", longest=200, lettering="mixed", follows=True),
    Field("street", longest=200, lettering="mixed", follows=True),
    Field("city", longest=80, lettering="mixed", follows=True),
    Field(
        "state",
        longest=2,
        clean=postal.state_code,
        unfit=gettext_noop("“%(typed)s” is not a state or province."),
        follows=True,
    ),
    Field("postal_code", longest=10, clean=postal.zip_code, follows=True),
    # One cell that holds several of these; `composing` takes it apart.
    Field("names", longest=400, staged=False),
    Field("unit", longest=40, staged=False),
    Field("city_line", longest=200, staged=False),
    Field("address", longest=400, staged=False),
    Field("position", longest=400, staged=False),
    # A position is one thing: `statements` says how its halves follow.
    Field("latitude", sql="float8", most=90),
    Field("longitude", sql="float8", most=180),
    Field("phone", longest=40, follows=True),
    Field("website", longest=300, clean=links.clean_web_address, follows=True),
    # What a file does not mark by a column, its licenses and the names of the city tell; see `reading`.
    Field("home_based", sql="boolean"),
    Field("out_of_town", sql="boolean"),
    # A place has several licenses: what is kept of them is gathered in `statements`.
    Field("license_kind", longest=200),
    Field("activity", longest=2000, staged=False),
    Field("naics", longest=200, staged=False),
    Field("category", longest=200, staged=False),
    Field("license_status", longest=80, staged=False),
    Field("issued_on", sql="date"),
    Field("license_until", sql="date"),
    Field("closed_on", sql="date"),
)
NUMBERS = ("account_number", "site_number")
# One of these tells which place a row is of.
TELLING = ("account_number", "site_number", "license_number", "street", "address")
NAMED = ("name", "legal_name", "names")
# What nobody could read is no name: such a place is called by the other one.
NAMES = ("legal_name", "name")
