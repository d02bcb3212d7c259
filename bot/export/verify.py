"""Is an exported record as it was written? Run it with Python 3.8 or newer: nothing else is needed.

python3 verify.py                        checks the folder in which this file lies
python3 verify.py INC-12-record.zip      checks a ZIP, or another folder
python3 verify.py PLACE --sha256 HASH    compares the hash that was told at the export, too

Whoever changes files can write a new manifest. Only the hash of the manifest, or of the ZIP, that
was told at the export and stands in the log shows that: give it with --sha256.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
FACTS = "facts.jsonl"
GENESIS = "0" * 64
SALT_BYTES = 16
SEALED = ("actor", "at", "chain", "kind", "payload", "prev_hash", "seq", "version")
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


class Place:
    """A folder or a ZIP with the files of an export; `strange` is what else is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.strange: list[str] = []
        self.hashes: dict[str, str] = {}
        self._zip = None if path.is_dir() else zipfile.ZipFile(path)
        self._files: dict[str, Any] = {}
        if self._zip:
            self.hashes["ZIP"] = hashlib.sha256(path.read_bytes()).hexdigest()
            self._list_zip(self._zip)
        else:
            self._list_folder(path)

    def names(self) -> list[str]:
        """The names of all files, sorted."""
        return sorted(self._files)

    def size(self, name: str) -> int:
        """How many bytes a file says that it has."""
        one = self._files[name]
        return int(one.file_size if self._zip else one.stat().st_size)

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        if self._zip:
            return self._zip.read(self._files[name])
        return bytes(self._files[name].read_bytes())

    def _list_folder(self, path: Path) -> None:
        for one in sorted(path.rglob("*")):
            name = str(one.relative_to(path))
            if one.is_symlink() or not (one.is_file() or one.is_dir()):
                self.strange.append(f"{name} is no plain file.")
            elif one.is_file():
                self._files[name] = one
            elif not any(one.iterdir()):
                self.strange.append(f"{name} is a folder that was not there.")

    def _list_zip(self, archive: zipfile.ZipFile) -> None:
        entries = archive.infolist()
        folder = entries[0].filename.split("/")[0] + "/" if entries else ""
        for entry in entries:
            name = entry.filename[len(folder) :]
            if not entry.filename.startswith(folder) or not name or name in self._files:
                self.strange.append(f"{entry.filename} is not where it was, or there twice.")
            else:
                self._files[name] = entry


