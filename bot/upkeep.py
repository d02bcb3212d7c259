"""How is the database migrated, copied and loaded again from a terminal?"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot import serve
from bot.settings import Settings
from storage import log, schema

commands = typer.Typer()
# These load Alembic, whose memory `web` and `worker` never need.
_COPYING, _LOADING, _MIGRATING = "storage.backup", "storage.restore", "storage.migrate"
_out = Console(highlight=False, soft_wrap=True)  # a wrapped line cannot be copied


@commands.command(name="migrate")
def migrate_(
    contract: Annotated[
        bool, typer.Option(help="Also take away what older versions use; none of them may run.")
    ] = False,
) -> None:
    """Bring the database to this version's schema; older versions that run go on."""
    migrating = importlib.import_module(_MIGRATING)
    with serve.opened(Settings.from_environment()) as database:
        if contract:
            database.own()
        migrating.upgrade(database, contracts=contract)
        at = database.read_now(schema.found)
        _out.print(f"The schema is at {at}.")
        if barred := migrating.waiting(database):
            _out.print(
                f"{barred} takes away what older versions use. Once none of them runs: "
                "`warroom migrate --contract`."
            )


@commands.command()
def backup(target: Annotated[Path, typer.Argument(metavar="FILE", help="A new one.")]) -> None:
    """Copy the database into one SQLite file while bots run; exit 1 when its log is broken."""
    with serve.ready(Settings.from_environment()) as database:
        found = importlib.import_module(_COPYING).backup(database, target)
    _out.print(f"Copied to {escape(str(target))}. {escape(_told(found))}")
    if found.broken:
        raise typer.Exit(1)


@commands.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` wrote.")],
) -> None:
    """Load a copy into an empty database, SQLite or Postgres, and verify every chain."""
    with serve.opened(Settings.from_environment()) as database:
        found = importlib.import_module(_LOADING).restore(database, source)
    _out.print(
        f"Loaded {escape(str(source))}. {_told(found)} What was owed to Slack then is looked for "
        "there before it is sent."
    )


def _told(found: log.Verification) -> str:
    if broken := found.broken:
        return f"Broken: {broken.chain}, fact {broken.seq}. {broken.reason}"
    return f"Whole: {found.facts:,} facts in {found.chains:,} chains."
