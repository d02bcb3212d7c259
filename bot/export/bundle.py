"""Which files are the record of an incident, and by which hash are all of them known?"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from bot.copies import Chain, Copy
from bot.core import ids
from bot.core.record import Part, Parts
from bot.export import record
from bot.export.page import page
from bot.export.tables import as_csv, as_markdown

VERIFIER = Path(__file__).with_name("verify.py")
MANIFEST = "manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP knows: the same record, the same bytes
_FILE = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True)
class Bundle:
    """The files of an export by name, the manifest among them.

    `seq` and `head` are the last fact of the incident's chain that is in it. No file says when or
    by whom it was exported, so that the same record gives the same bytes; the log says it.
    """

    name: str
    reference: str
    files: Mapping[str, bytes]
    seq: int
    head: str

    @cached_property
    def manifest(self) -> str:
        """SHA-256 of the manifest, by which every byte of every file is known."""
        return hashlib.sha256(self.files[MANIFEST]).hexdigest()

    @cached_property
    def zipped(self) -> bytes:
        """All files in one folder of a ZIP, whose comment names the manifest's hash."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.comment = f"{self.reference} manifest sha256 {self.manifest}".encode()
            for name, content in sorted(self.files.items()):
                entry = zipfile.ZipInfo(f"{self.name}/{name}", _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system, entry.external_attr = _UNIX, _FILE
                archive.writestr(entry, content)
        return packed.getvalue()

    @cached_property
    def archive(self) -> str:
        """SHA-256 of the ZIP."""
        return hashlib.sha256(self.zipped).hexdigest()


def bundle(copy: Copy, parts_of: Sequence[Parts]) -> Bundle:
    """The record as files; the same record gives the same bytes."""
    incident = copy.told.shown.incident
    parts = [part for parts in parts_of for part in parts(copy.told)]
    found = record.record(copy, parts)
    files = {
        "record.json": _json(found.model_dump(mode="json")),
        "record.schema.json": record.schema().encode(),
        "facts.jsonl": b"".join(_lines(chain) for chain in copy.chains),
        "verify.py": VERIFIER.read_bytes(),
        "index.html": page(_title(found), _facts(found), parts, copy.names).encode(),
    }
    for part in parts:
        files |= _tables(part, copy, incident.reference)
    files[MANIFEST] = _manifest(incident.reference, files, found.heads)
    main = found.heads[0]
    name = f"{ids.reference(incident.number)}-record"
    return Bundle(name, incident.reference, files, main.seq, main.hash)


def _tables(part: Part, copy: Copy, about: str) -> dict[str, bytes]:
    return {
        f"{part.name}.csv": as_csv(part, copy.names).encode(),
        f"{part.name}.md": as_markdown(part, copy.names, about).encode(),
    }


def _title(found: record.Record) -> str:
    return f"{found.incident.reference}: {found.incident.title}"


def _facts(found: record.Record) -> dict[str, str]:
    """What stands at the top of the page."""
    one = found.incident
    names = {person.id: person.name for person in found.people}
    rows = {
        "Status": one.status,
        "Severity": one.severity or "not decided",
        "Declared": _moment(one.declared_at),
        "Mitigated": _moment(one.mitigated_at),
        "Ended": _moment(one.ended_at),
        "Incident Commander": names.get(one.commander or "", one.commander or "nobody"),
        "As of": _moment(found.as_of),
        **{f"Head of {head.chain}": f"fact {head.seq}, {head.hash}" for head in found.heads},
    }
    return {name: said for name, said in rows.items() if said}


def _moment(at: str | None) -> str | None:
    return f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M:%S} UTC" if at else None


def _lines(chain: Chain) -> bytes:
    """The facts as they are kept, each with its words and their salt; null for erased words."""
    lines = []
    for row in chain.rows:
        words = {}
        for value in json.loads(row["payload"]).values():
            if isinstance(value, dict) and isinstance(digest := value.get("words"), str):
                kept = chain.words.get(digest)
                words[digest] = {"salt": kept[0].hex(), "text": kept[1]} if kept else None
        lines.append(_line({**row, "words": words}))
    return b"".join(lines)


def _manifest(reference: str, files: Mapping[str, bytes], heads: Sequence[record.Head]) -> bytes:
    return _json(
        {
            "format": "warroom export",
            "version": record.VERSION,
            "incident": reference,
            "chains": {one.chain: {"seq": one.seq, "hash": one.hash} for one in heads},
            "files": {
                name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                for name, content in files.items()
            },
        }
    )


def _json(content: object) -> bytes:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def _line(content: object) -> bytes:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode()
