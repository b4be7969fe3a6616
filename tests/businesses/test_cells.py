"""What one cell of a city's file holds when it holds several things, or when a spreadsheet has bent it."""

import re
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from partnerships.businesses.imports import cells

NAMES = [
    ("ACME HOLDINGS LLC DBA Joe's Tacos", "ACME HOLDINGS LLC", "Joe's Tacos"),
    ("ACME LLC D/B/A Joe's", "ACME LLC", "Joe's"),
    ("ACME LLC d / b / a Joe's", "ACME LLC", "Joe's"),
    ("ACME LLC, d.b.a. Joe's Tacos", "ACME LLC", "Joe's Tacos"),
    ("Acme D.B.A Joe", "Acme", "Joe"),
    ("Acme d b a Joe's", "Acme", "Joe's"),
    ("Acme d/b/a/ Joe's", "Acme", "Joe's"),
    ("ACME, Inc. doing business as Joe's", "ACME, Inc.", "Joe's"),
    ("Acme Ltd trading as Joe's", "Acme Ltd", "Joe's"),
    ("Acme Ltd T/A Joe's", "Acme Ltd", "Joe's"),
    ("ACME LLC (dba Joe's Tacos)", "ACME LLC", "Joe's Tacos"),
    ("ACME LLC [dba Joe's]", "ACME LLC", "Joe's"),
    ("ACME (dba Joe's (North))", "ACME", "Joe's (North)"),
    ("ACME (DBA JOE'S) LLC", "ACME LLC", "JOE'S"),
    ('ACME - DBA: "Joe\'s"', "ACME", "Joe's"),
    ("ACME\nDBA JOE'S", "ACME", "JOE'S"),
    ("Joe Smith DBA Smith Foods LLC DBA Joe's", "Joe Smith", "Joe's"),
    ("DBA Joe's", "", "Joe's"),
    ("ACME LLC DBA", "ACME LLC", "ACME LLC"),
    ("DBA", "", "DBA"),
    ("Adba Foods", "", "Adba Foods"),
    ("Dbase Systems", "", "Dbase Systems"),
    ("P/T/A Shop", "", "P/T/A Shop"),
    ("Ta Ta Tea", "", "Ta Ta Tea"),
    ("dba's", "", "dba's"),
    ("Joe's Tacos", "", "Joe's Tacos"),
    ("ACME LLC (DBA) Joe's", "ACME LLC", "Joe's"),
    ("ACME/DBA Joe's", "ACME", "Joe's"),
    ("ACME -DBA- Joe's", "ACME", "Joe's"),
    ("Non-Dba-Net Systems", "", "Non-Dba-Net Systems"),
    ("Café Olé SARL DBA Olé", "Café Olé SARL", "Olé"),
    (" - ", "", ""),
    ("", "", ""),
]

CITIES = [
    ("Springfield, IL 62701-1234", "Springfield", "IL", "62701-1234"),
    ("Springfield IL 62701", "Springfield", "IL", "62701"),
    ("springfield il", "springfield", "IL", ""),
    ("Springfield, Illinois 62701", "Springfield", "IL", "62701"),
    ("Springfield Illinois", "Springfield", "IL", ""),
    ("Springfield, Ill. 62701", "Springfield", "IL", "62701"),
    ("Springfield, IL 627011234", "Springfield", "IL", "62701-1234"),
    ("Springfield, IL 62701, USA", "Springfield", "IL", "62701"),
    ("Springfield, Sangamon County, IL 62701", "Springfield", "IL", "62701"),
    ("Springfield", "Springfield", "", ""),
    ("Springfield 62701", "Springfield", "", "62701"),
    ("62701", "", "", "62701"),
    ("IL", "", "IL", ""),
    ("Illinois", "", "IL", ""),
    ("IL 62701", "", "IL", "62701"),
    ("Toronto, ON M5V 2T6", "Toronto", "ON", "M5V 2T6"),
    ("Toronto ON m5v2t6 Canada", "Toronto", "ON", "M5V 2T6"),
    ("Vancouver, British Columbia V5K 0A1", "Vancouver", "BC", "V5K 0A1"),
    ("New York, NY 10001", "New York", "NY", "10001"),
    ("New York NY", "New York", "NY", ""),
    ("New York", "New York", "", ""),
    ("Washington, D.C. 20001", "Washington", "DC", "20001"),
    ("Washington DC", "Washington", "DC", ""),
    ("Port Washington", "Port Washington", "", ""),
    ("Port Washington 11050", "Port Washington", "", "11050"),
    ("Port Washington WI 53074", "Port Washington", "WI", "53074"),
    ("Seattle Washington 98101", "Seattle", "WA", "98101"),
    ("Charleston West Virginia 25301", "Charleston", "WV", "25301"),
    ("Kansas City, MO", "Kansas City", "MO", ""),
    ("Kansas City", "Kansas City", "", ""),
    ("Indiana, PA 15701", "Indiana", "PA", "15701"),
    ("St. Louis, Mo. 63101", "St. Louis", "MO", "63101"),
    ("Cambridge, MA 2138", "Cambridge", "MA", "02138"),
    ("San Juan, PR 926", "San Juan", "PR", "00926"),
    ("La Cañada, CA", "La Cañada", "CA", ""),
    ("Hartford CT 06103", "Hartford", "CT", "06103"),
    ("123", "", "", ""),
    ("", "", "", ""),
]

