"""A registry of N businesses, as a city's is: districts, chains, standings, applications, mail, events.

25 districts with 277 beats and their real borders; one business in twelve lies in none. 2,000 applications
and 200,000 mails, whatever the number of businesses, so that a page that grows with the registry shows it.
"""

from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from . import rooms
from .filling import CHANCE, ago, as_if_grown, insert, run
from .rooms import APPLICATIONS

DATA = Path(__file__).parents[2] / "partnerships" / "businesses" / "data"
OFFICERS = 40
RARE, COMMON, MISTYPED = "quillfeather", "restaurant", "restarant quilfeather"
TRADES = (
    """
Restaurant, Grill, Cafe, Coffee, Bakery, Pizza, Tavern, Liquors, Food Market, Grocery, Deli,
Hardware, Locksmith, Auto Repair, Tire Shop, Car Wash, Gas Station, Parking, Towing, Hair Salon,
Barber Shop, Nail Studio, Spa, Massage, Tattoo, Fitness, Yoga, Dance Academy, Dental Care, Pharmacy,
Clinic, Veterinary, Pet Grooming, Daycare, Learning Center, Tutoring, Laundromat, Dry Cleaners,
Tailor, Boutique, Shoes, Jewelry, Furniture, Electronics, Phones, Insurance, Realty, Tax Service,
Law Office, Consulting, Cleaning, Roofing, Plumbing, Heating, Construction, Flowers, Gifts, Books,
Music, Hotel, Storage, Printing, Catering
""".replace("\n", " ")
    .strip()
    .split(", ")
)
ENDINGS = ("LLC", "Inc", "Corp", "Co")
HEADS = ("Al", "Bar", "Cal", "Dor", "El", "Fen", "Gar", "Hal", "Ir", "Jan", "Kel", "Lom", "Mar", "Nor", "Ol",
         "Pav", "Quin", "Ros", "San", "Tor", "Ul", "Ver", "Wil", "Yar", "Zam")  # fmt: skip
MIDDLES = ("a", "be", "ci", "do", "er", "fi", "gu", "ha", "in", "ki", "lo", "mi", "no", "ri", "so", "va")
TAILS = ("berg", "dez", "ez", "field", "ford", "ghan", "ini", "kowski", "lez", "man", "ner", "ova", "sen",
         "son", "ton", "wick")  # fmt: skip


@dataclass(frozen=True)
class World:
    """Who looks, and at what.

    Args:
        size: number of businesses.
        officer: two districts, leads some.
        supervisor: no district, so all of the city.
        district_supervisor: one district.
        owner: of one shop, which is a partner.
        place: the number of a business in the officer's district: a partner with all that comes along.
        district: the code of one of the officer's districts.
    """

    size: int
    officer: Any
    supervisor: Any
    district_supervisor: Any
    owner: Any
    place: int
    district: str


def fill(size: int) -> World:
    """Empty the tables and fill them.

    Args:
        size: number of businesses; 10,000 at least.
    """
    from accounts.models import User
    from core.models import Department
    from partnerships.businesses.models import Area, Business

    run(
        "TRUNCATE accounts_user, businesses_organization, businesses_business, businesses_searchword, "
        "mail_outgoingmail, core_auditentry, events_event RESTART IDENTITY CASCADE"
    )
    Department.objects.get_or_create(pk=1)
    if not Area.objects.exists():
        _areas()
    run(CHANCE)
    _words()
    _people()
    officers = "(SELECT array_agg(id ORDER BY id) FROM accounts_user WHERE role = 'officer')"
    run("DROP TABLE IF EXISTS bench_officers")
    run(f"CREATE TEMPORARY TABLE bench_officers AS SELECT {officers} AS ids")  # noqa: S608
    _businesses(size)
    rooms.applications()
    rooms.around()
    rooms.mail()
    rooms.events()
    # Not VACUUM FULL: a registry in use has seen changes. But its statistics and visibility are up to date.
    run("VACUUM ANALYZE")
    by_mail = {each.email: each for each in User.objects.filter(email__startswith="bench-")}
    officer = by_mail["bench-officer1@city.example"]
    district = Area.objects.filter(assignments__user=officer).order_by("pk").first()
    place = (
        Business.objects.filter(
            standing="partner", area__parent=district, organization__applications__isnull=False
        )
        .order_by("pk")
        .first()
    )
    if district is None or place is None:
        raise LookupError("The officer's district has no partner.")
    owner = User.objects.filter(memberships__organization=place.organization_id).order_by("pk")[0]
    return World(
        size=size,
        officer=officer,
        supervisor=by_mail["bench-supervisor1@city.example"],
        district_supervisor=by_mail["bench-supervisor2@city.example"],
        owner=owner,
        place=place.pk,
        district=district.code,
    )


