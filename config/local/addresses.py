"""Addresses given by the environment: checked before anything is started, and reported in one line."""

import os
import socket
from urllib.parse import SplitResult, urlsplit, urlunsplit

from .errors import LocalError

DATABASE_SCHEMES = ("postgres", "postgresql")
BROKER_SCHEMES = ("redis", "rediss", "valkey", "valkeys")
MAIL_SCHEMES = ("smtp", "smtps", "smtp+tls", "smtp+ssl")


def parts(name: str, schemes: tuple[str, ...], example: str) -> SplitResult | None:
    """The parts of an address in the environment.

    Args:
        name: the variable.
        schemes: what it may begin with.
        example: what a good one looks like.

    Returns:
        The parts, or `None` when the variable is not set.

    Raises:
        LocalError: it is set, but is no such address.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    wanted = f"{name} must look like {example}; "
    try:
        found = urlsplit(text)
        port = found.port
    except ValueError:
        raise LocalError(
            wanted + "its port or host can't be read. In a password @ : / are written as %xx."
        ) from None
    if found.scheme not in schemes:
        raise LocalError(wanted + f"it begins with “{found.scheme or text[:12]}”.")
    if not found.hostname:
        raise LocalError(wanted + "it names no host.")
    if port == 0:
        raise LocalError(wanted + "its port is 0.")
    return found


def check_environment() -> None:
    """Read every address of the environment once.

    Raises:
        LocalError: one of them is malformed.
    """
    found = parts("DATABASE_URL", DATABASE_SCHEMES, "postgresql://user:password@host:5432/name")
    if found is not None and not found.path.strip("/"):
        raise LocalError(
            "DATABASE_URL must look like postgresql://user:password@host:5432/name; it names no database."
        )
    parts("REDIS_URL", BROKER_SCHEMES, "redis://:password@host:6379/0")
    parts("EMAIL_URL", MAIL_SCHEMES, "smtp://user:password@host:25")


def check_reachable(name: str, default_port: int, what: str) -> None:
    """See whether something listens at an address of the environment.

    Args:
        name: the variable; nothing happens when it is not set.
        default_port: used when the address names none.
        what: what should be there.

    Raises:
        LocalError: nothing answers within 5 seconds.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return
    found = urlsplit(text)
    place = (found.hostname or "", found.port or default_port)
    try:
        socket.create_connection(place, timeout=5).close()
    except OSError as error:
        raise LocalError(
            f"{what} at {place[0]}:{place[1]} can't be reached ({error.strerror or error}). "
            f"Start it, correct {name}, or unset {name} to use the embedded one."
        ) from None


def without_password(text: str) -> str:
    """An address fit for a terminal."""
    found = urlsplit(text)
    if found.password is None:
        return text
    host = found.netloc.rsplit("@", 1)[1]
    return urlunsplit(found._replace(netloc=f"{found.username or ''}:***@{host}"))


def free_port() -> int:
    """A loopback port nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a loopback port can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
