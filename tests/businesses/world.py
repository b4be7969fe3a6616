"""This room's part of the worlds that tests walk through."""

import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from accounts.models import User
from core import clock
from core.jobs.models import Job
from core.models import AuditEntry
from partnerships.businesses import services
from partnerships.businesses.imports.presets import load_preset
from partnerships.businesses.imports.redraw import NEW
from partnerships.businesses.jobs import LOOK, TAKE_BACK
from partnerships.businesses.jobs_of_areas import AREAS
from partnerships.businesses.jobs_of_areas import LOOK as LOOK_AT_AREAS
from partnerships.businesses.models import (
    Business,
    Claim,
    Contact,
    DuplicatePair,
    ImportBatch,
    ImportMapping,
    Industry,
    Membership,
    Organization,
)
from tests.access.refusals import Call
from tests.access.samples import Row, Sample, pk
from tests.businesses.files import PRESET, row, write
from tests.factories.accounts import OfficerFactory, UserFactory
from tests.factories.businesses import (
    AreaFactory,
    BusinessFactory,
    ClaimFactory,
    ContactFactory,
    DistrictAssignmentFactory,
    MembershipFactory,
)
from tests.factories.jobs import job

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


# What a first look at a small file found.
LOOKED = {
    "heads": ["Business Name", "Street", "City", "Status"],
    "rows": [{"line": 2, "cells": ["Corner Bean", "12 Elm St", "Riverton", "Active"]}],
    "counted": 1,
    "values": {"Status": ["Active"]},
    "proposal": {
        "columns": {"name": "Business Name", "street": "Street", "city": "City", "license_status": "Status"},
        "sure": {},
        "date_format": "",
        "number_stays": False,
        "shouts": False,
        "statuses": {"Active": "open"},
        "withheld": [],
    },
    "encoding": "utf-8",
    "separator": ",",
    "head_at": 1,
    "sheet": "",
}  # fmt: skip


# What a first look at a small file of areas found, and what its dry run told.
LOOKED_AT_AREAS = {
    "format": "GeoJSON", "encoding": "utf-8", "counted": 1, "missing": 0, "outlined": 1, "crossing": 0,
    "properties": [
        {"name": "DIST_NUM", "examples": ["19"], "different": 1, "empty": 0, "longest": 2},
    ],
    "system": "WGS 84", "says": "", "swapped": False,
    "proposal": {"kind": "district", "name_field": "DIST_NUM", "label_field": "", "parent_field": ""},
}  # fmt: skip
READ_AREAS = {"kind": "district", "name_field": "DIST_NUM", "valid_from": "2012-12-01", "dry_run": True}
AREAS_REPORT = {
    "file": "districts.geojson", "kind": "district", "dry_run": True, "rows": 1, "created": 1, "in_force": 0,
    "unchanged": 0, "across": 2, "outside": 1, "cover_ended": 0, "system": "WGS 84",
    "changes": [
        {"code": "19", "what": NEW, "moves": True, "before": None, "after": 35.2, "gone": 0, "come": 2},
    ],
    "map": {
        "width": 100, "height": 100, "moved": "",
        "areas": [{"code": "19", "what": NEW, "d": "M5 5 95 5 95 95Z", "old": "", "x": 50, "y": 40}],
    },
}  # fmt: skip


def _own_claim(side: Any) -> Any:
    return services.claim_business(business=BusinessFactory(area=side.area), user=side.owner)


def _refused_claim(side: Any) -> Any:
    return services.refuse_claim(claim=_own_claim(side), actor=side.officer, reason="Bring the lease.")


def pair(side: Any, *, status: str = "open", **more: Any) -> DuplicatePair:
    """Two records of one place, to be looked at."""
    one, other = (BusinessFactory(area=side.area, name="Corner Bean", **more) for _n in range(2))
    row = DuplicatePair.objects.create(
        one=one, other=other, score=96, reasons=[["same_name", 4.0], ["same_phone", 2.5]]
    )
    return row if status == "open" else services.dismiss_pair(pair=row, actor=None)


def _merged(side: Any) -> Any:
    found = pair(side)
    return services.merge_businesses(kept=found.one, gone=found.other, actor=None)


def _apart(side: Any) -> dict[str, Any]:
    found = pair(side)
    return {"kept": found.one, "gone": found.other}


def fill(side: SimpleNamespace) -> None:
    """A listed business with its people, and others around it."""
    side.business = BusinessFactory(area=side.area, standing="partner")
    side.organization = side.business.organization
    side.membership = MembershipFactory(user=side.owner, business=side.business)
    side.business = services.list_business(
        business=side.business, actor=side.owner, wording=services.listing_wording(side.business)
    )
    side.colleague = MembershipFactory(user=UserFactory(), business=side.business, role="staff")
    side.invitation = services.invite_member(
        organization=side.organization,
        email=f"colleague{side.organization.pk}@people.example",
        role="staff",
        sites=None,
        actor=side.owner,
    )
    neighbor = MembershipFactory(user=UserFactory(), business=BusinessFactory(area=side.area))
    side.invited = services.invite_member(
        organization=neighbor.organization,
        email=side.owner.email,
        role="staff",
        sites=None,
        actor=neighbor.user,
    )
    side.contact = ContactFactory(business=side.business)
    side.unreachable = ContactFactory(business=side.business, email=f"gone{side.business.pk}@people.example")
    side.claim = ClaimFactory(business=BusinessFactory(area=side.area), user=UserFactory())
    side.refused_claim = _refused_claim(side)
    side.prospect = BusinessFactory(area=side.area)
    side.pair, side.dismissed_pair = pair(side), pair(side, status="dismissed")
    side.merge = _merged(side)
    side.small_organization = BusinessFactory(area=side.area).organization