ADDRESSES = [
    ("12 W Elm St Unit 4, Springfield, Indiana, 46000", "12 W Elm St Unit 4", "Springfield", "IN", "46000"),
    ("12 W Elm St, Unit 4, Springfield, IN 46000", "12 W Elm St, Unit 4", "Springfield", "IN", "46000"),
    ("12 W Elm St\nUnit 4\nSpringfield, IN 46000", "12 W Elm St, Unit 4", "Springfield", "IN", "46000"),
    ("12 W Elm St\r\nSpringfield IN\r\n46000", "12 W Elm St", "Springfield", "IN", "46000"),
    ("12 W. Elm Street , Springfield ,IN", "12 W. Elm Street", "Springfield", "IN", ""),
    ("12 Elm St, Springfield, IN 46000, USA", "12 Elm St", "Springfield", "IN", "46000"),
    ("12 Elm St, Springfield, IN, United States", "12 Elm St", "Springfield", "IN", ""),
    ("12 W Elm St Springfield IN 46000", "12 W Elm St", "Springfield", "IN", "46000"),
    ("12 W ELM ST SPRINGFIELD IN 46000", "12 W ELM ST", "SPRINGFIELD", "IN", "46000"),
    ("12 W Elm St Springfield Indiana", "12 W Elm St", "Springfield", "IN", ""),
    ("12 W Elm St Springfield", "12 W Elm St", "Springfield", "", ""),
    ("12 W Elm St, Springfield", "12 W Elm St", "Springfield", "", ""),
    ("12 W Elm St", "12 W Elm St", "", "", ""),
    ("12 W Elm St, 46000", "12 W Elm St", "", "", "46000"),
    ("12 W Elm St, IN", "12 W Elm St", "", "IN", ""),
    ("46000", "", "", "", "46000"),
    ("12 Elm St, Suite 4 Springfield, IN 46000", "12 Elm St, Suite 4", "Springfield", "IN", "46000"),
    ("12 Elm St Unit 10001, Springfield, IL", "12 Elm St Unit 10001", "Springfield", "IL", ""),
    ("12 Elm St Apt 10001", "12 Elm St Apt 10001", "", "", ""),
    ("12 Elm St, Bay, AR", "12 Elm St", "Bay", "AR", ""),
    ("12 Elm St, Rear", "12 Elm St, Rear", "", "", ""),
    ("12 Elm St 2nd Fl", "12 Elm St 2nd Fl", "", "", ""),
    ("12 Elm Ct", "12 Elm Ct", "", "", ""),
    ("12 Elm Ct 60601", "12 Elm Ct", "", "", "60601"),
    ("12 Elm CT, Hartford CT 06103", "12 Elm CT", "Hartford", "CT", "06103"),
    ("12 Elm St NE", "12 Elm St NE", "", "", ""),
    ("12 Elm St, NE", "12 Elm St, NE", "", "", ""),
    ("12 Elm St NE, Washington, DC 20001", "12 Elm St NE", "Washington", "DC", "20001"),
    ("200 N Michigan", "200 N Michigan", "", "", ""),
    ("200 N Michigan 60601", "200 N Michigan", "", "", "60601"),
    ("100 Washington", "100 Washington", "", "", ""),
    ("12 Elm St, Washington", "12 Elm St", "Washington", "", ""),
    ("12 Elm St, Port Washington", "12 Elm St", "Port Washington", "", ""),
    ("12 Elm St New York NY 10001", "12 Elm St", "New York", "NY", "10001"),
    ("12 Elm St, St. Louis, Missouri 63101-1234", "12 Elm St", "St. Louis", "MO", "63101-1234"),
    ("12 Elm St La Grange IL 60525", "12 Elm St", "La Grange", "IL", "60525"),
    ("12 Elm St, Cambridge, MA 2138", "12 Elm St", "Cambridge", "MA", "02138"),
    ("12 Elm St, Springfield, Cook County, IL", "12 Elm St", "Springfield", "IL", ""),
    ("12 Elm St, Toronto, ON M5V 2T6, Canada", "12 Elm St", "Toronto", "ON", "M5V 2T6"),
    ("12 Elm St #4 Springfield IL 62701", "12 Elm St #4", "Springfield", "IL", "62701"),
    ("12 Elm St Ste 200 Chicago IL 60601", "12 Elm St Ste 200", "Chicago", "IL", "60601"),
    ("12 Elm St North Chicago IL 60064", "12 Elm St", "North Chicago", "IL", "60064"),
    ("500 Broadway New York, NY 10012", "500 Broadway", "New York", "NY", "10012"),
    ("12 Elm St. Unit B Gary IN", "12 Elm St. Unit B", "Gary", "IN", ""),
    ("12 Elm St Miami FL 33101", "12 Elm St", "Miami", "FL", "33101"),
    ("12 Elm St Omaha NE 68101", "12 Elm St", "Omaha", "NE", "68101"),
    ("12 Elm St NE 20002", "12 Elm St NE", "", "", "20002"),
    ("12 Elm St.,Gary IN46402", "12 Elm St.", "Gary", "IN", "46402"),
    ("12 Elm St - Springfield, IL", "12 Elm St", "Springfield", "IL", ""),
    ("12345 Highway 50", "12345 Highway 50", "", "", ""),
    ("PO Box 12, Springfield, IL 62701", "PO Box 12", "Springfield", "IL", "62701"),
    ("PO Box 12 Springfield IL", "PO Box 12", "Springfield", "IL", ""),
    ("Elm Hall, 12 Elm Plz, Gary, IN 46402", "Elm Hall, 12 Elm Plz", "Gary", "IN", "46402"),
    ("Suite 4, 12 Elm St, Springfield, IL", "Suite 4, 12 Elm St", "Springfield", "IL", ""),
    ("12 Elm St, Springfield\n(41.95, -87.65)", "12 Elm St", "Springfield", "", ""),
    ("Springfield, IL 62701", "", "Springfield", "IL", "62701"),
    ("Springfield IL", "", "Springfield", "IL", ""),
    ("Elm St, Springfield IL", "Elm St", "Springfield", "IL", ""),
    ("Elm St", "Elm St", "", "", ""),
    ("Elm & Oak", "Elm & Oak", "", "", ""),
    ("USA", "", "", "", ""),
    ("", "", "", "", ""),
]

