"""Two places are one where their keys are one: for every way to write name and address, and for no other."""

import csv
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.businesses import places
from partnerships.businesses.places import address_key, name_key, place_key

EXTRACT = Path(places.__file__).parent / "data" / "chicago_licenses_extract.csv"

SAME_ADDRESS = [
    ("12 W Elm St", "12 West Elm Street"),
    ("12 W Elm St", "12 W. ELM ST."),
    ("12 W Elm St", "  12  w  elm  st  "),
    ("12 W Elm St", "00012 W Elm Str"),
    ("12 W Elm St", "12 W Elm St, Springfield, IL 62701"),
    ("12 W Elm St", "12 W Elm St Springfield IL 62701"),
    ("12 W Elm St", "12 W Elm St, 62701"),
    ("12 W Elm St", "12 W Elm St\nSpringfield"),
    ("12 W Elm St", "Elm Hall, 12 W Elm St"),
    ("233 S Wacker Dr", "Willis Tower 233 South Wacker Drive"),
    ("233 S Wacker Dr", "233 S Wacker Dr, Willis Tower"),
    ("12 Elm Ave", "12 Elm Avenue"),
    ("12 Elm Ave", "12 Elm Av."),
    ("12 Elm Blvd", "12 Elm Boulevard"),
    ("12 Elm Pkwy", "12 Elm Parkway"),
    ("12 Elm Ct", "12 Elm Court"),
    ("12 Elm Ln", "12 Elm Lane"),
    ("12 Elm Ter", "12 Elm Terrace"),
    ("12 Elm Plz", "12 Elm Plaza"),
    ("12 Old Court Rd", "12 Old Ct Road"),
    ("12 Elm Street Ct", "12 Elm St. Court"),
    ("12 Park Place", "12 Park Pl"),
    ("12 St Clair Ave", "12 Saint Clair Avenue"),
    ("12 Mt Vernon Rd", "12 Mount Vernon Road"),
    ("12 Ft Hill Dr", "12 Fort Hill Drive"),
    ("12 Martin Luther King Jr Dr", "12 Dr. Martin Luther King, Jr. Drive"),
    ("12 Martin Luther King Dr", "12 MLK Drive"),
    ("12 1st Ave", "12 First Avenue"),
    ("12 42nd St", "12 Forty-Second Street"),
    ("12 W 42nd St", "12 West 42 St"),
    ("12 NW 42nd St", "12 N.W. 42nd Street"),
    ("12 NW 42nd St", "12 Northwest 42nd St"),
    ("12 Elm St NE", "12 Elm Street North East"),
    ("12 W A St", "12 W. A Street"),
    ("12 E 5th St", "12 E. 5 St."),
    ("12 W Elm St", "12 W Elm St Unit"),
    ("12 W North Ave", "12 West North Avenue"),
    ("12 US Highway 41", "12 U.S. Hwy 41"),
    ("12 US Highway 41", "12 US-41"),
    ("12 State Route 9", "12 State Rte. 9"),
    ("12 County Road B", "12 Co Rd B"),
    ("12 Interstate 35 N", "12 I-35 North"),
    ("12 Avenue A", "12 Ave. A"),
    ("1200 S 300 E", "1200 South 300 East"),
    ("1 Main St", "One Main Street"),
    ("12 1/2 Elm St", "12½ Elm Street"),
    ("12A Elm St", "12-A Elm St"),
    ("3952-3954 N Elm St", "3952 - 3954 North Elm St"),
    ("3952-3954 N Elm St", "3952 & 3954 N Elm St"),
    ("12 Canada Rd", "12 Cañada Road"),
    ("12 Elm St Unit 4", "12 Elm St Suite 4"),
    ("12 Elm St Unit 4", "12 Elm Street, Ste. 4"),
    ("12 Elm St Unit 4", "12 Elm St Apt 4"),
    ("12 Elm St Unit 4", "12 Elm St #4"),
    ("12 Elm St Unit 4", "12 Elm St # 4"),
    ("12 Elm St Unit 4", "12 Elm St Rm 04"),
    ("12 Elm St Unit 4", "12 Elm St No. 4"),
    ("12 Elm St Unit 4", "12 Elm St Unit No. 4"),
    ("12 Elm St Unit 4", "12 Elm St 4"),
    ("12 Elm St Unit 4", "12 Elm St\nUnit 4\nSpringfield"),
    ("12 Elm St Unit 4", "Suite 4, 12 Elm St"),
    ("12 Elm St Unit 4", "Unit 4 12 Elm St"),
    ("12 Elm St Unit 4", "12 Elm St, Elm Hall, Suite 4"),
    ("12 Elm St", "12 Elm St, Springfield, 1234"),
    ("12 Elm St STE100", "12 Elm St Suite 100"),
    ("12 Elm St Unit 100-A", "12 Elm St Unit 100 A"),
    ("12 Elm St Unit 100A", "12 Elm St, 100-A"),
    ("12 Elm St Units 1-2", "12 Elm St 1 & 2"),
    ("12 Elm St 2nd Floor", "12 Elm St Fl 2"),
    ("12 Elm St 2nd Floor", "12 Elm St Second Floor"),
    ("12 Elm St 2nd Floor", "12 Elm St FL2"),
    ("12 Elm St 2nd Floor", "12 Elm St 2ND"),
    ("12 Elm St 2nd Floor Ste 210", "12 Elm St Suite 210, Floor 2"),
    ("12 Elm St Basement", "12 Elm St, Bsmt"),
    ("12 Elm St Lower Level", "12 Elm St LL"),
    ("12 Elm St Bldg C", "12 Elm St, Building C"),
    ("505 N Lake Shore Dr South Bldg", "505 N Lake Shore Dr, South Building"),
    ("12 Broadway 4", "12 Broadway, Unit 4"),
    ("12 Camino Real 4", "12 Camino Real Ste 4"),
]

