"""How does somebody list evidence from a terminal, and take a copy out of the vault?"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
from pathlib import Path
from typing import Annotated

import typer

from bot.core.evidence import Evidence
from bot.core.outcome import Refused
from bot.engine import Existing
from bot.features.custody import rules
from bot.terminal.saying import As, Incident
from bot.terminal.session import Session, at_work
from storage.db import StorageError
from storage.vault import Damaged, Vault

_ITEM = re.compile(r"^e-?(\d{1,6})$", re.IGNORECASE)

commands = typer.Typer()


@commands.command()
def evidence(
    incident: Incident,
    item: Annotated[str | None, typer.Argument(metavar="E-3")] = None,
    to: Annotated[Path | None, typer.Option(help="A new file for the original.")] = None,
    why: Annotated[str | None, typer.Option(help="Why; it stays in the chain of custody.")] = None,
    as_: As = None,
) -> None:
    """List what you may see, or take the original of one out of the vault; both are on record.

    warroom evidence INC-12 --as U123; evidence INC-12 E-3 --to trace.bin --why "for counsel"
    """
    asyncio.run(_evidence(incident, item, (to, why), as_))


async def _evidence(
    incident: str, item: str | None, copied: tuple[Path | None, str | None], as_: str | None
) -> None:
    to, why = copied
    async with at_work(as_, incident) as session:
        if item is None:
            session.answer(await session.ask("evidence", ""))
            return
        wanted = _ITEM.match(item)
        if wanted is None or to is None:
            raise Refused("Say which and where to: `warroom evidence INC-12 E-3 --to FILE`.")
        session.answer(await _copied(session, int(wanted[1]), to, why or ""))


async def _copied(session: Session, number: int, to: Path, why: str) -> str:
    if to.exists():
        raise Refused(f"{to} is there already. Name a new file.")
    engine, target = session.desk.engine, Existing(session.number)
    await session.desk.inside(session.number, session.person.id)
    request = rules.Copy(number, str(to), why)
    done = await engine.carry_out(rules.copy, request, target, await session.asked())
    one = done.case.states.of(Evidence).find(number)
    assert one
    try:
        size = await asyncio.to_thread(_written, session.desk.files.vault, one.original, to)
    except FileExistsError as error:  # another's, who was faster, or a link that leads nowhere
        raise Refused(f"{to} is there already. Name a new file.") from error
    except (Damaged, StorageError, OSError) as error:
        raise Refused(f"The copy failed: {error}. Nothing is left of it.") from error
    return f"{one.reference} is in {to}: {size:,} bytes, SHA-256 {one.original[1]}."


def _written(vault: Vault, original: tuple[str, str | None], to: Path) -> int:
    """Write the original to a file that only its owner reads, each chunk checked; its size.

    Raises:
        FileExistsError: something is there already, and stays as it is.
        Damaged, StorageError, OSError: it could not be written; nothing is left of it.
    """
    made, size = os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), 0
    try:
        with os.fdopen(made, "wb") as file:
            for chunk in vault.read(*original):
                file.write(chunk)
                size += len(chunk)
    except (Damaged, StorageError, OSError):
        with contextlib.suppress(OSError):
            to.unlink(missing_ok=True)
        raise
    return size
