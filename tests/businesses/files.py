"""Small license files for the import tests."""

import csv
from pathlib import Path

from partnerships.businesses.imports.presets import load_preset

DATA = Path(__file__).resolve().parent.parent.parent / "partnerships" / "businesses" / "data"
EXTRACT = DATA / "chicago_licenses_extract.csv"
BEATS = DATA / "chicago_police_beats.geojson"
DISTRICTS = DATA / "chicago_police_districts.geojson"
PRESET = "chicago-licenses"

HEAD = [*load_preset(PRESET).columns.values(), "POLICE DISTRICT"]
GOOD = {
    "ACCOUNT NUMBER": "100",
    "SITE NUMBER": "1",
    "LEGAL NAME": "RIVER FOODS, INC.",
    "DOING BUSINESS AS NAME": "RIVER FOODS",
    "ADDRESS": "3127 N BROADWAY",
    "CITY": "CHICAGO",
    "STATE": "IL",
    "ZIP CODE": "60657",
    "LATITUDE": "41.95",
    "LONGITUDE": "-87.65",
    "LICENSE DESCRIPTION": "Tavern",
    "DATE ISSUED": "05/13/2020",
    "LICENSE TERM EXPIRATION DATE": "05/15/2022",
    "POLICE DISTRICT": "99",
}


def row(**changes: str) -> dict[str, str]:
    """A good row with changes; `site_number="2"` stands for the column SITE NUMBER."""
    return {**GOOD, **{name.upper().replace("_", " "): value for name, value in changes.items()}}


def write(path: Path, rows: list[dict[str, str]], head: list[str] | None = None) -> Path:
    """A license file of these rows."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, head or HEAD, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path
