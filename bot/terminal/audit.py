"""Is the log as it was written, and as its heads were noted outside the database?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot import anchoring, serve
from bot.clock import Clock
from bot.settings import Misconfigured, Settings
from bot.terminal import holdings
from storage import log
from storage.db import Database

_NOWHERE = (
    "Nothing says where to anchor. Set WARROOM_ANCHORS to a file outside the database, "
    "or name one: `warroom anchor --file FILE`."
)
_NOT_AS_ANCHORED = (
    "Somebody changed the database, or it was restored from an older copy. If you restored it, "
    "keep {} aside and `warroom anchor` begins anew."
)
commands = typer.Typer()


@commands.command()
def verify(
    anchors: Annotated[
        Path | None, typer.Option(help="Another file of anchors than WARROOM_ANCHORS.")
    ] = None,
) -> None:
    """Walk every chain of the log; exit 1 and name the first broken fact when one is broken.

    What a chain cannot show by itself, a cut tail, a missing or a rewritten chain, is found by
    the heads that were anchored outside the database. Of evidence in the vault the hashes are
    compared; its bytes are checked whenever somebody reads them.
    """
    settings = Settings.from_environment()
    with serve.ready(settings) as database:
        with database.snapshot() as conn:
            result = log.verify(conn)
            broken = [result.broken] if result.broken else [*holdings.missed(conn)]
        if broken:
            _say_broken(broken)
            raise typer.Exit(1)
        as_anchored = _compared(database, settings, anchors)
    typer.echo(f"Whole: {result.facts:,} facts in {result.chains:,} chains.")
    if as_anchored:
        typer.echo(as_anchored)


@commands.command()
def anchor(
    file: Annotated[Path | None, typer.Option(help="Another file than WARROOM_ANCHORS.")] = None,
) -> None:
    """Note the heads of all chains in a file outside the database; exit 1 if one lost facts.

    The running bot does so every five minutes and when it stops. Keep the file, or a copy of it,
    where whoever can change the database cannot.
    """
    settings = Settings.from_environment()
    with serve.ready(settings) as database:
        path = file or anchoring.place(settings, database)
        if path is None:
            raise Misconfigured(_NOWHERE)
        noted = anchoring.Notary(database, path).note(Clock().now())
    _say_broken(noted.broken)
    typer.echo(f"Anchored in {path}: {noted.new:,} new of {noted.chains:,} heads.")
    if noted.broken:
        raise typer.Exit(1)


def _compared(database: Database, settings: Settings, file: Path | None) -> str:
    """What to say of a log that is as it was anchored; empty when there are no anchors yet.

    Raises:
        Exit: it is not, and where is said.
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
    if broken:
        _say_broken(broken)
        typer.echo(_NOT_AS_ANCHORED.format(path), err=True)
        raise typer.Exit(1)
    if noted.torn:
        typer.echo(f"{noted.torn} lines of {path} were cut off while written; skipped.", err=True)
    if noted.at is None:
        return ""
    return f"As anchored: {len(noted.newest):,} heads, noted until {noted.at:%F %R} UTC."


def _say_broken(broken: Sequence[log.Broken]) -> None:
    for one in broken:
        typer.echo(f"Broken: {one.chain}, fact {one.seq}. {one.reason}")