OTHER_ADDRESS = [
    ("12 Elm St", "14 Elm St"),
    ("12 Elm St", "112 Elm St"),
    ("12 Elm St", "12A Elm St"),
    ("12 Elm St", "12 1/2 Elm St"),
    ("12A Elm St", "12B Elm St"),
    ("12-14 Elm St", "12-16 Elm St"),
    ("12 N Elm St", "12 S Elm St"),
    ("12 E Elm St", "12 W Elm St"),
    ("12 NE Elm St", "12 NW Elm St"),
    ("12 N Elm St", "12 Elm St"),
    ("12 N Elm St", "12 Elm St N"),
    ("12 Elm St NE", "12 Elm St NW"),
    ("12 Elm St", "12 Elm Ave"),
    ("12 Elm St", "12 Elm Ct"),
    ("12 Elm St", "12 Elm Pl"),
    ("12 Elm Dr", "12 Elm Rd"),
    ("12 Elm Ln", "12 Elm Loop"),
    ("12 Elm Way", "12 Elm Walk"),
    ("12 Elm St", "12 Oak St"),
    ("12 Elm St", "12 Elmwood St"),
    ("12 Park Ave", "12 Parks Ave"),
    ("12 Spring St", "12 Springs St"),
    ("12 Forest Trail", "12 Forest Trails"),
    ("12 1st St", "12 21st St"),
    ("12 1st St", "12 1st Ave"),
    ("12 2nd St", "12 3rd St"),
    ("12 N West St", "12 NW West St"),
    ("12 St Clair Ave", "12 Clair Ave"),
    ("12 Avenue A", "12 Avenue B"),
    ("12 Avenue A", "12 A St"),
    ("12 Highway 41", "12 Highway 42"),
    ("12 US Highway 41", "12 State Highway 41"),
    ("12 State Route 9", "12 County Road 9"),
    ("12 County Road B", "12 County Road C"),
    ("12 Highway 41 N", "12 Highway 41 S"),
    ("1200 S 300 E", "1200 S 300 W"),
    ("1200 S 300 E", "1200 N 300 E"),
    ("12 Old Court Rd", "12 Court Rd"),
    ("12 Elm St Unit 4", "12 Elm St"),
    ("12 Elm St Unit 4", "12 Elm St Unit 5"),
    ("12 Elm St Unit 4", "12 Elm St Unit 14"),
    ("12 Elm St Unit 4", "12 Elm St Unit 4A"),
    ("12 Elm St Unit 4A", "12 Elm St Unit 4B"),
    ("12 Elm St Unit 46", "12 Elm St Unit 4-6"),
    ("12 Elm St Suite 100", "12 Elm St Suite 1000"),
    ("12 Elm St Unit A", "12 Elm St Unit B"),
    ("12 Elm St 4", "12 Elm St 5"),
    ("12 Elm St Unit 2", "12 Elm St Floor 2"),
    ("12 Elm St Floor 2", "12 Elm St Floor 3"),
    ("12 Elm St 1st", "12 Elm St 2nd"),
    ("12 Elm St Fl 2 Ste 210", "12 Elm St Fl 2 Ste 220"),
    ("12 Elm St Fl 2 Ste 1", "12 Elm St Fl 3 Ste 1"),
    ("12 Elm St Bldg A", "12 Elm St Bldg B"),
    ("12 Elm St Bldg A Unit 4", "12 Elm St Bldg B Unit 4"),
    ("12 Elm St Bldg A", "12 Elm St Unit A"),
    ("12 Elm St North Tower", "12 Elm St South Tower"),
    ("12 Elm St Basement", "12 Elm St Rear"),
    ("12 Elm St Front", "12 Elm St Rear"),
    ("12 Elm St Gate B4", "12 Elm St Gate B6"),
    ("12 Elm St Kiosk 4", "12 Elm St Booth 4"),
    ("12 Broadway 4", "12 Broadway 5"),
    ("12 Broadway", "12 Broadway 4"),
    ("12 Front St", "12 Rear St"),
    ("12 Łódź St", "12 Lodi St"),
    ("12 東京 St", "12 大阪 St"),
]

