"""What does a mail server receive? Real ones on this machine, good and bad."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from ssl import SSLContext

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.room import free_port


@dataclass
class Mailbox:
    """A mail server's end: what arrived, who logged in, and how it answers."""

    reply: str = "250 OK"
    port: int = 0
    arrived: list[str] = field(default_factory=list)
    logins: list[LoginPassword] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 (aiosmtpd's own name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a mail, or refuse it."""
        if self.reply.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.arrived.append(envelope.content.decode())
        return self.reply

    def log_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, login: object
    ) -> AuthResult:
        """Let in whose password is `right`."""
        assert isinstance(login, LoginPassword)
        self.logins.append(login)
        return AuthResult(success=login.password == b"right", handled=False)


@contextlib.contextmanager
def receiving_mail(
    *, knows_logins: bool = False, starts_tls: SSLContext | None = None
) -> Iterator[Mailbox]:
    """A mail server; with `starts_tls` it offers encryption, and logins only after that."""
    box = Mailbox(port=free_port())
    controller = Controller(
        box,
        hostname="0.0.0.0",  # noqa: S104 (so that it has an address that is not loopback)
        port=box.port,
        authenticator=box.log_in if knows_logins else None,
        auth_require_tls=starts_tls is not None,
        tls_context=starts_tls,
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Line:
    """A server that answers until a word comes, and from then on is in trouble."""

    until: bytes
    drops: bool
    port: int = 0
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak as much SMTP as a client needs to send a mail."""
        said, line = b"220 here", b"-"
        while line and not line.startswith(self.until):
            writer.write(said + b"\r\n")
            if said.startswith(b"354"):
                await reader.readuntil(b"\r\n.")
            line = await reader.readline()
            said = b"354 go on" if line == b"DATA\r\n" else b"250 yes"
        if line and not self.drops:
            await self.is_over.wait()
        writer.close()


@contextlib.asynccontextmanager
async def in_trouble(until: bytes, *, drops: bool) -> AsyncIterator[str]:
    """The URL of a server that drops the line, or falls silent, once a line begins like this."""
    line = Line(until, drops)
    server = await asyncio.start_server(line.answer, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        line.is_over.set()
        server.close()
        await server.wait_closed()
