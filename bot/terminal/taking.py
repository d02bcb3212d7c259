"""Which commands write the record of an incident into a folder, and check one?"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot import serve
from bot.core import ids
from bot.engine import Existing
from bot.export import verify
from bot.export.bundle import Bundle, bundle
from bot.features.export import rules
from bot.settings import Misconfigured, Settings
from bot.terminal.saying import As, Incident
from bot.terminal.session import at_work
from storage import log

To = Annotated[Path, typer.Option("--to", help="The folder to write into; here unless given.")]
_FOR_OWNER_ALONE = 0o700

commands = typer.Typer()


@commands.command()
def export(incident: Incident, to: To = Path(), as_: As = None) -> None:
    """Write the whole record of an incident: a folder, the same as a ZIP, and how to check it."""
    asyncio.run(_export(incident, to, as_))


async def _export(incident: str, to: Path, as_: str | None) -> None:
    async with at_work(as_, incident) as session:
        engine, number = session.desk.engine, session.number
        await session.desk.inside(number, session.person.id)
        await engine.carry_out(rules.allow, None, Existing(number), await session.asked())
        copy = await engine.copy(number)
        made = bundle(copy, engine.record_parts)
        folder, archive = to / made.name, to / f"{made.name}.zip"
        with _ready(made, to) as ready:
            _require_free(folder, archive)
            request = rules.Export(made.seq, made.head, made.manifest, made.archive)
            await engine.carry_out(rules.export, request, Existing(number), await session.asked())
            # It is on record before it is there: what was taken along is never unknown.
            (ready / made.name).rename(folder)
            (ready / archive.name).rename(archive)
    session.answer(
        f"{ids.reference(number)} up to fact {made.seq:,}: {folder} and {archive}.\n"
        f"SHA-256 of the manifest  {made.manifest}\n"
        f"SHA-256 of the ZIP       {made.archive}\n"
        f"Both are in the log. To check: python3 {folder / 'verify.py'} --sha256 {made.manifest}"
    )


@commands.command()
def check(
    place: Annotated[Path, typer.Argument(metavar="RECORD", help="The folder or the ZIP.")],
) -> None:
    """Say whether an exported record is whole and stands in this log; exit 1 when it does not."""
    try:
        taken = verify.Place(place)
    except (OSError, zipfile.BadZipFile) as error:
        raise Misconfigured(
            f"{place} cannot be opened. Name a folder or ZIP of an export."
        ) from error
    if faults := verify.faults(taken):
        for sentence in faults:
            typer.echo(f"Broken: {sentence}")
        raise typer.Exit(1)
    chains = json.loads(taken.read(verify.MANIFEST))["chains"]
    chain = next(name for name in chains if name.startswith("incident/"))
    with serve.ready(Settings.from_environment()) as database:
        facts = database.read_now(lambda conn: log.read(conn, chain))
    exported = [one for one in facts if one.payload.get("manifest") == taken.hashes["manifest"]]
    if not exported:
        typer.echo("Broken: its files fit each other, but nothing in this log was exported so.")
        raise typer.Exit(1)
    one = exported[0]
    typer.echo(f"Whole: {one.actor} exported it at {one.at:%F %T} UTC, fact {one.seq} of {chain}.")


def _require_free(*places: Path) -> None:
    for place in places:
        if place.exists():
            raise Misconfigured(f"{place} is there already. Move it away, or name another --to.")


@contextlib.contextmanager
def _ready(made: Bundle, to: Path) -> Iterator[Path]:
    """All files, on disk in a folder beside the place where they are to be.

    Raises:
        Misconfigured: the folder cannot be written.
    """
    try:
        to.mkdir(parents=True, exist_ok=True)
        ready = Path(tempfile.mkdtemp(prefix=".export-", dir=to))
    except OSError as error:
        raise Misconfigured(f"{to} cannot be written ({error.strerror}).") from error
    try:
        (ready / made.name).mkdir(_FOR_OWNER_ALONE)
        for name, content in made.files.items():
            _write(ready / made.name / name, content)
        _write(ready / f"{made.name}.zip", made.zipped)
        yield ready
    except OSError as error:
        raise Misconfigured(f"{to} cannot be written ({error.strerror}).") from error
    finally:
        shutil.rmtree(ready, ignore_errors=True)


def _write(place: Path, content: bytes) -> None:
    with place.open("xb") as file:
        os.chmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
