"""Which column holds what is proposed by names and cells, for files of any city: no database."""

import csv
import re
from datetime import date, timedelta

import pytest

from partnerships.businesses.imports import cells, days, standings
from partnerships.businesses.imports.heads import read_head
from partnerships.businesses.imports.presets import load_preset
from partnerships.businesses.imports.proposal import propose

from .files import EXTRACT, PRESET
from .license_files import FILES, OTHERS, other_table, places, table

MOST_CORRECTIONS = 2


def corrections(found, expected):
    """What a person has to change: a field in the wrong column, none for it, or one too many."""
    return {
        field: (found.get(field), expected.get(field))
        for field in {**found, **expected}
        if found.get(field) != expected.get(field)
    }


def proposed(columns, count=60):
    """The proposal for a file of a few columns: head → what its cell holds, by the number of the row."""
    return propose(list(columns), [[cell(n) for cell in columns.values()] for n in range(count)])


def days_of(written, count=60):
    return [(date(2026, 1, 20) + timedelta(days=9 * n)).strftime(written) for n in range(count)]


NAME = {"Business Name": lambda n: f"Harbor Bakery {n}", "Street Address": lambda n: f"{n + 1} Oak St"}


# Whole files.


@pytest.mark.parametrize("name", FILES)
def test_all_of_a_file_is_found(name):
    heads, rows = table(name)
    found = propose(heads, rows)
    assert found.columns == FILES[name][1]
    assert list(found.sure) == list(found.columns)
    assert all(0.4 <= sure <= 1 for sure in found.sure.values())


@pytest.mark.parametrize("name", FILES)
def test_another_sample_of_the_file_tells_the_same(name):
    heads, rows = table(name, count=15, seed=23, lat=34.1, lon=-118.3, zips="021")
    assert corrections(propose(heads, rows).columns, FILES[name][1]) == {}


def test_the_real_extract_is_proposed_as_its_preset_has_it():
    with EXTRACT.open(encoding="utf-8", newline="") as file:
        heads, *rows = list(csv.reader(file))[:201]
    preset = load_preset(PRESET)
    found = propose(heads, rows)
    assert found.columns == {**preset.columns, "license_number": "LICENSE ID"}
    assert found.date_format == preset.date_format
    assert found.shouts
    assert not found.number_stays


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_needs_fewer_than_three_corrections(name):
    heads, rows, expected = other_table(name)
    assert len(corrections(propose(heads, rows).columns, expected)) <= MOST_CORRECTIONS


def test_most_files_need_none():
    needed = [
        len(corrections(propose(*other_table(name)[:2]).columns, other_table(name)[2])) for name in OTHERS
    ]
    assert needed.count(0) >= len(needed) - 2


SHORT = {
    "License": "Lic.",
    "Number": "No.",
    "Address": "Addr.",
    "Business": "Bus.",
    "Date": "Dt",
    "Expiration": "Exp.",
}
SPELLINGS = {
    "snake": lambda words: "_".join(words).lower(),
    "capitals": lambda words: " ".join(words).upper(),
    "camel": lambda words: "".join(word.title() for word in words),
    "dense": lambda words: "".join(words).lower(),
    "short": lambda words: " ".join(SHORT.get(word.title(), word.title()) for word in words),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_same_heads_in_another_spelling(name, spelling):
    heads, rows = table(name)
    apart = [re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|#", head) for head in heads]
    other = [SPELLINGS[spelling](words) for words in apart]
    again = dict(zip(heads, other, strict=True))
    expected = {
        field: " + ".join(again[head] for head in column.split(" + "))
        for field, column in FILES[name][1].items()
    }
    assert len(corrections(propose(other, rows).columns, expected)) <= MOST_CORRECTIONS


# Heads.


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("Bus. Lic. #", "business license number"),
        ("Lic. Exp. Dt", "license expiration date"),
        ("EXPIRE_DATE", "expiration date"),
        ("BusinessLegalName", "business legal name"),
        ("businesslegalname", "business legal name"),
        ("DBAName", "dba name"),
        ("DBAname", "dba name"),
        ("license_nbr", "license number"),
        ("licensenum", "license number"),
        ("ZIPcode5", "zip 5"),
        ("Address1", "address 1"),
        ("Lat/Long", "latitude longitude"),
        ("Neighborhoods - Analysis Boundaries", "neighborhoods analysis boundaries"),
        ("Zażółć", "zażółć"),
        ("", ""),
    ],
)
def test_a_head_in_plain_words(head, words):
    assert " ".join(read_head(head).words) == words