HERE = (41.95, -87.65)
POSITIONS = [
    ("POINT (-87.65 41.95)", HERE),
    ("point(-87.65 41.95)", HERE),
    ("SRID=4326;POINT(-87.65 41.95)", HERE),
    ("POINT Z (-87.65 41.95 0)", HERE),
    ("(41.95, -87.65)", HERE),
    ("[41.95, -87.65]", HERE),
    ("41.95,-87.65", HERE),
    ("41.95 -87.65", HERE),
    (" 41.95 ; -87.65 ", HERE),
    ("12 Elm St (rear)\nSpringfield, IL\n(41.95, -87.65)", HERE),
    ("lat: 41.95, lon: -87.65", HERE),
    ("Longitude: -87.65 Latitude: 41.95", HERE),
    ("Latitude=41.95; Longitude=-87.65", HERE),
    ('{"latitude": "41.95", "longitude": "-87.65"}', HERE),
    ('{"type":"Point","coordinates":[-87.65,41.95]}', HERE),
    ("{'type': 'Point', 'coordinates': [-87.65, 41.95]}", HERE),
    ('{"type":"Feature","geometry":{"type":"Point","coordinates":[-87.65, 41.95, 0]}}', HERE),
    ("41.95° N, 87.65° W", HERE),
    ("POINT (0 0)", None),
    ("(0, 0)", None),
    ("0.0,0.0", None),
    ("POINT (-87.65 141.95)", None),
    ("200.5,-87.6", None),
    ("POINT EMPTY", None),
    ("POINT (41.95)", None),
    ("41.95", None),
    ("41,95; -87,65", None),
    ("(41, 87)", None),
    ("(312) 555", None),
    ("12 Elm St (rear)", None),
    ("nan,nan", None),
    ("N/A", None),
    ("", None),
]