def _areas() -> None:
    from partnerships.businesses.imports.areas import import_areas

    start = date(2024, 1, 1)
    import_areas(
        DATA / "chicago_police_districts.geojson",
        kind="district",
        name_field="DIST_NUM",
        valid_from=start,
        actor=None,
    )
    import_areas(
        DATA / "chicago_police_beats.geojson", kind="beat", name_field="BEAT_NUM", parent_field="DISTRICT",
        valid_from=start, actor=None,
    )  # fmt: skip


def _words() -> None:
    """Surnames, streets, and what a business is: some 6,400 words, as a city's names have."""
    names = ["".join(parts) for parts in product(HEADS, MIDDLES, TAILS)]
    run("DROP TABLE IF EXISTS bench_words, bench_beats")
    run("CREATE TEMPORARY TABLE bench_words AS SELECT %s::text[] AS names, %s::text[] AS trades, "
        "%s::text[] AS endings, (SELECT array_agg(id ORDER BY id) FROM businesses_industry "
        "WHERE length(code) = 6) AS industries", names, TRADES, list(ENDINGS))  # fmt: skip
    run("CREATE TEMPORARY TABLE bench_beats AS SELECT array_agg(id ORDER BY id) AS ids "
        "FROM businesses_area WHERE kind = 'beat' AND valid_until IS NULL")  # fmt: skip


def _people() -> None:
    from partnerships.businesses.models import Area
    from tests.factories.accounts import OfficerFactory, SupervisorFactory
    from tests.factories.businesses import DistrictAssignmentFactory

    districts = list(Area.objects.current().districts().order_by("pk"))
    for number in range(1, OFFICERS + 1):
        officer = OfficerFactory(email=f"bench-officer{number}@city.example", totp=number == 1)
        for area in {number % len(districts), (number * 7) % len(districts)}:
            DistrictAssignmentFactory(user=officer, area=districts[area])
    SupervisorFactory(email="bench-supervisor1@city.example")
    near = SupervisorFactory(email="bench-supervisor2@city.example")
    DistrictAssignmentFactory(user=near, area=districts[1])


