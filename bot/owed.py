"""How do people look at what is owed and not delivered, and decide what becomes of it?"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import serve
from bot.clock import Clock
from bot.settings import Misconfigured, Settings
from storage import outbox

_UNDELIVERED = ("pending", "claimed", "failed", "undeliverable")
_LARGEST = 2**63 - 1  # of the ids that a database gives
_DIGITS = 19


def _listed(word: str) -> int:
    if not word.isdecimal() or len(word) > _DIGITS or not 0 < int(word) <= _LARGEST:
        raise Misconfigured(f"{word} is no id. `warroom outbox` lists what is owed by its number.")
    return int(word)


_OF_ONE = Annotated[int, typer.Argument(metavar="ID", help="As listed.", parser=_listed)]

commands = typer.Typer(help="What is owed to Slack and not delivered, with the reason.")
out = Console(highlight=False, soft_wrap=True)


@commands.callback(invoke_without_command=True)
def listing(context: typer.Context) -> None:
    """What is owed to Slack and not delivered, with the reason."""
    if context.invoked_subcommand:
        return
    with serve.ready(Settings.from_environment()) as database:
        rows = database.read_now(lambda conn: outbox.listing(conn, _UNDELIVERED))
    table = Table("id", "state", "what", "tries", "reason")
    for row in rows:
        table.add_row(str(row.id), row.state, row.name, str(row.attempts), escape(row.error or ""))
    out.print(table if rows else "Nothing is owed.", soft_wrap=False)


@commands.command()
def retry(one: _OF_ONE) -> None:
    """Owe again what was refused, with all that hung on it."""
    with serve.ready(Settings.from_environment()) as database:
        again = database.write_now(lambda conn: outbox.retry(conn, one, Clock().now()))
    if not again:
        raise Misconfigured(f"{one} was not refused. `warroom outbox` lists what was.")
    out.print("It is tried again.")


@commands.command()
def drop(
    one: _OF_ONE,
    because: Annotated[str, typer.Option(help="Why; it is kept with what is given up.")] = "",
) -> None:
    """Give up something that is owed or was refused; what hangs on it goes with it."""
    if not because.strip():
        raise Misconfigured('Say why: --because "the room was deleted in Slack".')
    with serve.ready(Settings.from_environment()) as database:
        is_gone = database.write_now(lambda conn: outbox.drop(conn, one, because.strip()))
    if not is_gone:
        raise Misconfigured(f"{one} is not owed, or is on its way. `warroom outbox` lists it.")
    out.print("It is given up.")
