"""License files as cities write them: heads as real ones have them, rows made up; no real business."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

FIRST = [
    "Harbor",
    "Maple",
    "Union",
    "Lakeside",
    "Golden",
    "Summit",
    "Prairie",
    "Red Door",
    "Blue Heron",
    "Old Mill",
]
SECOND = [
    "Bakery",
    "Auto Repair",
    "Grill",
    "Hardware",
    "Salon",
    "Market",
    "Florist",
    "Dental",
    "Cleaners",
    "Books",
]
ENDS = ["LLC", "Inc", "Corp", "Co", "LLP"]
STREETS = ["Main", "Oak", "Washington", "5th", "Martin Luther King Jr", "Lincoln", "River", "Second"]
WAYS = ["St", "Ave", "Blvd", "Rd", "Dr"]
KINDS = ["Retail Food", "Tavern", "General Business", "Home Occupation", "Motor Vehicle Repair"]
SECTORS = {
    "722511": "Full-Service Restaurants",
    "811111": "General Automotive Repair",
    "445110": "Supermarkets and Grocery Stores",
    "812112": "Beauty Salons",
    "459310": "Florists",
}
TODAY = date(2026, 5, 13)


@dataclass(frozen=True)
class Place:
    """What one row is made of."""

    n: int
    legal: str
    dba: str
    house: int
    way: str
    street: str
    kind: str
    unit: str
    zip: str
    lat: float
    lon: float
    phone: str
    naics: str
    sector: str
    license: str
    issued: date
    until: date
    other_street: str

    @property
    def address(self) -> str:
        return " ".join(filter(None, [str(self.house), self.way, self.street, self.kind]))

    @property
    def closed(self) -> date | None:
        """Every ninth place is closed."""
        return self.until + timedelta(days=20) if self.n % 9 == 4 else None


def places(
    count: int = 120, seed: int = 7, lat: float = 41.8, lon: float = -87.6, zips: str = "606"
) -> list[Place]:
    """Invented places, the same ones for the same seed."""
    random = Random(seed)
    found = []
    for n in range(count):
        name = f"{random.choice(FIRST)} {random.choice(SECOND)}"
        naics = random.choice(list(SECTORS))
        issued = TODAY - timedelta(days=random.randrange(30, 3000))
        found.append(
            Place(
                n=n,
                legal=f"{name} {n + 1} {random.choice(ENDS)}",
                dba=f"{random.choice(['The ', ''])}{name} {random.choice(['East', 'West', 'Downtown'])}",
                house=random.randrange(1, 9900),
                way=random.choice("NSEW"),
                street=random.choice(STREETS),
                kind=random.choice(WAYS),
                unit=random.choice(["", "", "Ste 200", "#3", "Unit B"]),
                zip=f"{zips}{random.randrange(1, 99):02d}",
                lat=round(lat + random.uniform(-0.1, 0.1), 6),
                lon=round(lon + random.uniform(-0.1, 0.1), 6),
                phone=f"({random.randrange(201, 989)}) 555-{random.randrange(100, 199):04d}",
                naics=naics,
                sector=SECTORS[naics],
                license=random.choice(KINDS),
                issued=issued,
                until=TODAY + timedelta(days=random.randrange(-200, 600)),
                other_street=f"PO Box {random.randrange(10, 9999)}",
            )
        )
    return found


def us(day: date | None) -> str:
    return day.strftime("%m/%d/%Y") if day else ""


def chicago(p: Place) -> dict[str, str]:
    return {
        "ID": f"{2000000 + p.n}-{p.issued:%Y%m%d}",
        "LICENSE ID": str(2000000 + p.n),
        "ACCOUNT NUMBER": str(300 + p.n // 2),
        "SITE NUMBER": str(1 + p.n % 2),
        "LEGAL NAME": p.legal.upper(),
        "DOING BUSINESS AS NAME": p.dba.upper(),
        "ADDRESS": p.address.upper() if p.n % 10 else "[REDACTED FOR PRIVACY]",
        "CITY": "CHICAGO",
        "STATE": "IL",
        "ZIP CODE": p.zip,
        "WARD": str(p.n % 50 + 1),
        "PRECINCT": str(p.n % 40 + 1),
        "WARD PRECINCT": f"{p.n % 50 + 1}-{p.n % 40 + 1}",
        "POLICE DISTRICT": str(p.n % 25 + 1),
        "COMMUNITY AREA": str(p.n % 77 + 1),
        "COMMUNITY AREA NAME": "LAKE VIEW",
        "NEIGHBORHOOD": "Lake View",
        "LICENSE CODE": "1006",
        "LICENSE DESCRIPTION": p.license,
        "BUSINESS ACTIVITY ID": "775 | 904",
        "BUSINESS ACTIVITY": f"{p.sector} - Sale of goods on premises",
        "LICENSE NUMBER": str(40000 + p.n * 3),
        "APPLICATION TYPE": "RENEW",
        "APPLICATION CREATED DATE": us(p.issued - timedelta(days=40)),
        "APPLICATION REQUIREMENTS COMPLETE": us(p.issued - timedelta(days=20)),
        "PAYMENT DATE": us(p.issued - timedelta(days=10)),
        "CONDITIONAL APPROVAL": "N",
        "LICENSE TERM START DATE": us(p.issued + timedelta(days=2)),
        "LICENSE TERM EXPIRATION DATE": us(p.until),
        "LICENSE APPROVED FOR ISSUANCE": us(p.issued - timedelta(days=1)),
        "DATE ISSUED": us(p.issued),
        "LICENSE STATUS": ["AAI", "AAI", "AAC", "REV"][p.n % 4],
        "LICENSE STATUS CHANGE DATE": us(p.closed),
        "SSA": str(p.n % 60) if p.n % 3 else "",
        "LATITUDE": str(p.lat),
        "LONGITUDE": str(p.lon),
        "LOCATION": f"({p.lat}, {p.lon})",
    }


CHICAGO = {
    "account_number": "ACCOUNT NUMBER",
    "site_number": "SITE NUMBER",
    "license_number": "LICENSE NUMBER",
    "legal_name": "LEGAL NAME",
    "name": "DOING BUSINESS AS NAME",
    "street": "ADDRESS",
    "city": "CITY",
    "state": "STATE",
    "postal_code": "ZIP CODE",
    "latitude": "LATITUDE",
    "longitude": "LONGITUDE",
    "license_kind": "LICENSE DESCRIPTION",
    "activity": "BUSINESS ACTIVITY",
    "license_status": "LICENSE STATUS",
    "issued_on": "DATE ISSUED",
    "license_until": "LICENSE TERM EXPIRATION DATE",
}


def san_francisco(p: Place) -> dict[str, str]:
    return {
        "UniqueID": f"{1000 + p.n}-{p.n % 3:03d}-{p.issued:%m%d%Y}",
        "Business Account Number": f"{1000 + p.n // 2:07d}",
        "Location Id": f"{1000 + p.n // 2:07d}-{p.n % 3 + 1:02d}-001",
        "Ownership Name": p.legal,
        "DBA Name": p.dba,
        "Street Address": p.address,
        "City": "San Francisco",
        "State": "CA",
        "Source Zipcode": p.zip,
        "Business Start Date": us(p.issued - timedelta(days=400)),
        "Business End Date": us(p.closed),
        "Location Start Date": us(p.issued),
        "Location End Date": us(p.closed),
        "Administratively Closed": "",
        "Mail Address": p.other_street,
        "Mail City": "Oakland",
        "Mail Zipcode": "94607",
        "Mail State": "CA",
        "NAICS Code": ["7220-7229", "4400-4599", "8100-8139"][p.n % 3],
        "NAICS Code Description": ["Food Services", "Retail Trade", "Certain Services"][p.n % 3],
        "NAICS Code Descriptions List": "Food Services",
        "LIC Code": ["H24", "H25", ""][p.n % 3],
        "LIC Code Description": ["Retail Food Market", "Restaurant Over 1,000 Sqft", ""][p.n % 3],
        "Parking Tax": "false",
        "Transient Occupancy Tax": "false",
        "Business Location": f"POINT ({p.lon} {p.lat})",
        "Business Corridor": "",
        "Neighborhoods - Analysis Boundaries": "Mission",
        "Supervisor District": str(p.n % 11 + 1),
        "Community Benefit District": "",
        "data_as_of": us(TODAY),
    }


SAN_FRANCISCO = {
    "account_number": "Business Account Number",
    "site_number": "Location Id",
    "legal_name": "Ownership Name",
    "name": "DBA Name",
    "street": "Street Address",
    "city": "City",
    "state": "State",
    "postal_code": "Source Zipcode",
    "position": "Business Location",
    "license_kind": "LIC Code Description",
    "naics": "NAICS Code",
    "category": "NAICS Code Description",
    "issued_on": "Location Start Date",
    "closed_on": "Location End Date",
}


def los_angeles(p: Place) -> dict[str, str]:
    return {
        "LOCATION ACCOUNT #": f"{2000 + p.n:010d}-0001-{p.n % 9}",
        "BUSINESS NAME": p.legal.upper(),
        "DBA NAME": p.dba.upper() if p.n % 3 else "",
        "STREET ADDRESS": p.address.upper(),
        "CITY": "LOS ANGELES",
        "ZIP CODE": f"{p.zip}-{1000 + p.n}",
        "LOCATION DESCRIPTION": f"{p.house} {p.street.upper()} {p.zip}-{1000 + p.n}",
        "MAILING ADDRESS": f"{p.house + 2} {p.street.upper()} STREET" if p.n % 2 else p.other_street.upper(),
        "MAILING CITY": "PASADENA",
        "MAILING ZIP CODE": "91101-1234",
        "NAICS": p.naics,
        "PRIMARY NAICS DESCRIPTION": p.sector,
        "COUNCIL DISTRICT": str(p.n % 15 + 1),
        "LOCATION START DATE": us(p.issued),
        "LOCATION END DATE": "",
        "LOCATION": f"({p.lat}, {p.lon})" if p.n % 5 else "",
    }


LOS_ANGELES = {
    "site_number": "LOCATION ACCOUNT #",
    "legal_name": "BUSINESS NAME",
    "name": "DBA NAME",
    "street": "STREET ADDRESS",
    "city": "CITY",
    "postal_code": "ZIP CODE",
    "position": "LOCATION",
    "naics": "NAICS",
    "category": "PRIMARY NAICS DESCRIPTION",
    "issued_on": "LOCATION START DATE",
    "closed_on": "LOCATION END DATE",
}


def seattle(p: Place) -> dict[str, str]:
    return {
        "Business Legal Name": p.legal.upper(),
        "Trade Name": p.dba.upper(),
        "Ownership Type": ["LLC - Single Member", "Sole Proprietor", "Corporation"][p.n % 3],
        "NAICS Code": f"{p.naics}.0",
        "NAICS Description": p.sector,
        "License Start Date": p.issued.strftime("%Y%m%d"),
        "Street Address": p.address.upper(),
        "City, State and ZIP": f"SEATTLE, WA {p.zip}",
        "Business Phone": p.phone,
        "City Account Number": f"{700000 + p.n:012d}",
        "UBI": f"60{p.n:07d}",
    }


SEATTLE = {
    "account_number": "City Account Number",
    "legal_name": "Business Legal Name",
    "name": "Trade Name",
    "street": "Street Address",
    "city_line": "City, State and ZIP",
    "phone": "Business Phone",
    "naics": "NAICS Code",
    "category": "NAICS Description",
    "issued_on": "License Start Date",
}


def bloomington(p: Place) -> dict[str, str]:
    return {
        "permit_number": f"BL-{p.issued.year}-{p.n:04d}",
        "business_name": f"{p.legal} DBA {p.dba}" if p.n % 2 else p.legal,
        "business_address": p.address,
        "suite": p.unit,
        "business_city": "Bloomington",
        "business_state": "Indiana",
        "business_zip": p.zip,
        "contact_email": f"owner{p.n}@example.com",
        "contact_phone": p.phone,
        "business_phone_number": p.phone.replace("555", "556"),
        "owner_name": "N/A",
        "owner_address": p.other_street,
        "owner_city": "Ellettsville",
        "owner_state": "IN",
        "permit_type": p.license,
        "type_of_business": p.sector,
        "permit_status": ["Active", "Expired", "Pending Review", "Denied"][p.n % 4],
        "issue_date": f"{p.issued.isoformat()}T00:00:00.000",
        "expire_date": f"{date(p.issued.year, 12, 31).isoformat()}T00:00:00.000",
        "web_site": f"https://www.place{p.n}.example.com",
    }


BLOOMINGTON = {
    "license_number": "permit_number",
    "names": "business_name",
    "street": "business_address",
    "unit": "suite",
    "city": "business_city",
    "state": "business_state",
    "postal_code": "business_zip",
    "phone": "business_phone_number",
    "website": "web_site",
    "license_kind": "permit_type",
    "category": "type_of_business",
    "license_status": "permit_status",
    "issued_on": "issue_date",
    "license_until": "expire_date",
}


def springfield(p: Place) -> dict[str, str]:
    return {
        "Bus. Lic. #": str(10000 + p.n),
        "Name of Business": p.dba,
        "Corporate Name": p.legal,
        "ADDRESS NUMBER": str(p.house),
        "STREET DIRECTION": p.way,
        "STREET NAME": p.street.upper(),
        "STREET SUFFIX": p.kind.upper(),
        "UNIT": p.unit,
        "City": "Springfield",
        "St": "IL",
        "Zip": p.zip,
        "Billing Address": p.other_street,
        "License Class": p.license,
        "Eff. Date": us(p.issued),
        "Lic. Exp. Dt": us(p.until),
        "Status": ["Current", "Delinquent", "Out of Business"][p.n % 3],
        "Out of Business Date": us(p.closed),
        "X": str(1150000.25 + p.n),
        "Y": str(1890000.5 + p.n),
        "Fee Paid": "55.00",
    }


SPRINGFIELD = {
    "license_number": "Bus. Lic. #",
    "legal_name": "Corporate Name",
    "name": "Name of Business",
    "street": "ADDRESS NUMBER + STREET DIRECTION + STREET NAME + STREET SUFFIX",
    "unit": "UNIT",
    "city": "City",
    "state": "St",
    "postal_code": "Zip",
    "license_kind": "License Class",
    "license_status": "Status",
    "issued_on": "Eff. Date",
    "license_until": "Lic. Exp. Dt",
    "closed_on": "Out of Business Date",
}


def county(p: Place) -> dict[str, str]:
    """As a geographic information system exports it."""
    return {
        "OBJECTID": str(p.n + 1),
        "LicenseNo": f"L{5000 + p.n}",
        "AccountName": p.legal,
        "TradeName": p.dba,
        "FullAddress": f"{p.address}, Greenville, South Carolina {p.zip}",
        "MailingAddress": f"{p.other_street}, Columbia, South Carolina 29201",
        "DayPhone": p.phone,
        "BusinessType": f"{p.naics} - {p.sector}",
        "LicenseStatus": ["ISSUED", "INACTIVE", "APPLICATION"][p.n % 3],
        "IssueDate": p.issued.strftime("%Y/%m/%d 00:00:00+00"),
        "ExpirationDate": p.until.strftime("%Y/%m/%d 00:00:00+00"),
        "CouncilDistrict": str(p.n % 9),
        "MagisterialDistrictName": "North",
        "Longitude": str(p.lat),
        "Latitude": str(p.lon),
        "created_date": us(TODAY),
        "GlobalID": f"{{{p.n:08d}-AAAA}}",
    }


COUNTY = {
    "license_number": "LicenseNo",
    "legal_name": "AccountName",
    "name": "TradeName",
    "address": "FullAddress",
    "latitude": "Longitude",  # they took the one for the other
    "longitude": "Latitude",
    "phone": "DayPhone",
    "naics": "BusinessType",
    "license_status": "LicenseStatus",
    "issued_on": "IssueDate",
    "license_until": "ExpirationDate",
}


def by_hand(p: Place) -> dict[str, str]:
    """A spreadsheet that a clerk keeps."""
    return {
        "Business": p.dba,
        "Owner": f"Pat Owner {p.n}" if p.n % 4 else "NONE",
        "Where": p.address + (f" {p.unit}" if p.unit else ""),
        "Town": "Fairview",
        "Tel.": p.phone.replace("(", "").replace(") ", "-"),
        "BL number": str(100 + p.n),
        "Date Opened": f"{p.issued.month}/{p.issued.day}/{p.issued:%y}",
        "Renewal Due": f"{p.until.month}/{p.until.day}/{p.until:%y}",
        "What they do": p.sector,
        "Active?": "N" if p.closed else "Y",
        "Hours": "9-5",
        "Notes": "",
    }


BY_HAND = {
    "license_number": "BL number",
    "legal_name": "Owner",
    "name": "Business",
    "street": "Where",
    "city": "Town",
    "phone": "Tel.",
    "activity": "What they do",
    "license_status": "Active?",
    "issued_on": "Date Opened",
    "license_until": "Renewal Due",
}


def new_york(p: Place) -> dict[str, str]:
    return {
        "license_nbr": f"{1000000 + p.n}-DCA",
        "license_type": ["Business", "Individual"][p.n % 2],
        "lic_expir_dd": p.until.isoformat(),
        "license_status": ["Active", "Inactive"][p.n % 2],
        "license_creation_date": p.issued.isoformat(),
        "industry": p.license,
        "business_name": p.legal,
        "business_name_2": p.dba,
        "address_building": str(p.house),
        "address_street_name": f"{p.street} {p.kind}",
        "secondary_address_street_name": "",
        "address_city": "BROOKLYN",
        "address_state": "NY",
        "address_zip": p.zip,
        "contact_phone": p.phone.replace("(", "").replace(") ", "").replace("-", ""),
        "address_borough": "Brooklyn",
        "borough_code": "3",
        "community_board": "301",
        "council_district": "33",
        "bin": str(3000000 + p.n),
        "bbl": str(3001230000 + p.n),
        "nta": "BK09",
        "census_tract": "1",
        "latitude": str(p.lat),
        "longitude": str(p.lon),
        "location_1": f"{p.house} {p.street} {p.kind}\nBrooklyn, NY\n({p.lat}, {p.lon})",
    }


NEW_YORK = {
    "license_number": "license_nbr",
    "name": "business_name",
    "street": "address_building + address_street_name",
    "city": "address_city",
    "state": "address_state",
    "postal_code": "address_zip",
    "latitude": "latitude",
    "longitude": "longitude",
    "phone": "contact_phone",
    "license_kind": "license_type",
    "category": "industry",
    "license_status": "license_status",
    "issued_on": "license_creation_date",
    "license_until": "lic_expir_dd",
}


def belleville(p: Place) -> dict[str, str]:
    """The address stands above the position, and nowhere else as well."""
    return {
        "cust_no": str(4000 + p.n),
        "name": p.dba.upper(),
        "business_addr": p.address.upper(),
        "lic_code": "GEN",
        "lic_descr": p.license.upper(),
        "location_1": f"{p.address.upper()}\nBELLEVILLE, IL {p.zip}\n({p.lat}, {p.lon})",
    }


BELLEVILLE = {
    "account_number": "cust_no",
    "name": "name",
    "street": "business_addr",
    "position": "location_1",
    "license_kind": "lic_descr",
}


def boston(p: Place) -> dict[str, str]:
    return {
        "businessname": p.legal,
        "dbaname": p.dba,
        "address": p.address,
        "city": "Roxbury",
        "state": "MA",
        "zip": p.zip,
        "licstatus": ["Active", "Inactive"][p.n % 2],
        "licensecat": ["FS", "FT", "RF"][p.n % 3],
        "descript": ["Eating & Drinking", "Eating & Drinking w/ Take Out", "Retail Food"][p.n % 3],
        "licenseadddttm": f"{p.issued.isoformat()} 14:05:33+00",
        "dayphn": f"+1617555{p.n:04d}",
        "property_id": str(9000 + p.n),
        "location": f"({p.lat}, {p.lon})",
    }


BOSTON = {
    "legal_name": "businessname",
    "name": "dbaname",
    "street": "address",
    "city": "city",
    "state": "state",
    "postal_code": "zip",
    "position": "location",
    "phone": "dayphn",
    "category": "descript",
    "license_status": "licstatus",
    "issued_on": "licenseadddttm",
}


def mail_alone(p: Place) -> dict[str, str]:
    """A town that knows where it writes to, and not where the business is."""
    return {
        "Record ID": f"REC{p.n:05d}",
        "Licensee": p.legal,
        "Mailing Street": p.address,
        "Mailing City": "Salem",
        "Mailing State": "OR",
        "Mailing Zip": p.zip,
        "Owner Phone": p.phone,
        "Owner Email": "x@example.com",
        "Category": p.license,
        "Valid Thru": p.until.strftime("%d-%b-%Y"),
    }


MAIL_ALONE = {
    "license_number": "Record ID",
    "legal_name": "Licensee",
    "street": "Mailing Street",
    "city": "Mailing City",
    "state": "Mailing State",
    "postal_code": "Mailing Zip",
    "phone": "Owner Phone",
    "category": "Category",
    "license_until": "Valid Thru",
}

FILES = {
    "Chicago": (chicago, CHICAGO),
    "San Francisco": (san_francisco, SAN_FRANCISCO),
    "Los Angeles": (los_angeles, LOS_ANGELES),
    "Seattle": (seattle, SEATTLE),
    "Bloomington": (bloomington, BLOOMINGTON),
    "Springfield": (springfield, SPRINGFIELD),
    "a county": (county, COUNTY),
    "a list kept by hand": (by_hand, BY_HAND),
    "New York": (new_york, NEW_YORK),
    "Belleville": (belleville, BELLEVILLE),
    "Boston": (boston, BOSTON),
    "mail alone": (mail_alone, MAIL_ALONE),
}


def table(name: str, **told) -> tuple[list[str], list[list[str]]]:
    """The heads and rows of one of the files."""
    rows = [FILES[name][0](place) for place in places(**told)]
    return list(rows[0]), [list(row.values()) for row in rows]


# What a cell of a shorter file holds.
CELLS = {
    "legal": lambda p: p.legal,
    "dba": lambda p: p.dba,
    "owner": lambda p: f"Pat Owner {p.n}",
    "street": lambda p: p.address,
    "house": lambda p: str(p.house),
    "way": lambda p: p.way,
    "road": lambda p: p.street,
    "suffix": lambda p: p.kind,
    "unit": lambda p: p.unit,
    "city": lambda p: "Denver",
    "state": lambda p: "CO",
    "zip": lambda p: p.zip,
    "line": lambda p: f"Denver, CO {p.zip}",
    "full": lambda p: f"{p.address}, Denver, CO {p.zip}",
    "box": lambda p: p.other_street,
    "lat": lambda p: str(p.lat),
    "lon": lambda p: str(p.lon),
    "point": lambda p: f"POINT ({p.lon} {p.lat})",
    "plane": lambda p: str(400000.5 + p.n),
    "phone": lambda p: p.phone,
    "web": lambda p: f"www.place{p.n}.example.com",
    "email": lambda p: "a@example.com",
    "naics": lambda p: p.naics,
    "sector": lambda p: p.sector,
    "kind": lambda p: p.license,
    "number": lambda p: str(50000 + p.n),
    "account": lambda p: f"A{p.n // 2:05d}",
    "status": lambda p: ["Active", "Inactive"][p.n % 2],
    "issued": lambda p: us(p.issued),
    "until": lambda p: us(p.until),
    "closed": lambda p: us(p.closed),
    "today": lambda p: us(TODAY),
    "year": lambda p: "2026",
    "code": lambda p: "4012",
    "form": lambda p: ["CORP", "SOLE", "LLC"][p.n % 3],
    "n": lambda p: str(p.n),
    "fee": lambda p: "150.00",
    "nothing": lambda p: "",
}

# Heads as other cities have them: head, what its cells hold, its field if any. "street 1" is a part of one.
OTHERS = {
    "Denver": """
        BFN | number | license_number
        LICENSE_TYPE | kind | license_kind
        LICENSE_STATUS | status | license_status
        ISSUE_DATE | issued | issued_on
        END_DATE | until | license_until
        ENTITY_NAME | legal | legal_name
        ESTABLISHMENT_NAME | dba | name
        ESTAB_ADDRESS | street | street
        CITY | city | city
        STATE | state | state
        ZIP | zip | postal_code
        COUNCIL_DIST | n
        POLICE_DIST | n
        X_COORD | plane
        Y_COORD | plane
    """,
    "DC": """
        OBJECTID | n
        LICENSESTATUS | status | license_status
        LICENSECATEGORY | kind | license_kind
        CUSTOMER_NUMBER | number | account_number
        ENTITY_NAME | legal | legal_name
        BILLING_NAME | owner
        BILLING_ADDRESS | box
        SITE_ADDRESS | street | street
        LATITUDE | lat | latitude
        LONGITUDE | lon | longitude
        XCOORD | plane
        YCOORD | plane
        LICENSE_START_DATE | issued
        LICENSE_EXPIRATION_DATE | until | license_until
        LICENSE_ISSUE_DATE | issued | issued_on
        TRADE_NAME | dba | name
        WARD | n
        SSL | nothing
        MARADDRESSREPOSITORYID | n
        LASTMODIFIEDDATE | today
    """,
    "Philadelphia": """
        licensenum | number | license_number
        revenuecode | code
        licensetype | kind | license_kind
        initialissuedate | issued
        mostrecentissuedate | issued | issued_on
        expirationdate | until | license_until
        inactivedate | closed | closed_on
        licensestatus | status | license_status
        ownercontact1name | owner
        ownercontact2name | nothing
        business_name | dba | name
        legalname | legal | legal_name
        legalentitytype | form
        business_mailing_address | box
        address | street | street
        unit_type | nothing
        unit_num | unit | unit
        zip | zip | postal_code
        censustract | n
        parcel_id_num | n
        opa_owner | owner
        council_district | n
        lat | lat | latitude
        lng | lon | longitude
    """,
    "San Diego": """
        account_key | number | account_number
        account_status | status | license_status
        date_account_creation | issued
        date_cert_expiration | until | license_until
        date_cert_effective | issued | issued_on
        business_owner_name | owner | legal_name
        ownership_type | form
        date_business_start | issued
        dba_name | dba | name
        naics_sector | code
        naics_code | naics | naics
        naics_description | sector | category
        lat | lat | latitude
        lng | lon | longitude
        address_number_fraction | nothing
        address_no | house | street 1
        address_pd | way | street 2
        address_road | road | street 3
        address_sfx | suffix | street 4
        address_suite | unit | unit
        address_city | city | city
        address_state | state | state
        address_zip | zip | postal_code
        bid | nothing
        council_district | n
    """,
    "Baton Rouge": """
        ACCOUNT NUMBER | account | account_number
        ACCOUNT NAME | dba | name
        LEGAL NAME | legal | legal_name
        BUSINESS STATUS | status | license_status
        CONTACT PERSON | owner
        NAICS CODE | naics | naics
        NAICS CATEGORY | sector | category
        ABC STATUS | n
        OWNERSHIP TYPE | form
        PHYSICAL ADDRESS - LINE 1 | street | street
        PHYSICAL ADDRESS - LINE 2 | unit | unit
        PHYSICAL ADDRESS - CITY | city | city
        PHYSICAL ADDRESS - STATE | state | state
        PHYSICAL ADDRESS - ZIP CODE | zip | postal_code
        MAILING ADDRESS - LINE 1 | box
        MAILING ADDRESS - CITY | city
        MAILING ADDRESS - STATE | state
        MAILING ADDRESS - ZIP CODE | zip
        GEOLOCATION | point | position
        BUSINESS OPEN DATE | issued | issued_on
        BUSINESS CLOSE DATE | closed | closed_on
    """,
    "Kansas City": """
        Business Name | legal | legal_name
        DBA Name | dba | name
        Address | street | street
        City | city | city
        State | state | state
        Zipcode | zip | postal_code
        Business Type | sector | category
        Valid License For | year
        Location | full
    """,
    "Nashville": """
        Permit Number | number | license_number
        Business Name | dba | name
        Business Owner | owner | legal_name
        Permit Type | kind | license_kind
        Address | street | street
        City | city | city
        State | state | state
        ZIP | zip | postal_code
        Council District | n
        Date Issued | issued | issued_on
        Expires | until | license_until
        Mapped Location | full
    """,
    "Las Vegas": """
        LICENSE_NO | number | license_number
        BUSNAME | dba | name
        CATEGORY_DESC | sector | category
        LIC_STATUS | status | license_status
        BUS_ADDR | street | street
        BUS_CITY | city | city
        BUS_STATE | state | state
        BUS_ZIP | zip | postal_code
        BUS_PHONE | phone | phone
        MAIL_ADDR | box
        MAIL_CITY | city
        LIC_DATE | issued | issued_on
        EXP_DATE | until | license_until
        OOB_DATE | closed | closed_on
        LIC_FEE | fee
    """,
    "Tacoma": """
        Business Lic Number | number | license_number
        Business Name | legal | legal_name
        Doing Business As | dba | name
        Business Location | full | address
        NAICS | naics | naics
        NAICS Desc | sector | category
        Open Date | issued | issued_on
        Phone | phone | phone
        Email | email
        Web Site | web | website
    """,
    "a village": """
        License# | number | license_number
        Business | dba | name
        St# | house | street 1
        Street | road | street 2
        Apt/Ste | unit | unit
        Phone# | phone | phone
        Owner's Name | owner | legal_name
        Owner's Address | box
        Type | kind | license_kind
        Issued | issued | issued_on
        Expires | until | license_until
        Fee | fee
        Emergency Contact | owner
        Emergency Phone | phone
    """,
    "a town with permits": """
        Record Number | number | license_number
        Record Type | kind | license_kind
        Record Status | status | license_status
        Opened Date | issued | issued_on
        Expiration Date | until | license_until
        Application Name | dba | name
        Address | full | address
        Parcel Number | n
        Description | sector | category
        Primary Licensed Professional | nothing
    """,
    "a small town": """
        Customer Name | legal | legal_name
        DBA | dba | name
        Svc Addr | street | street
        Svc City St Zip | line | city_line
        Lic Type | kind | license_kind
        Lic Yr | year
        Lic Nbr | number | license_number
        Iss Dt | issued | issued_on
        Exp Dt | until | license_until
        SIC | code
        Home Phone | phone
        Bus Phone | phone | phone
    """,
    "a resort": """
        Lic # | number | license_number
        Business Name (DBA) | dba | name
        Legal Business Name | legal | legal_name
        Location Street # | house | street 1
        Location Street Name | road | street 2
        Location Unit | unit | unit
        Location City | city | city
        Location State | state | state
        Location Zip | zip | postal_code
        Mailing Street | box
        Mailing City | city
        Start | issued | issued_on
        End | until | license_until
    """,
    "an old mainframe": """
        ACCTNO | account | account_number
        BUSTYPE | sector | category
        TRADENAME | dba | name
        OWNERNAME | owner | legal_name
        SITUSADDR | street | street
        SITUSCITY | city | city
        SITUSZIP | zip | postal_code
        PHONENO | phone | phone
        LICNO | number | license_number
        LICSTAT | status | license_status
        ISSUEDT | issued | issued_on
        EXPDT | until | license_until
        NAICSCD | naics | naics
    """,
    "a capital": """
        Business License Number | number | license_number
        Business License Name | dba | name
        Business Address | full | address
        Business Class | sector | category
        Classification | kind | license_kind
        License Issued | issued | issued_on
        License Expires | until | license_until
    """,
    "a borough": """
        Name | dba | name
        Address | street | street
        Address2 | unit | unit
        City/State/Zip | line | city_line
        Phone | phone | phone
        Fax | phone
        Type of Business | sector | category
        License Fee | fee
        Date Paid | today
        License No. | number | license_number
    """,
    "a state": """
        UBI # | account | account_number
        License Endorsement | kind | license_kind
        DBA/Firm Name | dba | name
        Business Entity | legal | legal_name
        Location Address 1 | street | street
        Location Address 2 | unit | unit
        Location City Name | city | city
        Location State Code | state | state
        Location Zip Code | zip | postal_code
        First Issue Date | issued | issued_on
        Expire Date | until | license_until
        Endorsement Status | status | license_status
    """,
    "a suburb": """
        BUSINESS_ID | account | account_number
        LOCATION_ID | number | site_number
        LICENSE_NUM | number | license_number
        COMPANY_NAME | legal | legal_name
        COMPANY_DBA | dba | name
        COMPANY_DESC | sector | activity
        PHY_ADDR | street | street
        PHY_CITY | city | city
        PHY_ST | state | state
        PHY_ZIP | zip | postal_code
        LICENSE_TYPE | kind | license_kind
        ISSUED_DATE | issued | issued_on
        EXPIRATION_DATE | until | license_until
        NAICS_CODE | naics | naics
        BUSINESS_CLOSED_DATE | closed | closed_on
    """,
    "a college town": """
        Business | dba | name
        Street Number | house | street 1
        Street Name | road | street 2
        City | city | city
        Business Description | sector | activity
        Telephone No | phone | phone
        Website URL | web | website
        Date of Application | issued
        License Period Ending | until | license_until
        District | n
        Lat | lat | latitude
        Lon | lon | longitude
    """,
}


def other_table(name: str) -> tuple[list[str], list[list[str]], dict[str, str]]:
    """The heads and rows of one of the shorter files, and what its columns hold."""
    lines = [[part.strip() for part in line.split("|")] for line in OTHERS[name].strip().splitlines()]
    told = [(head, field.split(" ")[0]) for head, _cell, *fields in lines for field in fields]
    columns: dict[str, str] = {}
    for head, field in told:
        columns[field] = f"{columns[field]} + {head}" if field in columns else head
    rows = [[CELLS[cell](place) for _head, cell, *_field in lines] for place in places()]
    return [head for head, *_rest in lines], rows, columns
