"""Who may take the record along, and what is recorded of it?"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core import ids, rights
from bot.core.facts.timeline import RecordExported
from bot.core.incident import Incident
from bot.core.messages import Call, Message
from bot.core.outcome import Context, Outcome
from bot.features.export import blocks

RIGHT = "export"


@dataclass(frozen=True)
class Export:
    """A record as it was put together: the last fact in it, and the SHA-256 of its files.

    `content` is the ZIP in base64, to be brought to whoever asked; None: they have it already.
    """

    seq: int
    head: str
    manifest: str
    archive: str
    content: str | None = None


def allow(incident: Incident, _request: object, context: Context) -> Outcome:
    """Let those go on who may; nothing is recorded, as nothing was exported yet."""
    rights.require(incident, context, RIGHT)
    return Outcome()


def export(incident: Incident, request: Export, context: Context) -> Outcome:
    """Record that the record was taken along, by whom, and by which hashes it is known."""
    rights.require(incident, context, RIGHT)
    fact = RecordExported(
        seq=request.seq,
        head=request.head,
        manifest=request.manifest,
        archive=request.archive,
        is_to_slack=request.content is not None,
    )
    owed: tuple[Message, ...] = ()
    if request.content is not None:
        arguments = {
            "person": context.actor,
            "filename": blocks.file_name(incident, request.archive),
            "text": blocks.brought(incident, request.seq, request.manifest, request.archive),
            "content": request.content,
        }
        name = f"{ids.chain(incident.number)} export {incident.last_seq + 1}"
        owed = (Call(name, "upload", arguments),)
    return Outcome((fact,), owed)
