"""What a row says of a place, however the file cuts it into cells; and which place it is of."""

import re
from collections.abc import Mapping

from partnerships.businesses import places

from . import cells
from .presets import Preset

ONE = "1"  # the site of an account that the file gives no sites
LOCAL = re.compile(r"\d{3}[-. ]?\d{4}")
TOWN = frozenset({"city", "postal_code", "city_line", "address"})


def taken_apart(text: Mapping[str, str]) -> dict[str, str]:
    """Fill from cells that hold several things what no cell of its own tells.

    Args:
        text: what the row says, by the name of the field.
    """
    found = dict(text)

    def fill(**values: str) -> None:
        for name, value in values.items():
            found[name] = found.get(name) or value

    if names := text.get("names"):
        legal, trade = cells.names_of(names)
        fill(legal_name=legal, name=trade)
    if address := text.get("address"):
        fill(**cells.address(address)._asdict())
    elif "," in (street := text.get("street", "")) and not TOWN & set(text):
        # A file without a column for the city writes it behind the street here and there.
        whole = cells.address(street)
        if whole.city and whole.street:
            found.update(whole._asdict())
    if line := text.get("city_line"):
        fill(**cells.city_line(line)._asdict())
    if (unit := text.get("unit")) and found.get("street"):
        found["street"] = f"{found['street']}, {unit if not unit.isalnum() or unit.isalpha() else '#' + unit}"
    if (there := text.get("position")) and (position := cells.position(there)) is not None:
        fill(latitude=repr(position[0]), longitude=repr(position[1]))
    if phone := text.get("phone"):
        # A number without its area code is kept as typed: whoever is on the page next completes it.
        found["phone"] = cells.first_phone(phone) or (phone if LOCAL.fullmatch(phone) else "")
    if postal_code := found.get("postal_code"):
        found["postal_code"] = cells.zip_of(postal_code, found.get("state", ""))
    return found


def whose(text: Mapping[str, str], preset: Preset) -> tuple[str, str]:
    """The account and the site that a row is of; ("", "") when nothing in it tells.

    The file's own numbers; else the number of a license that stays with its place; else the place itself, by
    its name and address, so that next year's file finds it under next year's number.

    Args:
        text: what the row says, taken apart.
        preset: how the file is read.
    """
    account, site = text.get("account_number"), text.get("site_number")
    if account:
        return account, site or ONE
    if site:
        return site, ONE
    if preset.number_stays and (number := text.get("license_number")):
        return number, ONE
    name = text.get("name") or text.get("legal_name") or ""
    # Of a file that tells the town of some rows only, it says nothing.
    city, postal_code = (
        (text.get("city", ""), text.get("postal_code", "")) if TOWN & set(preset.columns) else ("", "")
    )
    key = places.place_key(name, text.get("street", ""), "", city, postal_code)
    return (key, ONE) if key else ("", "")