@pytest.mark.parametrize(
    "head",
    [
        "Council District",
        "Ward Number",
        "County Name",
        "Email Address",
        "Fax Number",
        "License Fee",
        "SIC Code",
    ],
)
def test_a_column_of_something_else_is_no_field(head):
    found = proposed({**NAME, head: lambda n: f"7{n:02d}-555-{n:04d}"})
    assert head not in found.columns.values()


@pytest.mark.parametrize("head", ["CITY COUNCIL DISTRICT", "City Limits Flag"])
def test_a_word_of_a_field_is_not_enough(head):
    assert "city" not in proposed({**NAME, head: lambda n: "North"}).columns


def test_a_head_that_stands_twice_is_left_alone():
    found = propose(["Name", "City", "City"], [["Elm Foods", "Salem", "Salem"]])
    assert found.columns == {"name": "Name"}


def test_one_name_is_the_trade_name_and_the_other_one_the_legal_name():
    one = {"Business Name": lambda n: f"Harbor Bakery {n}"}
    dba = {"DBA": lambda n: f"The Bakery {n}"}
    legal = {"Legal Name": lambda n: f"Harbor Foods {n} LLC"}
    assert proposed(one).columns == {"name": "Business Name"}
    assert proposed(one | dba).columns == {"legal_name": "Business Name", "name": "DBA"}
    assert proposed(one | legal).columns == {"legal_name": "Legal Name", "name": "Business Name"}


def test_a_kind_of_ownership_is_no_name():
    found = proposed({**NAME, "Licensee": lambda n: ["LLC", "Sole Proprietor"][n % 2]})
    assert "legal_name" not in found.columns


@pytest.mark.parametrize("joined", ["D/B/A", "dba", "DBA:", "doing business as", "d.b.a."])
@pytest.mark.parametrize(("one_in", "field"), [(1, "names"), (3, "names"), (12, "name")])
def test_two_names_in_one_cell(joined, one_in, field):
    def cell(n):
        return f"Harbor Foods {n} LLC" + (f" {joined} Corner Deli {n}" if n % one_in == 0 else "")

    assert proposed({"Business Name": cell}).columns == {field: "Business Name"}


# Places.


def test_the_place_itself_comes_before_where_mail_goes():
    cells = {
        "Mailing Address": lambda n: f"{n + 500} Elm Ave",
        "Mailing City": lambda n: "Portland",
        "Mailing State": lambda n: "ME",
        "Owner Address": lambda n: f"{n + 900} Pine Ave",
        "Location Address": lambda n: f"{n + 1} Oak St",
        "Location City": lambda n: "Salem",
    }
    assert proposed(cells).columns == {"street": "Location Address", "city": "Location City"}


def test_where_mail_goes_is_taken_where_there_is_nothing_else():
    found = proposed(
        {"Mailing Address": lambda n: f"{n + 500} Elm Ave", "Mailing City": lambda n: "Portland"}
    )
    assert found.columns == {"street": "Mailing Address", "city": "Mailing City"}
    assert max(found.sure.values()) <= 0.5


def test_the_phone_of_the_place_comes_before_that_of_the_owner():
    owner = {"Owner Phone": lambda n: f"(312) 555-{n:04d}"}
    place = {"Telephone": lambda n: f"312.555.{n:04d}"}
    assert proposed(owner | place).columns == {"phone": "Telephone"}
    assert proposed(owner).columns == {"phone": "Owner Phone"}


@pytest.mark.parametrize(
    ("cell", "field"),
    [
        ("12 Oak St", "street"),
        ("12 Oak St, Salem, OR 97301", "address"),
        ("12 Oak St, Salem, Oregon 97301, United States", "address"),
        ("POINT (-123.03 44.94)", "position"),
        ("(44.94, -123.03)", "position"),
        ("12 Oak St\nSalem, OR 97301\n(44.94, -123.03)", "position"),
        ("Salem, OR 97301", "city_line"),
    ],
)
def test_a_location_is_what_its_cells_hold(cell, field):
    assert proposed({"Location": lambda n: cell}).columns == {field: "Location"}


def test_an_address_in_one_cell_is_taken_where_no_column_has_the_street():
    full = {"Full Address": lambda n: f"{n + 1} Oak St, Salem, OR 97301"}
    assert proposed(full).columns == {"address": "Full Address"}
    assert proposed(full | {"Street": lambda n: f"{n + 1} Oak St"}).columns == {"street": "Street"}


def test_a_whole_address_is_no_street():
    cells = {head: lambda n: f"{n + 1} Oak St, Salem, OR 97301" for head in ("Address", "Location Address")}
    assert proposed(cells).columns == {"address": "Location Address"}


