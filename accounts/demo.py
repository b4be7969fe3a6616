"""This room's part of the demonstration: the invented department's people, and the accounts to play them."""

from dataclasses import dataclass, field
from typing import Any

from core import clock
from core.demo import DOMAIN, Demonstration
from core.roles import Role

from .models import User
from .services import make_demo_account


@dataclass(frozen=True)
class Person:
    """One account of the department.

    Args:
        key: the part of the address before the @.
        full_name: invented.
        role: a value of `Role`.
        title: rank or office.
        details: other columns of the account.
    """

    key: str
    full_name: str
    role: str
    title: str = ""
    details: dict[str, Any] = field(default_factory=dict)


# The first of each role is who "Try it as" signs in.
DEPARTMENT = (
    Person("reyes", "Dana Reyes", Role.OFFICER, "Officer", {
        "badge_number": "4127", "phone": "555-0142", "shift": "Tue–Sat, 8 am–4 pm",
        "languages_spoken": "English, Spanish",
    }),
    Person("okafor", "Helen Okafor", Role.SUPERVISOR, "Sergeant", {
        "badge_number": "2210", "phone": "555-0140", "shift": "Mon–Fri, 8 am–4 pm",
        "languages_spoken": "English",
    }),
    Person("whitfield", "Sam Whitfield", Role.ADMIN),
    Person("brandt", "Marcus Brandt", Role.OFFICER, "Officer", {
        "badge_number": "3986", "phone": "555-0143", "shift": "Mon–Fri, 9 am–5 pm",
        "languages_spoken": "English, Polish",
    }),
    Person("tran", "Linh Tran", Role.OFFICER, "Officer", {
        "badge_number": "4301", "phone": "555-0144", "shift": "Wed–Sun, 10 am–6 pm",
        "languages_spoken": "English, Vietnamese",
    }),
    Person("nair", "Priya Nair", Role.OFFICER, "Liaison", {
        "phone": "555-0145", "shift": "Mon–Fri, 8 am–4 pm", "languages_spoken": "English, Hindi, Spanish",
    }),
    Person("pike", "Aaron Pike", Role.SUPERVISOR, "Lieutenant", {
        "badge_number": "1874", "phone": "555-0141", "shift": "Mon–Fri, 7 am–3 pm",
    }),
    Person("albrecht", "Ruth Albrecht", Role.VIEWER, "Commander"),
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """The department's people.

    Args:
        users: their accounts, by the part of the address before the @.
    """

    users: dict[str, User]


def play(demo: Demonstration) -> People:
    """Make the accounts of the department, second factor included."""
    demo.tell("People")
    with clock.at(demo.began):
        return People(
            {
                each.key: make_demo_account(
                    email=f"{each.key}@{DOMAIN}",
                    full_name=each.full_name,
                    role=each.role,
                    title=each.title,
                    **each.details,
                )
                for each in DEPARTMENT
            }
        )


def close(demo: Demonstration) -> None:
    """Count the accounts, those that the rooms above made among them."""
    demo.count(User.objects.filter(is_demo=True).count(), "accounts")


def make_owner(name: str, key: str, **details: Any) -> User:
    """Make the account of a business's owner; the address is at the business's invented domain."""
    first = name.removeprefix("Dr. ").split()[0]
    local = "".join(each for each in first.lower() if each.isascii() and each.isalpha()) or "owner"
    return make_demo_account(
        email=f"{local}@{key}.example", full_name=name, role=Role.MEMBER, totp=False, **details
    )
