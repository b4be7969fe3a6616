"""Settings of the running stack that browser and process tests drive: the test settings, with quick ticks."""

import os

from .base import *  # noqa: F403  (a settings module extends another)
from .base import CELERY_BEAT_SCHEDULE, CELERY_BROKER_TRANSPORT_OPTIONS, env
from .test import *  # noqa: F403  (later names win)

DEMO_PERMITTED = True
DEMO = env.bool("DEMO", default=True)
CLOCK_MAY_MOVE = True

MAIL_TICK = 0.5
REMINDER_TICK = 1.0
TICKS = {"drain-outbox": MAIL_TICK, "plan-reminders": REMINDER_TICK}
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": TICKS.get(name, entry["schedule"]), "options": {"expires": 5.0}}
    for name, entry in CELERY_BEAT_SCHEDULE.items()
}
# The stack shares the test's broker; its keys and messages do not mix with the others.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "global_keyprefix": os.environ.get("STACK_PREFIX", "stack:"),
}
WHITENOISE_USE_FINDERS = True
