"""Data of a version whose migrations are not ours is refused in one sentence, before anything is changed."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.local.errors import LocalError
from config.local.prepare import refuse_older_data

pytestmark = pytest.mark.django_db


def test_data_of_this_version_is_taken():
    refuse_older_data()


def test_data_of_another_version_is_refused_with_what_to_do():
    MigrationRecorder(connection).record_applied("core", "0003_mail_reminders_and_consent")
    with pytest.raises(LocalError, match="core.0003_mail_reminders_and_consent.*make demo-reset"):
        refuse_older_data()


def test_what_other_packages_carried_out_is_their_matter():
    MigrationRecorder(connection).record_applied("account", "9999_of_an_allauth_to_come")
    refuse_older_data()