def settle(side: SimpleNamespace) -> None:
    """Imports, and the rows of the registry that only an administrator opens."""
    side.tried_import, side.import_job = (job("done", dry_run=dry_run) for dry_run in (True, False))
    side.looked_at = job("done", kind=LOOK, result=LOOKED)
    side.looked_at_areas = job("done", kind=LOOK_AT_AREAS, result=LOOKED_AT_AREAS)
    side.tried_areas = job("done", kind=AREAS, arguments=READ_AREAS, result=AREAS_REPORT)
    side.mapping = ImportMapping.objects.create(key=f"county{side.organization.pk}", label="County licenses")
    side.batch = ImportBatch.objects.create(kind="businesses", file_name="licenses.csv")
    report = {**side.import_job.result, "batch": side.batch.pk}
    Job.objects.filter(pk=side.import_job.pk).update(result=report)
    undone = ImportBatch.objects.create(kind="businesses", preset="old", taken_back_at=clock.now())
    side.undo_job = job(
        "done",
        kind=TAKE_BACK,
        arguments={"batch": undone.pk, "file": "old.csv"},
        result={"removed": 1, "organizations": 1, "restored": 2, "stayed": 0},
    )
    side.industry = Industry.objects.order_by("pk").first()


MOVING = (User, Membership, Claim)


def grow(side: SimpleNamespace, numbers: range) -> None:
    """Businesses of their own (`side.grown`), sites of the chain, people, claims, contacts, the record."""
    people = User.objects.bulk_create(
        User(email=f"grown{n}@people.example", full_name=f"Person {n}", password="!") for n in numbers
    )
    side.grown = _shops(side, numbers)
    Membership.objects.bulk_create(
        Membership(user=each, organization=side.organization, role="staff") for each in people
    )
    Claim.objects.bulk_create(
        Claim(user=person, business=shop) for person, shop in zip(people, side.grown, strict=True)
    )
    Contact.objects.bulk_create(
        Contact(
            organization=side.organization, business=side.business, name=f"Contact {n}",
            email=f"contact{n}@people.example",
        )
        for n in numbers
    )  # fmt: skip
    DuplicatePair.objects.bulk_create(
        DuplicatePair(one=one, other=other, score=80 + n % 20, reasons=[["same_name", 4.0]])
        for n, (one, other) in enumerate(zip(side.grown, side.grown[1:], strict=False))
    )
    AuditEntry.objects.bulk_create(
        AuditEntry(
            verb="businesses.business_changed", target_type="businesses.business",
            target_id=str(side.business.pk), actor_label="Someone",
        )
        for _n in numbers
    )  # fmt: skip


def _shops(side: SimpleNamespace, numbers: range) -> list[Business]:
    organizations = Organization.objects.bulk_create(
        Organization(name=f"Grown {n}", lead_officer=side.officer) for n in numbers
    )
    Business.objects.bulk_create(  # further sites of the chain
        Business(
            organization=side.organization, name=f"Site {n}", area=side.area, slug=f"site-{side.area.pk}-{n}"
        )
        for n in numbers
    )
    return Business.objects.bulk_create(
        Business(organization=each, name=each.name, area=side.area, slug=f"grown-{each.pk}")
        for each in organizations
    )