NO_PLACE = [
    "", " ", "Elm St", "Elm St & Oak Ave", "12th & Oak", "12th St and Oak Ave", "PO Box 12", "P.O. Box 12",
    "12", "#", "½", "N/A", "RR 2 Box 5", "Springfield, IL 62701", "62701", "Seven Mile Rd", "Unit 4",
    "Highway 41", "---",
]  # fmt: skip

SAME_NAME = [
    ("Joe's Tacos", "JOES TACOS"),
    ("Joe's Tacos", "Joe’s Tacos"),
    ("Joe's Tacos", "JOE S TACOS"),
    ("Joe's Tacos", "Joe`s  Tacos "),
    ("Joe's Tacos", "The Joe's Tacos"),
    ("Joe's Tacos", "Joe's Tacos, The"),
    ("Joe's Tacos", "Joe's Tacos Inc"),
    ("Joe's Tacos", "Joe's Tacos, Inc."),
    ("Joe's Tacos", "Joe's Tacos LLC"),
    ("Joe's Tacos", "Joe's Tacos, L.L.C."),
    ("Joe's Tacos", "Joe's Tacos L L C"),
    ("Joe's Tacos", "Joe's Tacos Corp."),
    ("Joe's Tacos", "Joe's Tacos Corporation"),
    ("Joe's Tacos", "Joe's Tacos Co., Inc."),
    ("Joe's Tacos", "Joe's Tacos & Co."),
    ("Joe's Tacos", "Joe's Tacos and Company, Limited"),
    ("Joe's Tacos", "Joe's Tacos Ltd"),
    ("Joe's Tacos", "Joe's Tacos L.P."),
    ("Joe's Tacos", "Joe's Tacos, LLP"),
    ("Joe's Tacos", "Joe's Tacos Limited Liability Company"),
    ("Elm Dental", "Elm Dental, P.C."),
    ("Elm Dental", "Elm Dental PLLC"),
    ("Elm Dental", "Elm Dental, P.A."),
    ("Café Olé", "CAFE OLE"),
    ("Café Olé", "Cafe\u0301 Ole\u0301"),
    ("Straße", "STRASSE"),
    ("Łódź Deli", "Lodz Deli"),
    ("Ελλάς", "ΕΛΛΑΣ"),
    ("Salt & Pepper", "Salt and Pepper"),
    ("Salt & Pepper", "Salt &amp; Pepper"),
    ("Salt & Pepper", "Salt Pepper"),
    ("Rock 'n' Roll", "Rock and Roll"),
    ("Rock & Roll", "Rock n Roll"),
    ("7-Eleven", "7 Eleven"),
    ("Wal-Mart", "Walmart"),
    ("Store #12", "Store 12"),
    ("Store No. 12", "Store 12"),
    ("Store Number 12", "Store 012"),
    ("Store, Inc. #12", "Store #12"),
    ("J.J. Foods", "JJ Foods"),
    ("J.J. Foods", "J. J. Foods"),
    ("Joe's Tacos", "Joe's Tacos, L. L. C."),
    ("A+ Auto", "A Auto"),
    ("Joe's (Downtown)", "Joes Downtown"),
]

