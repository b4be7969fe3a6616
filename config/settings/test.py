"""Settings of the test suite: the real servers, quick hashes, plain static files."""

from config.local.testing import prepare_for_pytest

prepare_for_pytest()

from .base import *  # noqa: E402, F403  (a settings module extends another, once the environment is whole)
from .base import env  # noqa: E402

SECRET_KEY = "test-only-not-a-secret-0123456789-abcdefghijklmnopqrstuvwxyz"  # noqa: S105
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATABASE_PATIENCE = env.float("DATABASE_PATIENCE", default=10.0)  # a busy machine is not a frozen server
CLOCK_MAY_MOVE = True
DEMO_PERMITTED = True  # off all the same, until a test switches DEMO on
MAIL_PROVIDER = "postmark"
MAIL_WEBHOOK_SECRET = "provider:test-only-not-a-secret"  # noqa: S105
ANYMAIL = {"WEBHOOK_SECRET": MAIL_WEBHOOK_SECRET}
