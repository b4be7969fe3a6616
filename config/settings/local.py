"""Settings of `make run`: one machine, embedded services, the demonstration."""

from config.local.services import fill_environment

fill_environment()

from .base import *  # noqa: E402, F403  (a settings module extends another, once the environment is whole)
from .base import env  # noqa: E402

DEBUG = env.bool("DEBUG", default=False)
DEMO_PERMITTED = True
DEMO = env.bool("DEMO", default=True)
if DEMO:
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="partnerships@riverton.example")
    SERVER_EMAIL = DEFAULT_FROM_EMAIL
SECRET_KEY = env.str("SECRET_KEY", default="local-only-not-a-secret-0123456789-abcdefghijklmnopqrstuvwxyz")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
