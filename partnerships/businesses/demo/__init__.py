"""This room's part of the demonstration: real beats, licenses as prospects, and invented businesses."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accounts.demo import People
from accounts.models import User
from core import clock
from core.demo import Demonstration
from partnerships.businesses.imports.areas import import_areas
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.presets import load_preset
from partnerships.businesses.models import Area, Business
from partnerships.businesses.services import assign_district

from .shops import Builder, Shop
from .twice import write_twice

DATA = Path(__file__).parent.parent / "data"
BORDERS_SINCE = date(2000, 1, 1)
SUPERVISOR = "okafor"
# Officers of `accounts.demo` by the codes of the districts that they cover.
COVER = {"reyes": ("19",), "brandt": ("14",), "tran": ("20",), "nair": ("12", "18")}


@dataclass(frozen=True)
class Shops:
    """The invented businesses, in the order of their data; the chain comes last."""

    all: list[Shop]


def play(demo: Demonstration) -> Shops:
    """Load the city, let officers cover it, and make the invented businesses."""
    users = demo.made(People).users
    with clock.at(demo.began):
        demo.tell("Districts and prospects")
        load_city()
        officers = assign_districts(users)
        demo.tell("Invented businesses")
        builder = Builder({**officers, **users})
        return Shops([*builder.shops(), builder.chain()])


def close(demo: Demonstration) -> None:
    """Write some businesses down twice, as happens, and count them all."""
    demo.tell("Possible duplicates")
    shops = demo.made(Shops).all
    again = write_twice(demo, shops, demo.made(People).users[SUPERVISOR])
    invented = sum(len(shop.sites) for shop in shops) + again
    demo.count(invented, "invented businesses")
    demo.count(Business.objects.count() - invented, "prospects from the license file")


def load_city() -> None:
    """Load the real districts and beats, and the prospects of the license extract that the registry ships."""
    import_areas(
        DATA / "chicago_police_districts.geojson",
        kind="district",
        name_field="DIST_NUM",
        valid_from=BORDERS_SINCE,
        actor=None,
    )
    import_areas(
        DATA / "chicago_police_beats.geojson",
        kind="beat",
        name_field="BEAT_NUM",
        parent_field="DISTRICT",
        valid_from=BORDERS_SINCE,
        actor=None,
    )
    import_businesses(DATA / "chicago_licenses_extract.csv", load_preset("chicago-licenses"), actor=None)


def assign_districts(users: dict[str, User]) -> dict[str, User]:
    """Let the officers cover their districts from now on.

    Args:
        users: the department's people by key.

    Returns:
        The officer of each district, by its code.
    """
    districts: dict[str, Area] = {each.code: each for each in Area.objects.current().districts()}
    officers: dict[str, User] = {}
    for key, codes in COVER.items():
        for code in codes:
            assign_district(user=users[key], area=districts[code], actor=None)
            officers[code] = users[key]
    return officers
