"""How does a bot start that can be told at which point to die?

`python -m tests.soak.killable SOCKET` is started by `children.py`.
What it needs is loaded once. For each order on stdin, a line of JSON, it forks; the child becomes
`python -m bot <words>`, has the socket for its stdout, and takes orders from there:
`die <point>` or `clock` (it was put forward).
"""

from __future__ import annotations

import functools
import gc
import importlib
import json
import os
import signal
import socket
import sys
import threading
from typing import Any

import bot.command_line
from bot import serve
from bot.courier import Courier
from storage import migrate
from tests.soak import points
from tests.soak.lead import SharedClock

_PARTS = (
    "apscheduler.triggers.date",
    "psycopg_pool",
    "slack_bolt.adapter.socket_mode.aiohttp",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "uvicorn.protocols.http.httptools_impl",
)


def main(address: str) -> None:
    """Fork a bot for each order, until nobody gives any; then all go."""
    for part in _PARTS:
        try:
            importlib.import_module(part)
        except ModuleNotFoundError:
            continue  # loaded early only to save time
    assert migrate
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    while order := sys.stdin.readline():
        if os.fork() == 0:
            _be(json.loads(order), address)
    os.killpg(0, signal.SIGKILL)


def _be(order: dict[str, Any], address: str) -> None:
    """Be a bot, in the folder and with the settings of the order."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    line = socket.socket(socket.AF_UNIX)
    line.connect(address)
    os.dup2(line.fileno(), 1)
    os.dup2(os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), 2)
    os.chdir(order["folder"])
    os.environ.update(order["variables"])
    sys.argv = ["warroom", *order["words"]]
    told = points.Points(lambda name: line.sendall(f"at {name}\n".encode()))
    line.sendall(f"born {order['id']} {os.getpid()}\n".encode())
    points.install(told)
    _wake_by_clock()
    clocks: list[SharedClock] = []
    serve.__dict__["Clock"] = functools.partial(_clock, clocks)
    threading.Thread(target=_obey, args=(line, told, clocks), daemon=True).start()
    try:
        bot.command_line.main()
    finally:
        os._exit(0)


def _wake_by_clock() -> None:
    """Let couriers look when the clock was put forward; by themselves they do once a second."""
    run = Courier.run

    @functools.wraps(run)
    async def woken(self: Courier, **given: Any) -> None:
        self._clock.on_move(self.wake)
        await run(self, **given)

    Courier.run = woken  # type: ignore[method-assign]


def _clock(clocks: list[SharedClock]) -> SharedClock:
    clocks.append(SharedClock())
    return clocks[-1]


def _obey(line: socket.socket, told: points.Points, clocks: list[SharedClock]) -> None:
    for order in line.makefile():
        verb, _, point = order.rstrip("\n").partition(" ")
        # First, because it may be at that point this very moment.
        line.sendall(f"obeyed {verb}\n".encode())
        if verb == "die":
            told.wanted = point
        for clock in clocks:
            clock.moved()


if __name__ == "__main__":
    main(sys.argv[1])