def faults(place: Place, expected: str | None = None) -> list[str]:
    """What is not as it was written, a sentence each; none when all is whole."""
    found = [*place.strange]
    if MANIFEST not in place.names():
        return [*found, f"{MANIFEST} is missing."]
    try:
        raw = place.read(MANIFEST)
        place.hashes["manifest"] = hashlib.sha256(raw).hexdigest()
        manifest = json.loads(raw.decode("utf-8"))
        found += changed_files(place, manifest["files"])
        found += broken_chains(place.read(FACTS), manifest["chains"])
    except (*UNREADABLE, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        found.append(f"The export cannot be read to its end ({type(error).__name__}).")
    if expected and expected.lower() not in place.hashes.values():
        found.append(f"{MANIFEST} is another one than was exported: its hash is not the given one.")
    return found


def changed_files(place: Place, listed: dict[str, Any]) -> Iterator[str]:
    """Files that are missing, that were added, or whose bytes are others than the manifest says."""
    names = set(place.names()) - {MANIFEST}
    for name in sorted(names - set(listed)):
        yield f"{name} was added."
    for name in sorted(set(listed) - names):
        yield f"{name} is missing."
    for name in sorted(names & set(listed)):
        said = listed[name]
        # The size first: what was swapped for something huge is not read.
        is_same = place.size(name) == said["bytes"]
        if not is_same or hashlib.sha256(place.read(name)).hexdigest() != said["sha256"]:
            yield f"{name} was changed."


def broken_chains(lines: bytes, heads: dict[str, Any]) -> Iterator[str]:
    """Where a chain is not as it was written; each chain is told of once."""
    chains: dict[str, list[dict[str, Any]]] = {}
    # Not splitlines: what people paste has U+2028 and other line ends of Unicode's.
    for line in lines.decode("utf-8").split("\n"):
        if not line:
            continue
        row = json.loads(line)
        chains.setdefault(row["chain"], []).append(row)
    for name in sorted(set(chains) | set(heads)):
        rows, head = chains.get(name, []), heads.get(name)
        fault = broken_at(rows)
        if fault:
            yield f"{name}, {fault}"
        elif not head or not rows:
            yield f"{name} is missing in {FACTS} or in {MANIFEST}."
        elif (rows[-1]["seq"], rows[-1]["hash"]) != (head["seq"], head["hash"]):
            yield f"{name} does not end with the fact that {MANIFEST} names."


def broken_at(rows: list[dict[str, Any]]) -> str | None:
    """The first fact of a chain that is not as it was written, and why."""
    before, erased = GENESIS, erasures(rows)
    for seq, row in enumerate(rows, start=1):
        if row["seq"] != seq:
            return f"fact {seq}: it is missing."
        if row["prev_hash"] != before:
            return f"fact {seq}: it does not follow the fact before it."
        if seal(row) != row["hash"]:
            return f"fact {seq}: it was changed after it was written."
        fault = unkept_words(row, erased)
        if fault:
            return f"fact {seq}: {fault}"
        before = row["hash"]
    return None


def seal(row: dict[str, Any]) -> str:
    """SHA-256 over the fact as RFC 8785 text, its payload as the text that it was kept as."""
    sealed = {name: row[name] for name in SEALED}
    # For text and whole numbers Python's encoder writes what RFC 8785 asks for.
    text = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def erasures(rows: list[dict[str, Any]]) -> set[str]:
    """The places ("seq.field") whose words were erased on record."""
    places: set[str] = set()
    for row in rows:
        if row["kind"] == "WordsErased":
            places.update(json.loads(row["payload"])["places"])
    return places


def unkept_words(row: dict[str, Any], erased: set[str]) -> str | None:
    """What is wrong with the words of a fact: another text, or gone without an erasure."""
    given = dict(row["words"])
    for field, value in json.loads(row["payload"]).items():
        digest = value.get("words") if isinstance(value, dict) else None
        if not isinstance(digest, str):
            continue
        kept = given.pop(digest, None)
        if kept is None:
            if f"{row['seq']}.{field}" not in erased:
                return "its words are missing, and no erasure says why."
        elif len(bytes.fromhex(kept["salt"])) != SALT_BYTES or digest != words_digest(kept):
            # A longer salt could have swallowed the beginning of the words.
            return "its words were changed after they were written."
    return "it has words that it never had." if given else None


def words_digest(kept: dict[str, str]) -> str:
    """SHA-256 over salt and text, which stands for the words in a fact."""
    salted = bytes.fromhex(kept["salt"]) + kept["text"].encode("utf-8")
    return hashlib.sha256(salted).hexdigest()


def main() -> int:
    """Check, say what was found, and answer 0 when all is whole, 1 when not."""
    parser = argparse.ArgumentParser(description="Check an exported record.")
    parser.add_argument("place", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--sha256", help="the hash that was told at the export")
    given = parser.parse_args()
    try:
        place = Place(given.place)
    except (OSError, zipfile.BadZipFile) as error:
        sys.stdout.write(f"Broken: {given.place} cannot be opened ({error}).\n")
        return 1
    found = faults(place, given.sha256)
    for sentence in found:
        sys.stdout.write(f"Broken: {sentence}\n")
    for what, told in sorted(place.hashes.items()):
        sys.stdout.write(f"SHA-256 of the {what}: {told}\n")
    if found:
        return 1
    sys.stdout.write(f"Whole: {len(place.names())} files, and every chain.\n")
    if not given.sha256:
        sys.stdout.write("Compare the hash with the one that was told at the export.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
