"""A relay that takes every mail and keeps none: `python -m tests.bench.relay PORT`.

Bare `smtplib` and the product's worker face the same one, so its own speed cancels out of no ratio to our
advantage: the slower the relay, the kinder the ratio. So it does nothing but speak SMTP.
"""

import asyncio
import sys
from typing import Any

from aiosmtpd.smtp import SMTP


class Nowhere:
    """Takes every message."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        return "250 2.0.0 Taken"


async def serve(port: int) -> None:
    """Listen until the process is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Nowhere(), hostname="localhost", loop=loop), "127.0.0.1", port
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
