"""Looks for the room of `tests/house/tools` in a house to which it was added; prints what it finds as JSON.

Run by `test_a_room_is_added.py` in a process of its own, with settings and a database of its own.
"""

import json
import re
from datetime import time, timedelta
from typing import Any

import django

django.setup()

from django.contrib import admin  # noqa: E402  (after the setup)
from django.core.checks import run_checks  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.urls import get_resolver, reverse  # noqa: E402

from accounts.demo import People  # noqa: E402
from core import access, clock, privacy, rooms  # noqa: E402
from core.access import Refused  # noqa: E402
from core.demo import Demonstration  # noqa: E402
from core.demo.moments import Moments  # noqa: E402
from core.mail.models import OutgoingMail, ReminderRule  # noqa: E402
from core.mail.outbox import catalog  # noqa: E402
from core.mail.reminders import plan, sources  # noqa: E402
from core.models import Department  # noqa: E402
from partnerships.businesses.demo import Shops  # noqa: E402
from partnerships.businesses.demo.shops import Shop  # noqa: E402
from tests.access.urls import every_url  # noqa: E402
from tests.factories.accounts import (  # noqa: E402
    AdminFactory,
    OfficerFactory,
    SupervisorFactory,
    UserFactory,
    ViewerFactory,
    sign_in,
)
from tests.factories.businesses import AreaFactory, BusinessFactory, DistrictAssignmentFactory  # noqa: E402


def page(user: Any, address: str, **data: Any) -> Any:
    """What a page answers to a person; with data, to their POST."""
    browser = sign_in(Client(), user)
    return browser.post(address, data) if data else browser.get(address)


def status(person: Any, address: str) -> int:
    """What an address answers to a person, `None` for a visitor."""
    browser = sign_in(Client(), person) if person else Client()
    return browser.get(address).status_code


def main() -> dict[str, Any]:
    """Add the tables, use the room as people do, and say where it was found."""
    call_command("makemigrations", "tools", verbosity=0)
    call_command("migrate", verbosity=0)
    setup_test_environment()
    from tools import services  # type: ignore[import-not-found]  # only here, in the house that has it
    from tools.models import Loan  # type: ignore[import-not-found]

    Department.objects.get_or_create(pk=1)
    area = AreaFactory()
    officer, viewer, owner = OfficerFactory(), ViewerFactory(), UserFactory()
    stranger = OfficerFactory()
    DistrictAssignmentFactory(user=officer, area=area)
    shop = BusinessFactory(name="Corner Bean", area=area)
    found: dict[str, Any] = {"faults": [each.msg for each in run_checks() if "tools" in str(each.msg)]}
    # The form, through the page
    form = page(officer, reverse("desk:loan_add")).content.decode()
    (once,) = re.findall(r'name="(\w+)" value="([^"]+)" id="id_\1"', form)[:1] or [("", "")]
    due = (clock.today() + timedelta(days=1)).isoformat()
    typed = {"business": shop.pk, "title": "Ladder", "email": owner.email, "due_on": due, once[0]: once[1]}
    found["added"] = page(officer, reverse("desk:loan_add"), **typed).status_code
    loan = Loan._base_manager.get()
    # Navigation, list, detail, file
    found["navigation"] = f'<a href="{reverse("desk:loans")}"' in page(officer, "/desk/").content.decode()
    found["list"] = "Ladder" in page(officer, reverse("desk:loans")).content.decode()
    found["file"] = "Ladder" in b"".join(page(officer, reverse("desk:loans") + "?as=csv")).decode("utf-8-sig")
    found["detail"] = "Ladder" in page(officer, loan.get_absolute_url()).content.decode()
    found["detail of a stranger"] = page(stranger, loan.get_absolute_url()).status_code
    found["form of a viewer"] = page(viewer, reverse("desk:loan_add")).status_code
    # Admin, matrix
    found["admin"] = admin.site.is_registered(Loan)
    found["admin page"] = (
        "Ladder" in page(AdminFactory(), reverse("admin:tools_loan_changelist")).content.decode()
    )
    declared = {name: access.declared(pattern.callback) for name, pattern in every_url(get_resolver())}
    found["matrix"] = {
        name: list(declared[name] or ()) for name in ("desk:loans", "desk:loan", "desk:loan_add")
    }
    people = {"visitor": None, "owner": owner, "officer": officer, "supervisor": SupervisorFactory(),
              "viewer": viewer, "admin": AdminFactory()}  # fmt: skip
    addresses = {
        "desk:loans": reverse("desk:loans"),
        "desk:loan": loan.get_absolute_url(),
        "desk:loan_add": reverse("desk:loan_add"),
        "admin:tools_loan_changelist": reverse("admin:tools_loan_changelist"),
    }
    found["roles"] = {
        name: {role: status(person, address) for role, person in people.items()}
        for name, address in addresses.items()
    }
    # Mail, reminders
    found["catalog"] = sorted(name for name in catalog() if name.startswith("tools/"))
    found["mail"] = OutgoingMail.objects.filter(template="tools/lent", to=owner.email).count()
    found["source"] = "tools.due" in sources()
    # Due from midnight on, at whatever hour this runs.
    ReminderRule.objects.update(activated_at=clock.now() - timedelta(days=30), at=time(0))
    plan(clock.now())
    found["reminded"] = OutgoingMail.objects.filter(template="tools/due", to=owner.email).count()
    # Export, story
    found["export"] = privacy.export(owner)["tools"]["loans"][0]["title"]
    story = page(officer, reverse("desk:business", args=[shop.pk]) + "?story=tools").content.decode()
    found["story"] = "Has our Ladder" in story
    # Demonstration: as `core.demo.build` calls it, after the rooms below
    demo = Demonstration(Moments(clock.now(), Department.current().zone), lambda line: None)
    demo.keep(People({"reyes": officer}))
    demo.keep(Shops([Shop("corner-bean", "prospect", False, 2001, "en", shop)]))
    for what in ("play", "close"):
        dict(rooms.offered("demo", what))["tools"](demo)
    found["demonstration"] = demo.counts
    # Workflow
    try:
        services.bring_back(loan=loan, actor=viewer)
    except Refused:
        found["refused"] = True
    services.bring_back(loan=loan, actor=officer)
    loan.refresh_from_db()
    found["status"] = loan.status
    try:
        with transaction.atomic():
            Loan._base_manager.update(status="lent")
    except DatabaseError:
        found["held by the database"] = True
    return found


if __name__ == "__main__":
    print(json.dumps(main()))