OTHER_NAME = [
    ("Store 10", "Store 12"),
    ("Store #1", "Store #11"),
    ("Store 1 12", "Store 11 2"),
    ("Store", "Store 12"),
    ("Store No. 12", "Store No. 13"),
    ("Joe's Pizza", "Joe's Pizza II"),
    ("Joe's Pizza II", "Joe's Pizza III"),
    ("Joe's Pizza", "Joe's Pizza Too"),
    ("Joe's Pizza", "Moe's Pizza"),
    ("Joe's Pizza", "Joe's Pizzeria"),
    ("Joe's Pizza", "Joe's"),
    ("Joe's Pizza North", "Joe's Pizza South"),
    ("Elm Dental", "Elm Dental Lab"),
    ("Elm Company Store", "Elm Store"),
    ("Inc.", "LLC"),
    ("The Corp", "The Company"),
    ("Theory", "Ory"),
    ("Andy's", "Y's"),
    ("Pan", "Pan N"),
    ("No Name", "Name"),
    ("東京", "大阪"),
    ("東京 12", "東京 13"),
    ("बाल", "बिल"),
    ("カ", "ガ"),
    ("C++", "C#1"),
    ("24 7", "247"),
]

NO_NAME = ["", " ", "&", "#", "---", "…", "& #"]
NEVER_EMPTY = [
    "The", "and", "AND", "The Inc.", "LLC", "L.L.C.", "& Co.", "No. 1", "0", "000", "The and", "n", "№ 5",
    "²", "Ж", "٣",
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME_ADDRESS)
def test_an_address_is_the_same_however_it_is_written(one, other):
    assert address_key(one) == address_key(other) != ""


@pytest.mark.parametrize(("one", "other"), OTHER_ADDRESS)
def test_another_address_is_another_place(one, other):
    assert "" != address_key(one) != address_key(other) != ""


@pytest.mark.parametrize("street", NO_PLACE)
def test_without_a_house_number_an_address_tells_no_place(street):
    assert address_key(street) == ""


@pytest.mark.parametrize(("one", "other"), SAME_NAME)
def test_a_name_is_the_same_however_it_is_written(one, other):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(("one", "other"), OTHER_NAME)
def test_another_name_is_another_business(one, other):
    assert "" != name_key(one) != name_key(other) != ""


@pytest.mark.parametrize("name", NO_NAME)
def test_signs_alone_are_no_name(name):
    assert name_key(name) == ""


@pytest.mark.parametrize("name", NEVER_EMPTY)
def test_a_name_with_a_letter_or_digit_has_a_key(name):
    assert name_key(name) != ""


@pytest.mark.parametrize("at", ["Unit 4", "#4", "4", "Suite 4", "No. 4", " ste. 4 "])
def test_a_unit_may_stand_in_a_cell_of_its_own(at):
    assert address_key("12 Elm St", at) == address_key("12 Elm St Unit 4")
    assert address_key("12 Elm St Unit 4", at) == address_key("12 Elm St Unit 4")


@pytest.mark.parametrize("nothing", ["", " ", "N/A", "none", "-", "NA"])
def test_a_unit_that_is_not_told_is_none(nothing):
    assert address_key("12 Elm St", nothing) == address_key("12 Elm St")


def test_keys_can_be_read():
    assert address_key("12 W. Elm Street, Suite 4, 2nd Floor") == "12 w elm st #4 fl2"
    assert name_key("The Joe's Tacos & Co., L.L.C. #012") == "joestacos12"
    assert name_key("Route 66 24/7") == "route66 24 7"


class TestPlaces:
    HERE = ("Joe's Tacos", "12 W Elm St", "4", "Springfield", "46000")

    @pytest.mark.parametrize(
        "other",
        [
            ("JOES TACOS, LLC", "12 West Elm Street Ste 4", "", "SPRINGFIELD", "46000-1234"),
            ("Joe's Tacos", "12 W Elm St", "#4", "", " 46000"),
            ("Joe's Tacos", "12 W Elm St #4, Springfield, IN", "Unit 4", "Elsewhere", "460001234"),
        ],
    )
    def test_one_place_has_one_key(self, other):
        assert place_key(*self.HERE) == place_key(*other) != ""

    @pytest.mark.parametrize(
        "other",
        [
            ("Moe's Tacos", "12 W Elm St", "4", "Springfield", "46000"),
            ("Joe's Tacos", "12 E Elm St", "4", "Springfield", "46000"),
            ("Joe's Tacos", "12 W Elm St", "5", "Springfield", "46000"),
            ("Joe's Tacos", "12 W Elm St", "", "Springfield", "46000"),
            ("Joe's Tacos", "12 W Elm St", "4", "Springfield", "46001"),
            ("Joe's Tacos", "12 W Elm St", "4", "Springfield", ""),
        ],
    )
    def test_another_place_has_another_key(self, other):
        assert "" != place_key(*self.HERE) != place_key(*other) != ""

    def test_without_a_zip_code_the_city_tells(self):
        one = place_key("Joe's", "12 Elm St", "", "St. Louis", "")
        assert one == place_key("Joes", "12 Elm Street", "", "SAINT LOUIS", "n/a")
        assert one != place_key("Joe's", "12 Elm St", "", "East St. Louis", "")
        assert place_key("Joe's", "12 Elm St", "", "DeKalb", "") == place_key(
            "Joe's", "12 Elm St", "", "De Kalb", ""
        )

    def test_it_is_32_hexadecimal_digits_and_stays(self):
        assert place_key(*self.HERE) == "39f706ece5684f61ab56294966e09ed4"

    @pytest.mark.parametrize(
        ("name", "street"), [("", "12 Elm St"), ("&", "12 Elm St"), ("Joe's", "Elm St"), ("Joe's", "")]
    )
    def test_what_tells_no_place_has_none(self, name, street):
        assert place_key(name, street, "", "Springfield", "46000") == ""