def test_a_city_line_is_taken_where_no_columns_have_its_parts():
    line = {"City, State ZIP": lambda n: "Salem, OR 97301"}
    parts = {"City": lambda n: "Salem", "Zip": lambda n: "97301"}
    assert proposed(line).columns == {"city_line": "City, State ZIP"}
    assert proposed(line | parts).columns == {"city": "City", "postal_code": "Zip"}


def test_a_street_in_parts_is_put_together_in_order():
    found = proposed(
        {
            "STREET NAME": lambda n: "5TH",
            "STREET SUFFIX": lambda n: "AVE",
            "HOUSE NO": lambda n: str(n + 1),
            "PRE DIR": lambda n: "NW",
        }
    )
    assert found.columns == {"street": "HOUSE NO + PRE DIR + STREET NAME + STREET SUFFIX"}


def test_a_street_in_parts_yields_to_one_column_with_all_of_it():
    found = proposed(
        {
            "House Number": lambda n: str(n + 1),
            "Street Name": lambda n: "Oak St",
            "Address": lambda n: f"{n + 1} Oak St",
        }
    )
    assert found.columns == {"street": "Address"}


# Positions.


def test_degrees_that_are_turned_round_go_where_they_belong():
    found = proposed({"Latitude": lambda n: f"-87.{n:04d}", "Longitude": lambda n: f"41.{n:04d}"})
    assert found.columns == {"latitude": "Longitude", "longitude": "Latitude"}


def test_degrees_with_zeros_for_unknown_are_degrees():
    found = proposed(
        {"Y": lambda n: f"41.{n:04d}" if n % 3 else "0", "X": lambda n: f"-87.{n:04d}" if n % 3 else "0"}
    )
    assert found.columns == {"latitude": "Y", "longitude": "X"}


def test_zeros_alone_are_no_degrees():
    assert proposed({"Latitude": lambda n: "0", "Longitude": lambda n: "0.0"}).columns == {}


def test_feet_are_no_degrees():
    found = proposed({"Latitude": lambda n: f"18900{n:02d}.5", "Longitude": lambda n: f"11500{n:02d}.25"})
    assert found.columns == {}


def test_half_a_position_is_none():
    assert proposed({"Latitude": lambda n: f"41.{n:04d}"}).columns == {}


def test_latitude_and_longitude_come_before_a_position_in_one_cell():
    found = proposed(
        {
            "Location": lambda n: "POINT (-87.6 41.9)",
            "lat": lambda n: f"41.{n:04d}",
            "lng": lambda n: f"-87.{n:04d}",
        }
    )
    assert found.columns == {"latitude": "lat", "longitude": "lng"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("POINT (-87.63 41.88)", (41.88, -87.63)),
        ("SRID=4326;POINT(-87.63 41.88)", (41.88, -87.63)),
        ("(41.88, -87.63)", (41.88, -87.63)),
        ("12 Oak St\nChicago, IL 60601\n(41.88, -87.63)", (41.88, -87.63)),
        ("41.88, -87.63", (41.88, -87.63)),
        ("POINT (41.88 -87.63)", (41.88, -87.63)),
        ("(-87.63, 41.88)", (41.88, -87.63)),
        ("(13.44, 144.79)", (13.44, 144.79)),
        ("(144.79, -91.5)", None),
        ("12 Oak St (1, 2)", None),
        ("(0.0, 0.0)", None),
        ("POINT (0 0)", None),
        ("(312) 555-0134", None),
        ("", None),
    ],
)
def test_a_position_in_one_cell(text, found):
    assert cells.position(text) == found


# Kinds of cells.


def test_phones_states_and_websites_are_known_by_their_cells():
    found = proposed(
        {
            "Col1": lambda n: f"(312) 555-{n:04d}",
            "Col2": lambda n: ["IL", "WI"][n % 2],
            "Col3": lambda n: f"www.place{n}.example.com",
            "Col4": lambda n: f"owner{n}@example.com",
        }
    )
    assert found.columns == {"phone": "Col1", "state": "Col2", "website": "Col3"}


def test_directions_are_no_states():
    assert proposed({"Col1": lambda n: "NE"}).columns == {}


def test_a_code_of_the_industry_is_told_from_its_words():
    found = proposed({"NAICS": lambda n: "722511", "NAICS Description": lambda n: "Full-Service Restaurants"})
    assert found.columns == {"naics": "NAICS", "category": "NAICS Description"}
    assert proposed({"NAICS Code": lambda n: "7210-7219"}).columns == {"naics": "NAICS Code"}
    assert proposed({"Industry": lambda n: "722511 - Restaurants"}).columns == {"naics": "Industry"}
    assert proposed({"Industry": lambda n: "Restaurants"}).columns == {"category": "Industry"}
    assert proposed({"NAICS Code": lambda n: "988888"}).columns == {}


