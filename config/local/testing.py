"""The embedded servers for pytest: started when the test settings are read, before Django connects
anywhere.
"""

import contextlib
import os
import sys

from .command import use_test_folder
from .errors import LocalError
from .places import data_places
from .services import hold

_held = contextlib.ExitStack()
DATABASES = 15


def prepare_for_pytest() -> None:
    """Have PostgreSQL and Valkey, once for all xdist workers; each worker gets its own database of the
    broker.

    With DATABASE_URL and REDIS_URL set, nothing is started. Outside pytest nothing happens. The servers
    stop when the last pytest process has ended, however it ended.

    Raises:
        pytest.UsageError: they can't be started; one line says why.
    """
    if "pytest" not in sys.modules:
        return
    use_test_folder()
    os.environ["DATA_DIR"] = str(data_places().root)
    (data_places().root / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when it is missing
    # Playwright keeps an event loop open in the main thread; the tests use the ORM there all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is not None:
        _own_broker_database(int(worker.removeprefix("gw")) + 1)
        return
    try:
        # The holds are never let go here: the kernel does it at the end of the process.
        _held.enter_context(hold(data_places()))
    except LocalError as error:
        import pytest

        raise pytest.UsageError(f"The tests can't start: {error}") from None


def _own_broker_database(number: int) -> None:
    base, slash, last = os.environ["REDIS_URL"].rpartition("/")
    if slash and last.isdigit():
        os.environ["REDIS_URL"] = f"{base}/{(int(last) + number) % DATABASES}"
