"""Addresses that a browser sent as `rosa@xn--mller-kva.example` are kept in the letters that people read."""

import pgtrigger
from django.db import IntegrityError, migrations, transaction

from core.mailboxes import normal

# Wherever an address is looked up by its spelling, from the bottom of the house to the top.
COLUMNS = [
    ("mail", "Consent", "address"),
    ("mail", "Suppression", "address"),
    ("mail", "Reminder", "to"),
    ("accounts", "User", "email"),
    ("account", "EmailAddress", "email"),
    ("businesses", "Contact", "email"),
    ("businesses", "Business", "email_on_record"),
    ("businesses", "Invitation", "email"),
    ("vetting", "Application", "contact_email"),
    ("events", "Registration", "email"),
]


def respell(apps, schema_editor):
    """Where the other spelling stands beside it already, both rows stay as they are."""
    # Of a choice about mail the spelling of the address is not what was chosen.
    with pgtrigger.ignore("mail.Consent:append_only"):
        for label, name, field in COLUMNS:
            rows = apps.get_model(label, name)._base_manager
            found = rows.filter(**{f"{field}__contains": "xn--"}).values_list("pk", field)
            for pk, address in list(found):
                try:
                    with transaction.atomic():
                        rows.filter(pk=pk).update(**{field: normal(address)})
                except IntegrityError:
                    continue


class Migration(migrations.Migration):

    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts", "0005_mail_addresses"),
        ("businesses", "0014_names_in_order"),
        ("events", "0012_names_in_order"),
        ("mail", "0007_words_of_the_states"),
        ("vetting", "0012_what_criteria_are_called"),
    ]

    operations = [migrations.RunPython(respell, migrations.RunPython.noop)]