# Days.


@pytest.mark.parametrize(
    "written",
    [
        *("%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%d-%b-%Y", "%d-%b-%y"),
        *("%b %d, %Y", "%B %d, %Y", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"),
        *("%Y/%m/%d %H:%M:%S+00", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%SZ", "%A, %B %d, %Y"),
    ],
)
def test_days_in_any_way_of_writing(written):
    told = days_of(written)
    found = proposed({**NAME, "Expiration Date": told.__getitem__})
    assert (found.columns.get("license_until"), found.date_format) == ("Expiration Date", written)
    assert [days.day(cell, written) for cell in told] == [
        days.day(day, "%Y-%m-%d") for day in days_of("%Y-%m-%d")
    ]


def test_days_that_a_spreadsheet_made_numbers():
    found = proposed({**NAME, "Expiration Date": lambda n: str(45296 + n)})
    assert (found.columns.get("license_until"), found.date_format) == ("Expiration Date", days.SERIAL)
    assert days.day("45296", days.SERIAL) == date(2024, 1, 5)
    with pytest.raises(ValueError, match="99999"):
        days.day("99999", days.SERIAL)


def test_one_day_above_the_twelfth_tells_where_the_month_stands():
    assert proposed({"Issue Date": lambda n: "05/04/2026"}).date_format == "%m/%d/%Y"
    assert (
        proposed({"Issue Date": lambda n: "25/04/2026" if n == 40 else "05/04/2026"}).date_format
        == "%d/%m/%Y"
    )
    # The other column may be the one that tells.
    both = {"Issue Date": lambda n: "05/04/2026", "Expiration Date": lambda n: f"{n % 27 + 1:02d}/04/2027"}
    assert proposed(both).date_format == "%d/%m/%Y"


def test_a_column_of_days_in_another_way_of_writing_is_not_proposed():
    found = proposed(
        {"Issue Date": days_of("%m/%d/%Y").__getitem__, "Exp Date": lambda n: "" if n % 2 else "2027-03-31"}
    )
    assert (found.columns, found.date_format) == ({"issued_on": "Issue Date"}, "%m/%d/%Y")


def test_the_day_of_the_license_comes_before_that_of_the_business():
    day = days_of("%m/%d/%Y").__getitem__
    assert proposed({"Business Start Date": day, "License Start Date": day}).columns == {
        "issued_on": "License Start Date"
    }
    assert proposed({"Business Start Date": day}).columns == {"issued_on": "Business Start Date"}


def test_an_end_is_that_of_the_license_where_all_have_one():
    day = days_of("%m/%d/%Y").__getitem__
    assert proposed({"End Date": day}).columns == {"license_until": "End Date"}
    assert proposed({"End Date": lambda n: "" if n % 5 else day(n)}).columns == {"closed_on": "End Date"}


def test_years_are_no_days():
    found = proposed({**NAME, "Expiration Year": lambda n: "2026", "License Year": lambda n: "2026"})
    assert (found.date_format, set(found.columns)) == ("", {"name", "street"})


# Numbers of licenses.


@pytest.mark.parametrize(
    ("number", "place", "until", "stays"),
    [
        (lambda n: f"L{n}", lambda n: n, 2026, True),
        (lambda n: f"L{n % 30}", lambda n: n % 30, 2026, True),  # each place twice, under the same number
        (lambda n: f"L{n}", lambda n: n % 30, 2026, False),  # another number in the second year
        (lambda n: "L1", lambda n: n, 2026, False),  # everybody's
        (lambda n: f"L{n}" if n % 2 else "", lambda n: n, 2026, False),  # half of them have none
        (lambda n: f"2026-{n:04d}", lambda n: n, 2026, False),  # the year of the license
        (lambda n: f"2026-{n:04d}", lambda n: n, 2027, False),  # or the one in which it began
        (lambda n: f"{n:04d}-26", lambda n: n, 2026, False),
        (lambda n: f"BL{25 + n % 2}-{n:04d}", lambda n: n, 2026, False),
        (lambda n: f"2011-{n:04d}", lambda n: n, 2026, True),  # the year of the first one
        (lambda n: f"{n + 1}2026{n + 1}", lambda n: n, 2026, True),  # digits of a number
    ],
)
def test_whether_a_number_stays_with_its_place(number, place, until, stays):
    found = proposed(
        {
            "License Number": number,
            "Business Name": lambda n: f"Harbor Bakery {place(n)}",
            "Street Address": lambda n: f"{place(n) + 1} Oak St",
            "Expiration Date": lambda n: f"12/31/{until}",
        }
    )
    assert found.columns["license_number"] == "License Number"
    assert found.number_stays is stays


def test_without_a_number_none_stays():
    assert not proposed(NAME).number_stays


# What else is told.


@pytest.mark.parametrize(
    ("means", "statuses"),
    [
        (
            "open",
            "AAI|Active|ACTIVE - RENEWED|Issued|Current|In Good Standing|Open|Pending Renewal|Delinquent"
            "|About to Expire|Active - Inspection Due|ACT",
        ),
        (
            "closed",
            "Expired|Revoked|Canceled|Cancelled|Inactive|Not Active|Out of business|OOB|Closed"
            "|AAC|Administratively Closed|Non-Renewed|EXP",
        ),
        (
            "not_yet",
            "Pending|Application|Application Received|Denied|In Review|Pending Inspection|Withdrawn"
            "|Not Issued|PEND",
        ),
        ("", "Suspended|Something|7|A"),
    ],
)
def test_a_status_is_known_by_its_words(means, statuses):
    assert {status: standings.standing(status) for status in statuses.split("|")} == dict.fromkeys(
        statuses.split("|"), means
    )


def test_each_status_of_the_file_is_told():
    found = proposed({**NAME, "License Status": lambda n: ["Active", "Expired", "Suspended", ""][n % 4]})
    assert found.statuses == {"Active": "open", "Expired": "closed", "Suspended": ""}


def test_yes_and_no_answer_the_head():
    assert proposed({**NAME, "Active?": lambda n: "YN"[n % 2]}).statuses == {"Y": "open", "N": "closed"}
    assert proposed({**NAME, "Out of Business": lambda n: "YN"[n % 2]}).statuses == {
        "Y": "closed",
        "N": "open",
    }
    assert proposed({**NAME, "Status": lambda n: "YN"[n % 2]}).statuses == {"Y": "", "N": ""}


def test_letters_that_stand_for_active_and_inactive():
    assert proposed({**NAME, "Status": lambda n: "AI"[n % 2]}).statuses == {"A": "open", "I": "closed"}
    assert proposed({**NAME, "Status": lambda n: "AC"[n % 2]}).statuses == {"A": "", "C": ""}


@pytest.mark.parametrize(("shape", "shouts"), [(str.upper, True), (str.title, False), (str.lower, False)])
def test_whether_names_shout(shape, shouts):
    assert proposed({"DBA Name": lambda n: shape(f"harbor bakery {n}")}).shouts is shouts


@pytest.mark.parametrize(
    "cell", ["[REDACTED FOR PRIVACY]", "N/A", "NONE", "CONFIDENTIAL", "n/a", "<withheld>"]
)
def test_what_means_not_told(cell):
    found = proposed(
        {**NAME, "Phone": lambda n: cell if n % 2 else f"(312) 555-{n:04d}", "Notes": lambda n: "UNKNOWN"}
    )
    assert found.columns["phone"] == "Phone"
    assert found.withheld == (cell,)


def test_what_is_not_told_once_is_an_accident():
    assert proposed({**NAME, "Phone": lambda n: "N/A" if n == 3 else f"(312) 555-{n:04d}"}).withheld == ()


# Edges.


def test_no_rows_leave_the_names_alone_to_tell():
    found = propose(["Business Name", "Street Address", "Expiration Date"], [])
    assert found.columns == {
        "name": "Business Name",
        "street": "Street Address",
        "license_until": "Expiration Date",
    }
    assert max(found.sure.values()) < 0.7
    assert (found.date_format, found.number_stays, found.shouts, found.statuses, found.withheld) == (
        "",
        False,
        False,
        {},
        (),
    )


def test_no_columns_are_no_proposal():
    assert propose([], []).columns == {}
    assert propose([" "], [["(312) 555-0134"]]).columns == {}


def test_rows_may_be_shorter_than_the_head():
    assert propose(
        ["Business Name", "Phone"], [["Elm Foods"], ["Oak Foods", "(312) 555-0134"], []]
    ).columns == {
        "name": "Business Name",
        "phone": "Phone",
    }


def test_no_more_than_two_hundred_rows_are_looked_at():
    rows = [["Elm Foods", "(312) 555-0134"]] * 200 + [["Oak Foods", "none of your business"]] * 5000
    assert (
        propose(["Name", "Phone"], rows).sure["phone"] == propose(["Name", "Phone"], rows[:200]).sure["phone"]
    )


def test_the_rows_are_the_same_every_time():
    assert places() == places()
    assert places() != places(seed=8)