PHONES = [
    ("312-555-0134 / 312-555-0199", "(312) 555-0134"),
    ("312-555-0134; 312-555-0199", "(312) 555-0134"),
    ("312-555-0134\n312-555-0199", "(312) 555-0134"),
    ("312-555-0134 or 0199", "(312) 555-0134"),
    ("(312)555-0134 & 0135", "(312) 555-0134"),
    ("3125550134 3125550199", "(312) 555-0134"),
    ("555-0134 / 312-555-0199", "(312) 555-0199"),
    ("000-000-0000 / 312-555-0134", "(312) 555-0134"),
    ("Home: 312-555-0134, Cell: 312-555-0199", "(312) 555-0134"),
    ("(312) 555-0134 (cell)", "(312) 555-0134"),
    ("312/555-0134", "(312) 555-0134"),
    ("+1 312 555 0134", "(312) 555-0134"),
    ("3125550134.0", "(312) 555-0134"),
    ("312-555-0134 x12", "(312) 555-0134 ext. 12"),
    ("312-555-0134, x12", "(312) 555-0134 ext. 12"),
    ("312-555-0134 ext. 12 / 312-555-0199", "(312) 555-0134 ext. 12"),
    ("+44 20 7946 0000", "+44 20 7946 0000"),
    ("3.12555E+09", ""),
    ("3,12555E+09", ""),
    ("0000000000", ""),
    ("555-0134", ""),
    ("none", ""),
    ("", ""),
]

ZIPS = [
    ("2138", "MA", "02138"),
    ("2138", "Massachusetts", "02138"),
    ("2138.0", "MA", "02138"),
    ("21381234", "MA", "02138-1234"),
    ("2138-1234", "ma", "02138-1234"),
    ("926", "PR", "00926"),
    ("801", "VI", "00801"),
    ("2138", "", ""),
    ("2138", "IL", ""),
    ("926", "MA", ""),
    ("60657", "IL", "60657"),
    ("60657.0", "", "60657"),
    ("606571234", "", "60657-1234"),
    ("60657 1234", "", "60657-1234"),
    ("60657–1234", "", "60657-1234"),
    ("60657-", "", "60657"),
    ("60657-0000", "", "60657"),
    ("'60657", "", "60657"),
    ("m5v2t6", "", "M5V 2T6"),
    ("00000", "", ""),
    ("606571", "", ""),
    ("abc", "", ""),
    ("", "MA", ""),
]

INDUSTRIES = [
    ("7210-7219", "721"),
    ("7220 - 7229", "722"),
    ("722511-722513", "72251"),
    ("5400-5499", "54"),
    ("44-45", "44-45"),
    ("4400-4599", "44-45"),
    ("3100-3399", "31-33"),
    ("44", "44-45"),
    ("48", "48-49"),
    ("6100-6299", ""),
    ("1100-1399", ""),
    ("722511 Full-Service Restaurants", "722511"),
    ("722511-Full-Service Restaurants", "722511"),
    ("72 - Accommodation", "72"),
    ("722511.0", "722511"),
    ("NAICS 722511", "722511"),
    ("722511; 445110", "722511"),
    ("7225XX", "7225"),
    ("722110", "722"),
    ("999999", ""),
    ("7", ""),
    ("312-555-0134", ""),
    ("2020-05-13", ""),
    ("11/13/2020", ""),
    ("Restaurants", ""),
    ("", ""),
]

FORMATS = ["%m/%d/%Y", "%Y-%m-%d"]
DAYS = [
    "05/13/2020",
    "2020-05-13",
    "05/13/2020 12:00:00 AM",
    "05/13/2020 9:05 pm",
    "05/13/2020 21:05",
    "2020-05-13T00:00:00.000",
    "2020-05-13T00:00:00Z",
    "2020-05-13 00:00:00+00:00",
    " 2020-05-13 ",
]
NO_DAYS = ["", "13/45/2020", "05/13/2020 x", "2020-05-13 25:00", "05132020", "12:00:00 AM"]

BOXES = [
    "PO Box 12",
    "P.O. Box 12",
    "P.O.BOX12",
    "p o box 12",
    "POB 12",
    "Post Office Box 12",
    "PO Drawer 12",
    "Box 12",
    "c/o Joe, PO Box 12",
    "PO Box 12, Springfield, IL 62701",
]
NO_BOXES = [
    "12 Elm St, PO Box 4",
    "PO Box 4, 12 Elm St",
    "12 Box St",
    "12 Elm St",
    "Pobst Rd",
    "Box Elder 12",
    "",
]


