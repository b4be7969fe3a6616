"""This room's part of the worlds that tests walk through."""

import tempfile
from pathlib import Path
from typing import Any

from core import clock
from partnerships.businesses import services
from partnerships.businesses.imports.presets import load_preset
from tests.access.refusals import Call
from tests.businesses.files import PRESET, row, write
from tests.factories.accounts import OfficerFactory, UserFactory
from tests.factories.businesses import (
    AreaFactory,
    BusinessFactory,
    DistrictAssignmentFactory,
    MembershipFactory,
)

HARBOR = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"NAME": "Harbor"}, '
    '"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}}]}'
)


def _in_new_folder(name: str) -> Path:
    return Path(tempfile.mkdtemp()) / name


def _areas() -> dict[str, Any]:
    path = _in_new_folder("areas.geojson")
    path.write_text(HARBOR)
    return {"path": path, "kind": "neighborhood", "name_field": "NAME", "valid_from": clock.today()}


def _unlisted(side: Any) -> Any:
    business = BusinessFactory(area=side.area, standing="partner")
    MembershipFactory(user=side.owner, business=business)
    return business


def _own_claim(side: Any) -> Any:
    return services.claim_business(business=BusinessFactory(area=side.area), user=side.owner)


# What each service is tried with, by people who may and by people who may not.
SERVICES = {
    "imports.areas.import_areas": Call(by="supervisor", given=lambda side: _areas()),
    "imports.businesses.import_businesses": Call(
        by="admin",
        given=lambda side: {
            "path": write(_in_new_folder("licenses.csv"), [row()]),
            "preset": load_preset(PRESET),
        },
    ),
    "services.listing.list_business": Call(
        by="owner", given=lambda side: {"business": _unlisted(side), "wording": "I agree."}
    ),
    "services.listing.unlist_business": Call(by="owner", given=lambda side: {"business": side.business}),
    "services.people.claim_business": Call(
        by="owner",
        who="user",
        given=lambda side: {"business": BusinessFactory(area=side.area)},
        anyone=True,
    ),
    "services.people.verify_claim": Call(by="officer", given=lambda side: {"claim": side.claim}),
    "services.people.refuse_claim": Call(
        by="supervisor", given=lambda side: {"claim": side.claim, "reason": "Nobody knew you there."}
    ),
    "services.people.withdraw_claim": Call(by="owner", given=lambda side: {"claim": _own_claim(side)}),
    "services.people.add_membership": Call(
        by="admin", given=lambda side: {"organization": side.organization, "user": UserFactory()}
    ),
    "services.people.change_membership": Call(
        by="owner", given=lambda side: {"membership": side.colleague, "role": "owner", "sites": None}
    ),
    "services.people.remove_membership": Call(by="owner", given=lambda side: {"membership": side.colleague}),
    "services.people.invite_member": Call(
        by="owner",
        given=lambda side: {
            "organization": side.organization,
            "email": "new@people.example",
            "role": "staff",
            "sites": None,
        },
    ),
    "services.people.revoke_invitation": Call(by="owner", given=lambda side: {"invitation": side.invitation}),
    "services.people.accept_invitation": Call(
        by="owner", who="user", given=lambda side: {"invitation": side.invited}
    ),
    "services.people.assign_district": Call(
        by="admin", given=lambda side: {"user": OfficerFactory(), "area": AreaFactory()}
    ),
    "services.people.end_assignment": Call(
        by="admin",
        given=lambda side: {"assignment": DistrictAssignmentFactory(user=side.officer)},
    ),
    "services.registry.add_organization": Call(
        by="officer", given=lambda side: {"name": "Harbor Foods"}, anywhere=True
    ),
    "services.registry.assign_lead": Call(
        by="supervisor", given=lambda side: {"organization": side.organization, "officer": OfficerFactory()}
    ),
    "services.registry.update_organization": Call(
        by="officer", given=lambda side: {"organization": side.organization, "name": "Another name"}
    ),
    "services.registry.add_business": Call(
        by="officer", given=lambda side: {"organization": side.organization, "name": "Second store"}
    ),
    "services.registry.update_business": Call(
        by="owner", given=lambda side: {"business": side.business, "phone": "(312) 555-0199"}
    ),
    "services.registry.add_contact": Call(
        by="officer", given=lambda side: {"organization": side.organization, "name": "Sam Ortiz"}
    ),
    "services.registry.update_contact": Call(
        by="officer", given=lambda side: {"contact": side.contact, "role_title": "Cook"}
    ),
    "services.registry.remove_contact": Call(by="officer", given=lambda side: {"contact": side.contact}),
    "services.registry.note_mail_choice": Call(
        by="officer", given=lambda side: {"contact": side.contact, "purpose": "reminders", "given": False}
    ),
    "services.standing.set_standing": Call(
        by="supervisor", given=lambda side: {"organization": side.organization, "standing": "suspended"}
    ),
}
