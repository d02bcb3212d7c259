"""How does a record read that somebody takes along?"""

from __future__ import annotations

from bot.core import ids
from bot.core.incident import Incident

LATER = (
    "The record is long. It comes to you by direct message as soon as it is put together; "
    "if nothing has come in a minute, ask again."
)


def file_name(incident: Incident, archive: str) -> str:
    """The name of the file; the hash in it tells one export from the next."""
    return f"{ids.reference(incident.number)}-record-{archive[:12]}.zip"


def brought(incident: Incident, seq: int, manifest: str, archive: str) -> str:
    """What stands above the file in the private conversation."""
    return (
        f"The record of {incident.reference} up to fact {seq}. Unpack it and open index.html; "
        "it may quote what the model said.\n"
        f"To check it: `python3 verify.py --sha256 {manifest}`\n"
        f"SHA-256 of this file: `{archive}`"
    )


def on_its_way(incident: Incident) -> str:
    """What whoever asked reads at once."""
    return (
        f"The record of {incident.reference} comes to you by direct message as a ZIP. "
        "That you took it along is on the timeline."
    )