def _businesses(size: int) -> None:
    from partnerships.businesses.models import Business, Organization

    organizations, chains = round(size * 0.86), max(size // 200, 10)
    run("DROP TABLE IF EXISTS bench_applications")
    # Every so many organizations one has applied; what became of it gives the standing.
    run(f"""
        CREATE TEMPORARY TABLE bench_applications AS
        SELECT i, 1 + i * {organizations // APPLICATIONS} AS organization_id,
               CASE WHEN r < .03 THEN 'draft' WHEN r < .08 THEN 'submitted' WHEN r < .18 THEN 'in_review'
                    WHEN r < .22 THEN 'action_needed' WHEN r < .23 THEN 'appealed' WHEN r < .75 THEN
                    'approved'
                    WHEN r < .82 THEN 'approved_with_conditions' WHEN r < .94 THEN 'declined'
                    ELSE 'withdrawn' END AS status
        FROM (SELECT i, pg_temp.chance(i, 1) AS r FROM generate_series(0, {APPLICATIONS} - 1) AS i) AS each
    """)  # noqa: S608
    as_if_grown(Organization, Business, on=True)
    name = ("w.names[1 + floor(power(pg_temp.chance(n, 2), 2) * cardinality(w.names))::int] "
            "|| ' ' || pg_temp.one_of(w.trades, n, 3)")  # fmt: skip
    insert(
        Organization,
        f"generate_series(1, {organizations}) AS n CROSS JOIN bench_words AS w CROSS JOIN "
        f"bench_officers AS o "
        "LEFT JOIN bench_applications AS a ON a.organization_id = n",
        id="n",
        name=f"CASE WHEN n = 77 THEN 'Quillfeather Antiques' ELSE {name} END",
        legal_name=f"CASE WHEN n = 77 THEN 'Quillfeather LLC' ELSE {name} || ' ' "
        "|| pg_temp.one_of(w.endings, n, 4) END",
        source="'bench'",
        account_number="n::text",
        standing="CASE WHEN a.status LIKE 'approved%' THEN 'partner' WHEN a.status = 'draft' "
        "OR a.status = 'declined' OR a.status = 'withdrawn' THEN 'prospect' "
        "WHEN a.status IS NOT NULL THEN 'applicant' WHEN pg_temp.chance(n, 5) < .01 THEN 'partner' "
        "WHEN pg_temp.chance(n, 5) < .014 THEN 'lapsed' WHEN pg_temp.chance(n, 5) < .015 THEN 'suspended' "
        "WHEN pg_temp.chance(n, 5) < .018 THEN 'ended' ELSE 'prospect' END",
        lead_officer="CASE WHEN a.status IS NOT NULL AND pg_temp.chance(n, 6) < .7 "
        "OR pg_temp.chance(n, 6) < .005 THEN o.ids[1 + floor(pg_temp.chance(n, 7) * "
        "cardinality(o.ids))::int] END",
        partner_since="CASE WHEN a.status LIKE 'approved%' THEN current_date - 300 END",
        created_at=ago("n", 8, 900),
        updated_at=ago("n", 9, 400),
    )
    whose = (f"CASE WHEN n <= {organizations} THEN n ELSE 1 + "
             f"floor(power(pg_temp.chance(n, 10), 3) * {chains})::bigint END")  # fmt: skip
    insert(
        Business,
        f"(SELECT n, {whose} AS whose FROM generate_series(1, {size}) AS n) AS each "  # noqa: S608
        "JOIN businesses_organization AS of ON of.id = whose CROSS JOIN bench_words AS w "
        "CROSS JOIN bench_beats AS b",
        id="n",
        organization="whose",
        name="of.name",
        site_number="n::text",
        street="(100 + floor(pg_temp.chance(n, 11) * 9800))::text || ' ' "
        "|| pg_temp.one_of(ARRAY['N', 'S', 'E', 'W'], n, 12) || ' ' "
        "|| w.names[1 + floor(pg_temp.chance(n, 13) * 500)::int] || ' ' "
        "|| pg_temp.one_of(ARRAY['Ave', 'St', 'Blvd', 'Rd'], n, 14)",
        city="'Chicago'",
        state="'IL'",
        postal_code="(60601 + floor(pg_temp.chance(n, 15) * 60))::text",
        latitude="CASE WHEN n % 12 <> 0 THEN 41.65 + pg_temp.chance(n, 16) * .4 END",
        longitude="CASE WHEN n % 12 <> 0 THEN -87.9 + pg_temp.chance(n, 17) * .35 END",
        area="CASE WHEN n % 12 <> 0 THEN "
        "b.ids[1 + floor(power(pg_temp.chance(n, 18), 1.5) * cardinality(b.ids))::int] END",
        industry="CASE WHEN pg_temp.chance(n, 19) < .8 THEN "
        "w.industries[1 + floor(power(pg_temp.chance(n, 20), 2) * cardinality(w.industries))::int] END",
        phone="'(312) 555-' || lpad((n % 10000)::text, 4, '0')",
        license_kinds="pg_temp.one_of(w.trades, n, 21) || ' License'",
        listed="of.standing = 'partner' AND pg_temp.chance(n, 22) < .8",
        imported="jsonb_build_object('name', of.name, 'street', 'As in the file', 'city', 'Chicago', "
        "'phone', '', 'postal_code', '60601', 'industry_id', 17, 'license_kinds', 'Retail')",
        created_at=ago("n", 23, 900),
        updated_at=ago("n", 24, 400),
    )
    as_if_grown(Organization, Business, on=False)
