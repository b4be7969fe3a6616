"""Settings shared by every environment. Everything a deployment changes comes from the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.rooms import ROOMS

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

DEBUG = False
DEMO = False
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.str('PORT', default='8000')}")
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "config",
    *ROOMS,
    "core.adminsite.config.RegistryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "anymail",
    "crispy_forms",
    "django_filters",
    "csp",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "core.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.NoNullsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.DepartmentMiddleware",
    "accounts.middleware.SafeNextMiddleware",
    "core.pages.again.BackFindsAnswersMiddleware",
    "accounts.middleware.StaffSessionMiddleware",
    "accounts.devices.KnownDeviceMiddleware",
    "accounts.unsent.UnsentFormsMiddleware",
    "core.pages.errors.ButtonOnlyMiddleware",
    "core.middleware.DefaultDenyMiddleware",
    "core.pages.pause.PaceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.pages.context_processors.product",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["uswds"]
CRISPY_TEMPLATE_PACK = "uswds"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", default="postgresql://localhost/partnerships"),
        "ENGINE": "core.postgres",  # Django's, with patience
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
# Seconds until a database that says nothing to a new connection, or to the question whether an old one still
# stands, counts as away. A statement may take longer.
DATABASE_PATIENCE = env.float("DATABASE_PATIENCE", default=1.0)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions, rate limits and counters live in Postgres: without the broker only mail waits.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        # Django drops counters of tries above 300 rows. Each write counts the rows, so not too many.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.unsent.csrf_failure"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "core.backends.GuardBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=1).total_seconds())
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.validators.EasyPasswordValidator"},
]

# Sign-in: an emailed code first, a password optional, TOTP as the second factor.
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.SignUpForm",
    "request_login_code": "accounts.forms.RequestCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmCodeForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmAddressForm",
    "add_email": "accounts.forms.OtherEmailForm",
    "change_email": "accounts.forms.NewEmailForm",
    "change_password": "accounts.forms.OtherPasswordForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
    "set_password": "accounts.forms.FirstPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = int(timedelta(minutes=15).total_seconds())
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_REDIRECT_URL = "/accounts/home/"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(timedelta(minutes=15).total_seconds())
# Counted in the Postgres cache. `key` is the address and the device or network, see `accounts.devices`; never
# the address alone, or a stranger would keep its owner out. The last two are counted by our forms. Nothing is
# counted per network alone: many people share one, so it is slowed down and never refused.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "5/15m/key",
    "request_login_code": "5/15m/key",
    "reset_password": "",
    "reset_password_from_key": "",
    "signup": "",
    "confirm_email": "",
    "signup_mail": "5/15m/key",
    "reset_password_mail": "5/15m/key",
    "reset_password_mail_everywhere": "20/1h/key",
}
# Forms that anyone can send: how many may come from one network at once, and then one each so many seconds.
PACE_OF_FORMS = {
    "public:rsvp": (60, 2),
    "public:rsvp_confirm": (60, 2),
    "public:rsvp_resend": (20, 3),
    "account_login": (30, 2),
    "account_request_login_code": (20, 3),
    "account_confirm_login_code": (60, 2),
    "account_signup": (20, 3),
    "account_email_verification_sent": (60, 2),
    "account_reset_password": (20, 3),
    "account_reset_password_from_key": (20, 3),
}
# Searches with words in them, all in one line: nobody types as many, a program that copies the site does.
PACE_OF_SEARCHES = (120, 5)
SEARCHES = ("public:partners", "public:events", "public:events_past", "portal:application_start")
# How many proxies of ours stand before the application; only then is X-Forwarded-For believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/accounts/home/"
LOGOUT_REDIRECT_URL = "/"
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.ActivateSecondFactorForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = timedelta(hours=12)
MFA_TOTP_TOLERANCE = 1
STAFF_IDLE_TIMEOUT = timedelta(minutes=30)
STAFF_SHIFT = timedelta(hours=12)
STAFF_FRESH = timedelta(minutes=15)  # decisions ask for the second factor again after this long
ADMIN_FRESH = timedelta(minutes=30)
# The demonstration signs people in with one click. Only settings that say so may switch it on.
DEMO_PERMITTED = False

LANGUAGE_CODE = "en"
# Only languages that `locale/` translates: half a translation declares a language the page is not in.
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/Chicago"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Pictures of streets below the map of businesses: "https://{s}.tile.example/{z}/{x}/{y}.png", and who made
# them. Nobody by default; a server that is named learns where each officer looks.
MAP_TILES = env.str("MAP_TILES", default="")
MAP_ATTRIBUTION = env.str("MAP_ATTRIBUTION", default="")
X_FRAME_OPTIONS = "DENY"  # the mail preview alone is framed, by our own page
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# Mail: the outbox is the truth, Celery is the muscle. `core.mail.checks` holds the order of these figures.
_email = env.email_url("EMAIL_URL", default="smtp://127.0.0.1:1025")
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_URL_OPTIONS = sorted(_email.get("OPTIONS", {}))  # refused by a check: nobody reads them
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # seconds for one step of SMTP
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="partnerships@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_PAUSED = env.bool("MAIL_PAUSED", default=False)
MAIL_BATCH = env.int("MAIL_BATCH", default=20)  # mails claimed at once, over one connection
MAIL_TICK = env.float("MAIL_TICK", default=10.0)
HEARTBEAT_TICK = 30.0
MAIL_RELAY_TICK = env.float("MAIL_RELAY_TICK", default=300.0)  # seconds between two looks
MAIL_LEASE = env.float("MAIL_LEASE", default=120.0)
MAIL_CODE_LEASE = env.float("MAIL_CODE_LEASE", default=10.0)  # of sign-in codes: someone waits for them
# A sent mail is noted again and again for MAIL_RECORD_FOR seconds while the database is away. That must fit
# into the task's limit after the longest drain, so that an outage of half a minute repeats nothing.
MAIL_DRAIN_LIMIT = env.float("MAIL_DRAIN_LIMIT", default=20.0)
MAIL_RECORD_FOR = env.float("MAIL_RECORD_FOR", default=35.0)
MAIL_TASK_LIMIT = env.int("MAIL_TASK_LIMIT", default=60)
MAIL_BACKOFF = env.list("MAIL_BACKOFF", cast=float, default=[60, 300, 900, 3600])  # seconds; the last repeats
MAIL_GIVE_UP_AFTER = timedelta(days=1)
MAIL_RATE_PER_SECOND = env.float("MAIL_RATE_PER_SECOND", default=0.0)  # of all workers together; 0: no limit
# The provider that tells us of bounces and complaints, by anymail's name for it, such as postmark or mailgun.
# Its events are taken only with a secret, "user:password" of HTTP basic authentication; see docs/mail.md.
MAIL_PROVIDER = env.str("MAIL_PROVIDER", default="")
MAIL_WEBHOOK_SECRET = env.str("MAIL_WEBHOOK_SECRET", default="")
ANYMAIL = {
    **{
        name.removeprefix("ANYMAIL_"): value
        for name, value in environ.Env.ENVIRON.items()
        if name[:8] == "ANYMAIL_"
    },
    "WEBHOOK_SECRET": MAIL_WEBHOOK_SECRET,
}
REMINDER_TICK = env.float("REMINDER_TICK", default=300.0)
REMINDER_TASK_LIMIT = 300  # seconds; what a planner left undone, the next does
# Jobs: long work, see docs/jobs.md. A worker's process is taken for as long as one runs, so not too many.
JOBS_AT_ONCE = env.int("JOBS_AT_ONCE", default=1)  # of all workers together
JOB_TICK = env.float("JOB_TICK", default=10.0)
JOB_PULSE = env.float(
    "JOB_PULSE", default=1.0
)  # seconds between two notes of progress, each renewing the claim
JOB_LEASE = env.float("JOB_LEASE", default=30.0)  # a worker that is not heard of for so long has lost its job
JOB_ATTEMPTS = 3  # a job whose worker died so often may be what kills it
JOB_TASK_LIMIT = env.int("JOB_TASK_LIMIT", default=4 * 3600)
JOB_MAIL_AFTER = timedelta(minutes=1)
JOB_FILES_KEPT = timedelta(days=7)  # after the last job that needs the file has ended
# Alarm levels of the health page, in seconds: late is a warning, down answers 503.
HEALTH_BEAT_LATE = 120
HEALTH_BEAT_DOWN = 600
HEALTH_MAIL_LATE = 900
HEALTH_MAIL_DOWN = 7200
HEALTH_JOB_LATE = 900
HEALTH_JOB_DOWN = 7200  # and none runs
HEALTH_JOB_ABANDONED = 120  # after the end of its lease; every tick looks for such jobs
HEALTH_DISK_LATE = 2 * 1024**3  # bytes that are left where files are kept
HEALTH_DISK_DOWN = 200 * 1024**2

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Two: a sign-in code does not wait while the planner writes a day's reminders.
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_TASK_TIME_LIMIT = MAIL_TASK_LIMIT
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 300,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: a broker that comes back finds its worker waiting
CELERY_TIMEZONE = "UTC"
CELERY_TASK_DEFAULT_QUEUE = "partnerships"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "run" / "beat-schedule")
# What beat asks for stands in the rooms: `BEAT` in their `tasks.py`. A task that waited this long is dropped;
# `None` is until the next one comes.
BEAT_EXPIRES: float | None = None

# The one clock of the services may be moved only where a test says so.
CLOCK_MAY_MOVE = False

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"refusals": {"()": "core.logs.RefusalsInOneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Each tick is sent, received and done: three lines every few seconds. Failures are told.
    "loggers": {
        name: {"level": "DEBUG" if LOG_LEVEL == "DEBUG" else "WARNING"}
        for name in ("celery.beat", "celery.worker.strategy", "celery.app.trace")
    },
}
