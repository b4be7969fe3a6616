"""The invented businesses of the demonstration, and the people who run them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from accounts.demo import make_owner
from accounts.models import User
from partnerships.businesses.models import Area, AreaShape, Business, Industry, Organization
from partnerships.businesses.services import (
    add_business,
    add_contact,
    add_organization,
    update_organization,
)

from .places import point_in

HERE = Path(__file__).parent
CHAIN = "northbank"
FIRST_OWNER = "panaderia-espiga"
OUTSIDE = {"Maple Fork": (42.39120, -88.18440), "Elm Prairie": (41.55210, -88.20130)}
LANGUAGES = {"en": "English", "es": "Spanish", "ko": "Korean", "pt": "Portuguese", "vi": "Vietnamese",
             "uk": "Ukrainian", "ur": "Urdu"}  # fmt: skip


@dataclass
class Shop:
    """One invented business and what its story needs.

    Args:
        key: its short name in the data.
        stage: how far its application has come, which the room above that vets plays.
        listed: whether its owner agreed to be in the public directory.
        opened: the year.
        language: code of the owner's language.
        business: the row; of a chain the first site.
        owner: the account, if the owner has one.
    """

    key: str
    stage: str
    listed: bool
    opened: int
    language: str
    business: Business
    owner: User | None = None
    officer: Any = None
    sites: list[Business] = field(default_factory=list)

    @property
    def organization(self) -> Organization:
        """The organization it belongs to."""
        return self.business.organization


def read(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the data files beside this module."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


class Builder:
    """Makes the invented businesses; reads areas and industries once."""

    def __init__(self, officers: dict[str, User]) -> None:
        self.officers = officers
        self.beats: dict[str, Area] = {
            each.code: each for each in Area.objects.current().beats().select_related("parent")
        }
        self.districts = {each.pk: each.parent.code for each in self.beats.values() if each.parent}
        self.shapes: dict[int, Any] = dict(
            AreaShape.objects.filter(area__in=[each.pk for each in self.beats.values()]).values_list(
                "area_id", "geometry"
            )
        )
        self.industries: dict[str, Industry] = {each.code: each for each in Industry.objects.all()}
        self.owners: dict[str, User] = {}

    def shops(self) -> list[Shop]:
        """Every single shop of `businesses.csv`, with its owner's account and contact."""
        rows = list(read("businesses.csv"))
        # The demonstration's owner comes first: "Try it as: Owner" takes the first account of the role.
        first = next(row for row in rows if row["key"] == FIRST_OWNER)
        self._owner(first["owner"], first["key"], phone=first["phone"])
        return [self._shop(row) for row in rows]

    def _shop(self, row: dict[str, str]) -> Shop:
        beat = self.beats[row["beat"]]
        latitude, longitude = point_in(self.shapes[beat.pk], row["key"])
        business = add_business(
            actor=None,
            name=row["name"],
            street=row["street"],
            city="Riverton",
            state="IL",
            postal_code="60600",
            latitude=latitude,
            longitude=longitude,
            industry=self.industries[row["naics"]],
            phone=row["phone"],
            description=row["description"],
            opened_on=date(int(row["opened"]), 5, 1),
        )
        officer = self._lead(business, "tran" if row["stage"] == "assisted" else self.districts[beat.pk])
        shop = Shop(
            row["key"], row["stage"], bool(row["listed"]), int(row["opened"]), row["language"], business,
            officer=officer, sites=[business],
        )  # fmt: skip
        if row["stage"] not in ("prospect", "assisted"):
            shop.owner = self._owner(row["owner"], row["key"], phone=row["phone"])
        add_contact(
            organization=business.organization,
            business=business,
            actor=officer,
            name=row["owner"],
            role_title="Owner",
            phone=row["phone"],
            email=shop.owner.email if shop.owner else "",
            language=LANGUAGES[row["language"]],
            preferred_channel="phone" if shop.owner is None else "",
        )
        return shop

    def _owner(self, name: str, key: str, **details: Any) -> User:
        if name not in self.owners:
            self.owners[name] = make_owner(name, key, **details)
        return self.owners[name]

    def _lead(self, business: Business, code: str) -> User:
        officer = self.officers[code]
        business.organization = update_organization(
            organization=business.organization, actor=None, lead_officer=officer
        )
        return officer

    def chain(self) -> Shop:
        """The grocery chain: 14 sites, 12 of them in four districts, 2 outside the city."""
        organization = add_organization(
            actor=None, name="Northbank Grocers", legal_name="Northbank Grocers Cooperative"
        )
        sites = []
        for row in read("chain.csv"):
            beat = self.beats.get(row["beat"])
            place = (
                point_in(self.shapes[beat.pk], f"{CHAIN}-{row['site']}")
                if beat is not None
                else OUTSIDE[row["city"]]
            )
            site = add_business(
                actor=None,
                organization=organization,
                name=f"Northbank Grocers, Store {row['site']}",
                site_number=row["site"],
                street=row["street"],
                city=row["city"],
                state="IL",
                postal_code="60600",
                latitude=place[0],
                longitude=place[1],
                industry=self.industries["445110"],
                phone=row["phone"],
                opened_on=date(int(row["opened"]), 9, 1),
            )
            sites.append(site)
        officer = self._lead(sites[0], "19")
        for site, row in zip(sites, read("chain.csv"), strict=True):
            site.organization = sites[0].organization
            add_contact(
                organization=organization,
                business=site,
                actor=officer,
                name=row["manager"],
                role_title="Store manager",
                phone=row["phone"],
                preferred_channel="phone",
                note="mornings",
            )
        owner = make_owner("Victor Aldana", CHAIN, phone="555-0174")
        add_contact(
            organization=organization,
            actor=officer,
            name="Victor Aldana",
            role_title="Regional manager",
            email=owner.email,
            phone="555-0174",
            language="English",
            note="signs for all sites",
        )
        return Shop(CHAIN, "chain", True, 1989, "en", sites[0], owner, officer, sites)
