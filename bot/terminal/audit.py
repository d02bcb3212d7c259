"""How are the heads of the chains noted outside the database, and compared with it?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import anchoring, serve
from bot.clock import Clock
from bot.settings import Misconfigured, Settings
from storage.db import Database

_NOWHERE = (
    "Nothing says where to anchor. Set WARROOM_ANCHORS to a file outside the database, "
    "or name one: `warroom anchor --file FILE`."
)
commands = typer.Typer()


@commands.command()
def anchor(
    file: Annotated[Path | None, typer.Option(help="Another file than WARROOM_ANCHORS.")] = None,
) -> None:
    """Note the heads of all chains in a file outside the database; exit 1 if one lost facts.

    The running bot does so every minute and when it stops. Keep the file, or a copy of it, where
    whoever can change the database cannot.
    """
    settings = Settings.from_environment()
    with serve.ready(settings) as database:
        path = file or anchoring.place(settings, database)
        if path is None:
            raise Misconfigured(_NOWHERE)
        noted = anchoring.Notary(database, path).note(Clock().now())
    for one in noted.broken:
        typer.echo(f"Broken: {one.chain}, fact {one.seq}. {one.reason}")
    typer.echo(f"Anchored in {path}: {noted.new:,} new of {noted.chains:,} heads.")
    if noted.broken:
        raise typer.Exit(1)


def compared(database: Database, settings: Settings, file: Path | None) -> str | None:
    """What to say of a log that is as it was anchored; None when it is not, and where is said.

    Empty when there are no anchors yet.

    Raises:
        Misconfigured: the file that was named is not there.
        StorageError: the file or the database cannot be read.
    """
    path = file or anchoring.place(settings, database)
    if path is None or not path.exists():
        if file or settings.warroom_anchors:
            raise Misconfigured(f"There is no file of anchors at {path}. Check its name.")
        typer.echo("No anchors were compared, so a cut tail would not show.", err=True)
        return ""
    noted, broken = anchoring.compared(database, path)
    for one in broken:
        typer.echo(f"Broken: {one.chain}, fact {one.seq}. {one.reason}")
    if broken:
        typer.echo(
            "Somebody changed the database, or it was restored from an older copy. If you "
            f"restored it, keep {path} aside and `warroom anchor` begins anew.",
            err=True,
        )
        return None
    if noted.torn:
        typer.echo(f"{noted.torn} lines of {path} were cut off while written; skipped.", err=True)
    if noted.at is None:
        return ""
    return f"As anchored: {len(noted.newest):,} heads, noted until {noted.at:%F %R} UTC."
