"""Which runbooks are in force, and what is wrong with the files that say so?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from runbooks.agreeing import disagreements
from runbooks.base import Model
from runbooks.common import at_odds
from runbooks.load import SHIPPED
from runbooks.model import Policy
from runbooks.overlay import Overlay, laid_over, misfits
from runbooks.reading import Faulty, Read, faults_of, place, read
from runbooks.runbook import Runbook
from runbooks.shelf import Book, Library, Pin

FOLDER = SHIPPED / "library"


@dataclass(frozen=True)
class _Laid:
    """A runbook's file, with the overlay's where there is one."""

    file: Read[Runbook]
    runbook: Runbook
    overlay: Read[Overlay] | None = None
    is_own: bool = False

    @property
    def pin(self) -> Pin:
        above = self.overlay.sha256 if self.overlay else None
        return Pin(self.runbook.id, self.runbook.version, self.file.sha256, above)


def load_library(content: Path | None, policy: Policy, shipped: Path = FOLDER) -> Library:
    """All runbooks: the shipped ones with `content/library/<id>.yaml` laid over, and own ones.

    A file there that has an `id` is a runbook of the organisation's own.

    Raises:
        Faulty: files cannot be read, or say something that model, policy or library refuse.
    """
    read_files = [_read(path, path.read_bytes()) for path in sorted(shipped.glob("*.yaml"))]
    faults = [fault for one in read_files for fault in one.faults]
    faults += [fault for one in read_files for fault in _misnamed(one)]
    found = {one.model.id: _Laid(one, one.model) for one in read_files if one.model}
    if content is not None:
        faults += _strangers(content)
        for path in sorted((content / "library").glob("*.yaml")):
            faults += _lay(path, found)
    known = dict.fromkeys([*found, *(one.path.stem for one in read_files)])
    faults += [fault for one in found.values() for fault in _at_odds(one, policy, list(known))]
    if not faults:  # or what a faulty file shares would seem to be nowhere
        faults += _at_odds_with_each_other(found)
    if faults:
        raise Faulty("\n".join(faults))
    return Library({id_: Book(one.runbook, one.pin, one.is_own) for id_, one in found.items()})


@lru_cache(maxsize=64)
def _read(path: Path, _content: bytes) -> Read[Runbook]:
    # Eight files take 0.3 s; whoever starts again in one process has them at once.
    return read(path, Runbook)


def _lay(path: Path, found: dict[str, _Laid]) -> list[str]:
    """Lay one file over its runbook, or add it as one of their own; its faults."""
    below = found.get(path.stem)
    own = read(path, Runbook)
    if own.tree is None and own.faults:  # it cannot be read, whatever it was to be
        return list(own.faults)
    if _has_id(own.tree):
        return _add(own, found)
    if below is None:
        return [
            f"{path}, line 1: no runbook has the id {path.stem}. Rename it to one of "
            f"{', '.join(found)}, or give it an id to make it one of your own."
        ]
    above = read(path, Overlay)
    if above.model is None:
        return list(above.faults)
    faults = [
        f"{place(above, steps)}: {'.'.join(map(str, steps))} {sentence}."
        for steps, sentence in misfits(above.model, below.runbook)
    ]
    if not faults:
        try:
            runbook = laid_over(below.runbook, above.model)
        except ValidationError as error:
            return faults_of(above, error, _numbers)
        found[path.stem] = replace(below, runbook=runbook, overlay=above)
    return faults


def _add(own: Read[Runbook], found: dict[str, _Laid]) -> list[str]:
    """Take in a runbook of their own; its faults."""
    faults = [*own.faults, *_misnamed(own)]
    if own.model and own.model.id in found:
        faults.append(
            f"{place(own, ('id',))}: id: {own.model.id} is a shipped runbook. Take id out and "
            "give only what differs, or choose an id of your own."
        )
    elif own.model:
        found[own.model.id] = _Laid(own, own.model, is_own=True)
    return faults


def _numbers(steps: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The way in an overlay, which goes by a step's number and not by its place."""
    match steps:
        case ("steps", int(at), *rest):
            return ("steps", at + 1, *(one for one in rest if one not in _TYPES))
    return steps


_TYPES = ("manual", "file_upload", "form", "approval", "webhook")


def _has_id(tree: yaml.Node | None) -> bool:
    return isinstance(tree, yaml.MappingNode) and any(key.value == "id" for key, _ in tree.value)


def _misnamed(one: Read[Runbook]) -> Iterator[str]:
    if one.model and one.model.id != one.path.stem:
        yield (
            f"{place(one, ('id',))}: id: it is {one.model.id}, and the file is {one.path.name}. "
            "Give both the same name."
        )


def _strangers(content: Path) -> Iterator[str]:
    for path in sorted((content / "library").glob("*")):
        if path.suffix != ".yaml":
            yield f"{path}, line 1: only files that end in .yaml are read. Rename or remove it."


def _at_odds(one: _Laid, policy: Policy, known: Collection[str]) -> Iterator[str]:
    """Names that nobody knows, told where they were written: in the overlay if they differ."""
    below = list(disagreements(one.file.model, policy, known)) if one.file.model else []
    above = [wrong for wrong in disagreements(one.runbook, policy, known) if wrong not in below]
    for wrong in below + above:
        file: Read[Model] = one.file
        steps = wrong.steps
        if one.overlay and wrong in above:
            file, steps = one.overlay, _in_overlay(steps)
        yield _told(file, steps, wrong.sentence)


def _at_odds_with_each_other(found: dict[str, _Laid]) -> Iterator[str]:
    for id_, wrong in at_odds({id_: one.runbook for id_, one in found.items()}):
        yield _told(found[id_].file, wrong.steps, wrong.sentence)


def _told(file: Read[Model], steps: tuple[int | str, ...], sentence: str) -> str:
    where = ".".join(map(str, steps))
    return f"{place(file, steps)}: {where} {sentence}."


def _in_overlay(steps: tuple[int | str, ...]) -> tuple[int | str, ...]:
    return tuple(one for one in _numbers(steps) if one != "consent")
