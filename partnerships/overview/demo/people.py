"""The invented department's people, and the accounts to play them."""

from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from accounts.services import make_demo_account
from core.roles import Role
from partnerships.businesses.models import Area
from partnerships.businesses.services import assign_district

DOMAIN = "riverton.example"
RIVERTON = {
    "name": "Riverton Police Department",
    "short_name": "Riverton Police",
    "email": f"partnerships@{DOMAIN}",
    "phone": "555-0100",
    "postal_address": "100 Main Street\nRiverton, IL 60600",
    "accommodation_contact": "Accessibility coordinator, 555-0101",
}


@dataclass(frozen=True)
class Person:
    """One account of the department.

    Args:
        key: the part of the address before the @.
        full_name: invented.
        role: a value of `Role`.
        title: rank or office.
        districts: codes of the districts they cover.
        details: other columns of the account.
    """

    key: str
    full_name: str
    role: str
    title: str = ""
    districts: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)


# The first of each role is who "Try it as" signs in.
DEPARTMENT = (
    Person("reyes", "Dana Reyes", Role.OFFICER, "Officer", ("19",), {
        "badge_number": "4127", "phone": "555-0142", "shift": "Tue–Sat, 8 am–4 pm",
        "languages_spoken": "English, Spanish",
    }),
    Person("okafor", "Helen Okafor", Role.SUPERVISOR, "Sergeant", (), {
        "badge_number": "2210", "phone": "555-0140", "shift": "Mon–Fri, 8 am–4 pm",
        "languages_spoken": "English",
    }),
    Person("whitfield", "Sam Whitfield", Role.ADMIN),
    Person("brandt", "Marcus Brandt", Role.OFFICER, "Officer", ("14",), {
        "badge_number": "3986", "phone": "555-0143", "shift": "Mon–Fri, 9 am–5 pm",
        "languages_spoken": "English, Polish",
    }),
    Person("tran", "Linh Tran", Role.OFFICER, "Officer", ("20",), {
        "badge_number": "4301", "phone": "555-0144", "shift": "Wed–Sun, 10 am–6 pm",
        "languages_spoken": "English, Vietnamese",
    }),
    Person("nair", "Priya Nair", Role.OFFICER, "Liaison", ("12", "18"), {
        "phone": "555-0145", "shift": "Mon–Fri, 8 am–4 pm", "languages_spoken": "English, Hindi, Spanish",
    }),
    Person("pike", "Aaron Pike", Role.SUPERVISOR, "Lieutenant", (), {
        "badge_number": "1874", "phone": "555-0141", "shift": "Mon–Fri, 7 am–3 pm",
    }),
    Person("albrecht", "Ruth Albrecht", Role.VIEWER, "Commander"),
)  # fmt: skip


def make_department() -> dict[str, User]:
    """Make the accounts of the department, second factor included.

    Returns:
        The users by key.
    """
    return {
        each.key: make_demo_account(
            email=f"{each.key}@{DOMAIN}",
            full_name=each.full_name,
            role=each.role,
            title=each.title,
            **each.details,
        )
        for each in DEPARTMENT
    }


def assign_districts(users: dict[str, User]) -> dict[str, User]:
    """Let the officers cover their districts from now on.

    Returns:
        The officer of each district, by its code.
    """
    districts: dict[str, Area] = {each.code: each for each in Area.objects.current().districts()}
    officers: dict[str, User] = {}
    for each in DEPARTMENT:
        for code in each.districts:
            assign_district(user=users[each.key], area=districts[code], actor=None)
            officers[code] = users[each.key]
    return officers


def make_owner(name: str, key: str, **details: Any) -> User:
    """Make the account of a business's owner; the address is at the business's invented domain."""
    first = name.removeprefix("Dr. ").split()[0]
    local = "".join(each for each in first.lower() if each.isascii() and each.isalpha()) or "owner"
    return make_demo_account(
        email=f"{local}@{key}.example", full_name=name, role=Role.MEMBER, totp=False, **details
    )
