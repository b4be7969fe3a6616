"""The web's socket, kept by the supervisor so that a restarted web server loses no connection."""

import errno
import os
import socket
import time

from .errors import LocalError


def port_of_environment() -> int:
    """`PORT`, 8000 by default.

    Raises:
        LocalError: it is no port.
    """
    text = os.environ.get("PORT", "") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise LocalError(
            f"PORT must be a number from 1 to 65535, not “{text}”. For example: PORT=8001 make run"
        )
    return int(text)


def listen(bind: str, port: int, *, patience: float) -> socket.socket:
    """Open the door.

    Args:
        bind: the address to listen on.
        port: the port.
        patience: seconds to wait for a killed run's web workers, which notice its death a moment later.

    Raises:
        LocalError: it can't be opened.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    end = time.monotonic() + patience
    try:
        while True:
            try:
                listener.bind((bind, port))
                break
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > end:
                    raise
                time.sleep(0.1)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise LocalError(
                f"Port {port} is taken by another program. Stop it, or choose another port: "
                f"PORT={port + 1} make run"
            ) from None
        if error.errno == errno.EACCES:
            raise LocalError(f"Port {port} needs root. Choose one above 1023: PORT=8000 make run") from None
        raise LocalError(
            f"BIND={bind} is no address of this machine. Set BIND=127.0.0.1 or 0.0.0.0."
        ) from None
    return listener
