"""`manage.py` with the servers it needs, and errors from outside told in one line."""

import os
import sys
from urllib.parse import urlsplit

from .addresses import check_environment
from .errors import LocalError, explain
from .places import data_places
from .services import hold

# They need neither a database nor a broker.
ALONE = frozenset(
    {
        "help",
        "version",
        "--help",
        "-h",
        "--version",
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "makemessages",
        "startapp",
        "startproject",
    }
)


def needs_servers(arguments: list[str]) -> bool:
    """Whether a command line wants the database.

    Args:
        arguments: `sys.argv` of `manage.py`.
    """
    words = arguments[1:]
    if not words or words[0] in ALONE and "--database" not in words:
        return False
    return not {"--help", "-h", "--version"} & set(words)


def execute(arguments: list[str]) -> None:
    """Run a management command.

    Args:
        arguments: `sys.argv` of `manage.py`.

    Raises:
        SystemExit: always with a code; 1 and one line when something outside the product is wrong.
    """
    settings = os.environ["DJANGO_SETTINGS_MODULE"]
    embedded = settings in {"config.settings.local", "config.settings.test"}
    if settings == "config.settings.test":
        use_test_folder()
    try:
        check_environment()
        if embedded and needs_servers(arguments):
            with hold(data_places()):
                _execute(arguments)
        else:
            _execute(arguments)
    except LocalError as error:
        sys.exit(f"manage.py: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def use_test_folder() -> None:
    """Tests have their own data folder and a database that need not survive a power cut."""
    os.environ["EMBEDDED_FOR_TESTS"] = "1"
    os.environ.setdefault("DATA_DIR", "var/test")


def _execute(arguments: list[str]) -> None:
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db.utils import InterfaceError, OperationalError, ProgrammingError
    except ImportError as error:
        raise LocalError(
            f"{error.name or 'a package'} is not installed in this Python. Run `make setup`, "
            f"then .venv/bin/python manage.py."
        ) from error
    try:
        execute_from_command_line(arguments)
    except (OperationalError, InterfaceError, ProgrammingError, ImproperlyConfigured, OSError) as error:
        unforeseen = isinstance(error, ProgrammingError) and not _not_prepared(error)
        if unforeseen or "--traceback" in arguments:
            raise
        raise LocalError(sentence(error)) from error


def _not_prepared(error: BaseException) -> bool:
    """Whether a table is missing: nobody migrated this database yet."""
    return type(error.__cause__).__name__ == "UndefinedTable"


def sentence(error: BaseException) -> str:
    """One line about an error that came from outside, or the plain name of one that did not.

    Args:
        error: what was raised.
    """
    if isinstance(error, LocalError):
        return str(error)
    kind = type(error).__name__
    line = " ".join(str(error).split())
    cause = type(error.__cause__).__name__ if error.__cause__ else ""
    place = urlsplit(os.environ.get("DATABASE_URL", ""))
    where = f"{place.hostname or 'localhost'}:{place.port or 5432}"
    if "DiskFull" in (kind, cause) or "No space left on device" in line:
        return (
            f"The disk of the database at {where} is full. Free some space, then try again; "
            f"nothing half-done was kept."
        )
    if _not_prepared(error):
        return (
            f"The database at {where} has no tables yet. Run `make run` once, or "
            f"`.venv/bin/python manage.py migrate`, then try again."
        )
    if "password authentication failed" in line or "no password supplied" in line:
        return f"The database at {where} refuses the user or password. Correct DATABASE_URL."
    if 'database "' in line and "does not exist" in line:
        return (
            f"The database at {where} has no database {place.path.strip('/')}. Create it, or "
            f"correct DATABASE_URL."
        )
    if kind in {"OperationalError", "InterfaceError"} and (
        "connect" in line
        or "closed" in line
        or "resolve" in line
        or "shutting down" in line
        or "starting up" in line
    ):
        return f"The database at {where} can't be reached. Start it or correct DATABASE_URL, then try again."
    if isinstance(error, OSError):
        return str(explain(error, data_places().root)) if error.errno == 28 else f"{kind}: {line}"
    return f"{kind}: {line}"
