"""This room's part of the worlds that tests walk through."""

from tests.access.refusals import Call
from tests.access.samples import Row, Sample
from tests.factories.accounts import OfficerFactory, UserFactory

# Who opens each page with a form over a row.
EDITS = {"account_details": "owner"}
# For each URL with arguments: the objects of one side that it is tried on.
SAMPLES: dict[str, Sample] = {
    "account_reset_password_from_key": lambda side: {"uidb36": "1", "key": "none"},
}
# For each model in Django's admin: the row that its pages are tried on.
ADMIN_ROWS: dict[str, Row] = {
    "accounts_user": lambda world: world.people["officer"],
}


# What each service is tried with, by people who may and by people who may not.
SERVICES = {
    "services.add_user": Call(
        by="admin",
        given=lambda side: {"email": "new@department.example", "full_name": "New Hand", "role": "officer"},
    ),
    "services.update_user": Call(
        by="owner", given=lambda side: {"user": side.owner, "changes": {"full_name": "Rosa D."}}
    ),
    "services.choose_mail": Call(
        by="owner", given=lambda side: {"user": side.owner, "chosen": {"reminders": False}}
    ),
    "services.set_role": Call(by="admin", given=lambda side: {"user": UserFactory(), "role": "officer"}),
    "services.deactivate_user": Call(by="admin", given=lambda side: {"user": UserFactory()}),
    "services.reactivate_user": Call(by="admin", given=lambda side: {"user": UserFactory(is_active=False)}),
    "services.reset_second_factor": Call(by="admin", given=lambda side: {"user": OfficerFactory(totp=True)}),
}
