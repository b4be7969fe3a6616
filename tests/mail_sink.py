"""A real SMTP server for tests: it keeps what it got, and can be told to answer as relays do on bad days."""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

OK = "250 2.0.0 Stored"
HANG = "hang"
HANG_UP = "hang up"
STORE_AND_HANG_UP = "store and hang up"


class MailSink:
    """Listens on a loopback port in a thread of its own.

    Attributes:
        received: the messages it stored, in order.
        connections: how many clients came.
        greeting, at_sender, at_recipient, at_data: what it answers there: a reply line, HANG, HANG_UP,
            STORE_AND_HANG_UP, or a function of the address (for data: of the message).
        on_data: called with each message before it is stored.
    """

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.connections = 0
        self.at_sender: Any = OK
        self.at_recipient: Any = OK
        self.at_data: Any = OK
        self.on_data: Callable[[EmailMessage], None] | None = None
        self._controller = Controller(self, hostname="127.0.0.1", port=0)

    def start(self) -> "MailSink":
        # Port 0 asks the system for a free one; the controller would knock at 0 to see whether it works.
        self._controller._trigger_server = self._knock
        self._controller.start()
        return self

    def _knock(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as client:
            client.recv(100)

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    @property
    def port(self) -> int:
        server: Any = self._controller.server
        return int(server.sockets[0].getsockname()[1])

    def forgive(self) -> None:
        """Answer well again."""
        self.at_sender = self.at_recipient = self.at_data = OK

    def ids(self) -> list[str]:
        """The Message-IDs it stored, in order."""
        return [str(each["Message-ID"]) for each in self.received]

    def copies(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(self.ids())

    def to(self, address: str) -> list[EmailMessage]:
        """The messages whose header names an address."""
        return [each for each in self.received if address in str(each["To"])]

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        answer = await self._answer(self.at_sender, address, server)
        if answer.startswith("2"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        answer = await self._answer(self.at_recipient, address, server)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.original_content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        if self.on_data is not None:
            await asyncio.get_running_loop().run_in_executor(None, self.on_data, message)
        wish = self.at_data(message) if callable(self.at_data) else self.at_data
        if wish in (OK, STORE_AND_HANG_UP):
            self.received.append(message)
        return await self._answer(wish, "", server)

    async def _answer(self, wish: Any, address: str, server: Any) -> str:
        answer = wish(address) if callable(wish) else wish
        if answer == HANG:
            await asyncio.sleep(30)
        if answer in (HANG_UP, STORE_AND_HANG_UP, HANG):
            server.transport.abort()
            return "421 4.3.0 Gone"
        return str(answer)