@pytest.mark.parametrize(("cell", "legal", "trade"), NAMES)
def test_two_names_in_a_cell_are_told_apart(cell, legal, trade):
    assert cells.names_of(cell) == (legal, trade)


@pytest.mark.parametrize(("cell", "city", "state", "code"), CITIES)
def test_the_last_line_of_an_address_is_taken_apart(cell, city, state, code):
    assert cells.city_line(cell) == (city, state, code)


@pytest.mark.parametrize(("cell", "street", "city", "state", "code"), ADDRESSES)
def test_a_whole_address_is_taken_apart(cell, street, city, state, code):
    assert cells.address(cell) == (street, city, state, code)


@pytest.mark.parametrize(("cell", "point"), POSITIONS)
def test_a_position_is_read_however_it_is_written(cell, point):
    assert cells.position(cell) == point


@pytest.mark.parametrize(("cell", "number"), PHONES)
def test_the_first_sound_number_of_a_cell_is_taken(cell, number):
    assert cells.first_phone(cell) == number


@pytest.mark.parametrize(("cell", "state", "code"), ZIPS)
def test_a_zip_code_gets_back_what_a_spreadsheet_took(cell, state, code):
    assert cells.zip_of(cell, state) == code


@pytest.mark.parametrize(("cell", "code"), INDUSTRIES)
def test_a_code_of_an_industry_is_one_that_the_registry_knows(cell, code):
    assert cells.naics_of(cell) == code


@pytest.mark.parametrize("cell", DAYS)
def test_a_day_may_have_a_time_behind_it(cell):
    assert cells.day(cell, FORMATS) == date(2020, 5, 13)


@pytest.mark.parametrize("cell", NO_DAYS)
def test_what_is_no_day_gives_none(cell):
    assert cells.day(cell, FORMATS) is None


def test_a_day_is_read_in_the_first_way_that_fits():
    assert cells.day("05/06/2020 1:00", ["%d/%m/%Y", "%m/%d/%Y"]) == date(2020, 6, 5)


@pytest.mark.parametrize("street", BOXES)
def test_a_post_office_box_is_no_place(street):
    assert cells.is_po_box(street)


@pytest.mark.parametrize("street", NO_BOXES)
def test_a_street_is_no_box_even_with_one_beside_it(street):
    assert not cells.is_po_box(street)


ODD = st.text() | st.text(alphabet="0123456789 ,.-/()[]:ENSWIL{}\"'°\n#&xTDBA½\u0660\ud800", max_size=40)


@settings(deadline=None)  # the first one reads files
@given(ODD)
def test_no_cell_is_so_odd_that_reading_it_fails(cell):
    assert len(cells.names_of(cell)) == 2
    assert len(cells.city_line(cell)) == 3
    assert len(cells.address(cell)) == 4
    assert cells.position(cell) is None or len(cells.position(cell)) == 2
    assert isinstance(cells.first_phone(cell), str)
    assert isinstance(cells.zip_of(cell, cell), str)
    assert cells.naics_of(cell) == "" or cells.naics_of(cell) in cells._codes()
    assert cells.day(cell, FORMATS) is None or cells.day(cell, FORMATS).year
    assert cells.is_po_box(cell) in (True, False)


@settings(deadline=None)  # the first one reads files
@given(ODD)
def test_a_street_that_was_taken_out_of_a_cell_is_as_typed(cell):
    street = re.sub(r"\W", "", cells.address(cell).street)
    assert street in re.sub(r"\W", "", cells.tidy(cell))


@pytest.mark.parametrize(
    "cell",
    ["(-87.65, 41.95)", "POINT (41.95 -87.65)", "-87.65, 41.95", "(-120.5, 41.9)", "lat: -87.65, lon: 41.95"],
)
def test_a_pair_of_the_united_states_in_the_wrong_order_is_turned(cell):
    north, east = cells.position(cell)
    assert 41 < north < 42
    assert -121 < east < -87


@given(st.floats(-89, 89), st.floats(-179, 179))
def test_every_way_to_write_a_point_is_the_same_point(north, east):
    north, east = round(north, 6) + 0.0, round(east, 6) + 0.0
    assume(not (north <= -60 and 13 <= east <= 72))  # read as a place in the United States, turned
    point = (north, east) if (north, east) != (0, 0) else None
    assert cells.position(f"POINT ({east:.6f} {north:.6f})") == point
    assert cells.position(f"({north:.6f}, {east:.6f})") == point
    assert cells.position(f'{{"type":"Point","coordinates":[{east:.6f},{north:.6f}]}}') == point
    assert cells.position(f"lat: {north:.6f}, lon: {east:.6f}") == point
