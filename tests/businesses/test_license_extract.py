"""The license extract that is checked in, from which the demonstration has its prospects."""

import csv
import re

from partnerships.businesses.demo import DATA


def test_the_checked_in_licenses_are_of_incorporated_businesses_and_name_their_source():
    incorporated = re.compile(r"\b(INC|INCORPORATED|LLC|L\.L\.C|CORP|CORPORATION|LTD|LIMITED|CO|COMPANY)\b")
    with (DATA / "chicago_licenses_extract.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 500
    for row in rows:
        assert incorporated.search(row["LEGAL NAME"].upper()), row["LEGAL NAME"]
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    line = next(line for line in readme.splitlines() if "chicago_licenses_extract.csv" in line)
    assert "City of Chicago data portal" in line
    assert "dannguyen/chicago-city-data-processing-project-2024" in line
    assert f"{len(rows)} business licenses" in line
    for column in rows[0]:
        assert not re.search("OWNER|FIRST|LAST|PHONE|EMAIL", column.upper()), column
