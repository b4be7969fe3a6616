"""A mail server that delivers nowhere: `python -m config.local.sink PORT FOLDER` writes each message into a
file.

It listens on the loopback interface only, so that the product sends over real SMTP where no mail server is
configured.
"""

import asyncio
import contextlib
import errno
import itertools
import signal
import sys
import time
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

KEEP = 5000
SIZE_LIMIT = 20 * 1024 * 1024


class Folder:
    """Receives mail into a folder, one `.eml` file a message.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._count = itertools.count(1)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        """Store one message and answer only after it is in its place.

        Args:
            server: the SMTP connection.
            session: its peer.
            envelope: sender, recipients and content.

        Returns:
            The SMTP answer: 250, or 452 when the disk is full.
        """
        name = f"{time.time_ns()}-{next(self._count):06d}"
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        draft = self.path / f".{name}.draft"
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_bytes(head.encode() + envelope.original_content)
            draft.rename(self.path / f"{name}.eml")
        except OSError as error:
            with contextlib.suppress(OSError):
                draft.unlink()
            reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror
            print(f"could not store a message: {reason}", flush=True)
            return "452 4.3.1 Insufficient system storage"
        message = message_from_bytes(envelope.original_content, policy=policy.default)
        print(f"INFO received {message.get('Message-ID', 'a message without an id')}", flush=True)
        return "250 2.0.0 Stored"

    def prune(self) -> None:
        """Drop drafts of a killed sink and all but the newest messages."""
        for draft in self.path.glob(".*.draft"):
            draft.unlink(missing_ok=True)
        for old in sorted(self.path.glob("*.eml"))[:-KEEP]:
            old.unlink(missing_ok=True)


async def serve(port: int, folder: Path) -> None:
    """Listen until a signal ends it.

    Args:
        port: loopback port.
        folder: where messages go.
    """
    handler = Folder(folder)
    handler.prune()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, data_size_limit=SIZE_LIMIT, hostname="localhost", loop=loop), "127.0.0.1", port
    )
    done = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, done.set)
    print(f"INFO listening on 127.0.0.1:{port}", flush=True)
    await done.wait()
    server.close()


def main() -> int:
    """Serve, or say in one line why not."""
    try:
        asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
    except OSError as error:
        print(f"The mail sink can't listen on port {sys.argv[1]}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