def extract(*columns):
    with EXTRACT.open(encoding="utf-8", newline="") as file:
        return sorted({tuple(row[each] for each in columns) for row in csv.DictReader(file)})


class TestTheExtract:
    def test_every_street_of_a_city_has_a_key_that_is_its_own_key(self):
        streets = [street for (street,) in extract("ADDRESS")]
        keys = [address_key(street) for street in streets]
        assert [street for street, key in zip(streets, keys, strict=True) if not key] == []
        assert [key for key in keys if address_key(key) != key] == []

    def test_addresses_that_differ_by_more_than_blanks_differ(self):
        streets = {" ".join(street.split()) for (street,) in extract("ADDRESS")}
        assert len({address_key(street) for street in streets}) == len(streets) > 400

    def test_names_of_companies_differ(self):
        names = {name for (name,) in extract("LEGAL NAME")}
        assert len({name_key(name) for name in names}) == len(names) > 300


NUMBER = st.integers(1, 30_000).map(str) | st.sampled_from(["12A", "12 1/2", "12-16", "N6W2300"])
DIRECTION = st.sampled_from(["", "N", "S.", "East", "West", "NW", "n.e."])
NAME = st.sampled_from(
    [
        "Elm",
        "Saint Clair",
        "O'Hare",
        "La Salle",
        "42nd",
        "Forty-Second",
        "Lake Shore",
        "Café",
        "Old Court",
        "A",
        "Park",
    ]
)
SUFFIX = st.sampled_from(["St", "Street", "Ave.", "Boulevard", "Ct", "Pkwy", "Trail", "", "Hwy 41"])
UNIT = st.sampled_from(
    [
        "",
        "4",
        "#4-B",
        "Suite 100 A",
        "2nd Floor",
        "Fl 2 Ste 210",
        "Bldg C",
        "Rear",
        "LL-1",
        "1 & 2",
        "Gate B4",
        "PH",
    ]
)
CITY = st.sampled_from(["", ", Springfield", ", Gary, IN 46402", "\nGary IN"])


@given(NUMBER, DIRECTION, NAME, SUFFIX, DIRECTION, UNIT, CITY)
def test_an_address_key_is_its_own_key_whatever_the_case(number, before, name, suffix, behind, unit, city):
    street = " ".join(each for each in (number, before, name, suffix, behind, unit) if each) + city
    key = address_key(street)
    assert key
    assert address_key(key) == key
    assert address_key(street.upper()) == address_key(street.lower()) == key
    assert address_key(unicodedata.normalize("NFD", street)) == key


@given(st.text())
def test_an_address_however_odd_has_a_tidy_key_or_none(text):
    for key in (address_key(text, text), address_key(f"12 {text}", text), address_key("12 Elm St", text)):
        assert key == " ".join(key.split()) == key.lower()
    assert address_key("12 Elm St", text).startswith("12 elm st")


@given(st.text() | st.text(alphabet="theandTHE ANDnoNO.#&'’012 ßİıςΣłé№incLLC", max_size=30))
def test_a_name_key_is_its_own_key_whatever_the_case(name):
    key = name_key(name)
    assert name_key(key) == key
    assert name_key(name.upper()) == name_key(name.lower()) == name_key(name.swapcase()) == key
    if re.search(r"[^\W_]", name):
        assert key


@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_a_place_key_is_nothing_or_32_digits(name, street, unit, city, code):
    assert re.fullmatch("([0-9a-f]{32})?", place_key(name, street, unit, city, code))
    assert place_key(f"Joe {name}", f"12 Elm St {street}", unit, city, code)


def test_a_street_is_worked_out_once():
    places.streets.parted.cache_clear()
    for number in range(10, 1000):
        address_key(f"{number} W Elm St Unit {number % 10}")
    assert places.streets.parted.cache_info().misses == 10