# Models whose rows have an owner, and what such a row is called on a side.
FOREIGN = {
    Business: "business",
    Organization: "organization",
    Contact: "contact",
    DuplicatePair: "pair",
    Membership: "membership",
    Claim: "claim",
}
# Who opens each page with a form over a row.
EDITS = {
    "portal:business_edit": "owner",
    "portal:person_edit": "owner",
    "desk:business_edit": "officer",
    "desk:organization_edit": "officer",
    "desk:contact_edit": "officer",
}
# For each URL with arguments: the objects of one side that it is tried on.
SAMPLES: dict[str, Sample] = {
    "public:partner": lambda side: {"slug": side.business.slug},
    "portal:business": pk("business"),
    "portal:business_edit": pk("business"),
    "portal:business_listing": pk("business"),
    "portal:person_invite": pk("organization"),
    "portal:person_edit": pk("colleague"),
    "portal:person_remove": pk("colleague"),
    "public:invited": lambda side: {"token": services.invitation_token(side.invitation)},
    "portal:invitation_revoke": pk("invitation"),
    "portal:invitation": lambda side: {"token": services.invitation_token(side.invited)},
    "desk:business_edit": pk("business"),
    "desk:contact_add": pk("business"),
    "desk:contact_edit": pk("contact"),
    "desk:contact_mail": pk("contact"),
    "desk:contact_mail_lift": pk("contact"),
    "desk:contact_remove": pk("contact"),
    "desk:organization_edit": pk("organization"),
    "desk:claim": pk("claim"),
    "desk:duplicate": pk("pair"),
    "desk:duplicate_dismiss": pk("pair"),
    "desk:duplicate_reopen": pk("dismissed_pair"),
    "desk:duplicate_merge": pk("pair"),
    "desk:merge": pk("merge"),
    "desk:merge_undo": pk("merge"),
    "desk:organization_gather": pk("organization"),
    "desk:organization_gather_one": lambda side: {
        "pk": side.organization.pk,
        "other": side.small_organization.pk,
    },
    "desk:claim_reopen": pk("refused_claim"),
    "desk:claim_withdraw": pk("claim"),
    "portal:claim_withdraw": lambda side: {"pk": _own_claim(side).pk},
    "desk:areas_meaning": pk("looked_at_areas"),
    "desk:areas_run": pk("tried_areas"),
    "desk:import_columns": pk("looked_at"),
    "desk:import_run": pk("tried_import"),
    "desk:import_rows": pk("import_job"),
    "desk:import_changes": pk("import_job"),
    "desk:import_undo": pk("import_job"),
    "desk:import_stays": pk("undo_job"),
    "desk:mapping": pk("mapping"),
    "desk:mapping_file": pk("mapping"),
    "desk:import_report": pk("import_job"),
    "desk:import_left_out": pk("import_job"),
}
# For each model in Django's admin: the row that its pages are tried on.
ADMIN_ROWS: dict[str, Row] = {
    "businesses_organization": lambda world: world.home.organization,
    "businesses_business": lambda world: world.home.business,
    "businesses_contact": lambda world: world.home.contact,
    "businesses_membership": lambda world: world.home.membership,
    "businesses_claim": lambda world: world.home.claim,
    "businesses_industry": lambda world: world.home.industry,
    "businesses_area": lambda world: world.home.area,
    "businesses_districtassignment": lambda world: world.home.assignment,
    "businesses_importbatch": lambda world: world.home.batch,
    "businesses_importmapping": lambda world: world.home.mapping,
}


def _tried() -> Any:
    """A dry run that is done, and whose file is kept."""
    return job("done")


def _tried_areas() -> Any:
    """A dry run of areas that is done, and whose file is kept."""
    return job("done", kind=AREAS, arguments=READ_AREAS, result=AREAS_REPORT)


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
    "jobs_of_areas.begin_areas": Call(by="supervisor", given=lambda side: {"tried": _tried_areas()}),
    "duplicates.scan.find_duplicates": Call(by="supervisor", given=lambda side: {}),
    "jobs_of_duplicates.ask_for_duplicates": Call(by="supervisor", given=lambda side: {}),
    "services.duplicates.dismiss_pair": Call(by="officer", given=lambda side: {"pair": side.pair}),
    "services.duplicates.reopen_pair": Call(by="officer", given=lambda side: {"pair": side.dismissed_pair}),
    "services.merges.merge_businesses": Call(by="supervisor", given=_apart),
    "services.merges.gather_organization": Call(
        by="supervisor",
        given=lambda side: {"kept": side.organization, "gone": side.small_organization},
    ),
    "services.merges.undo_merge": Call(by="supervisor", given=lambda side: {"merge": side.merge}),
    "jobs.begin_import": Call(by="supervisor", given=lambda side: {"tried": _tried()}),
    "services.listing.list_business": Call(
        by="owner", given=lambda side: {"business": _unlisted(side), "wording": "I agree."}
    ),
    "services.listing.unlist_business": Call(by="owner", given=lambda side: {"business": side.business}),
    "services.claims.claim_business": Call(
        by="owner",
        who="user",
        given=lambda side: {"business": BusinessFactory(area=side.area)},
        anyone=True,
    ),
    "services.claims.verify_claim": Call(by="officer", given=lambda side: {"claim": side.claim}),
    "services.claims.refuse_claim": Call(
        by="supervisor", given=lambda side: {"claim": side.claim, "reason": "Nobody knew you there."}
    ),
    "services.claims.reopen_claim": Call(by="officer", given=lambda side: {"claim": _refused_claim(side)}),
    "jobs.begin_taking_back": Call(
        by="supervisor",
        given=lambda side: {"batch": ImportBatch.objects.create(kind="businesses", preset=f"by-{side.area}")},
    ),
    "imports.taking_back.take_back": Call(
        by="supervisor",
        given=lambda side: {"batch": ImportBatch.objects.create(kind="businesses", preset=f"of-{side.area}")},
    ),
    "services.mappings.keep_mapping": Call(
        by="supervisor",
        given=lambda side: {"label": "County licenses", "says": {"columns": {"name": "A", "street": "B"}}},
    ),
    "services.claims.withdraw_claim": Call(by="owner", given=lambda side: {"claim": _own_claim(side)}),
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
