"""Settings of the running stack that browser and process tests drive: the test settings, with quick ticks."""

import os

from .base import *  # noqa: F403  (a settings module extends another)
from .base import CELERY_BROKER_TRANSPORT_OPTIONS, env
from .test import *  # noqa: F403  (later names win)

DEMO_PERMITTED = True
DEMO = env.bool("DEMO", default=True)
CLOCK_MAY_MOVE = True

MAIL_TICK = 0.5
REMINDER_TICK = 1.0
JOB_TICK = 0.5
BEAT_EXPIRES = 5.0
# The stack shares the test's broker; its keys and messages do not mix with the others.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "global_keyprefix": os.environ.get("STACK_PREFIX", "stack:"),
}
WHITENOISE_USE_FINDERS = True
