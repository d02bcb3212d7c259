"""Which policy is in force, and what is wrong with the files that say so?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from runbooks.across import Steps, mismatches
from runbooks.model import (
    Calendar,
    Classification,
    Evidence,
    Habits,
    Model,
    Paging,
    Policy,
    Rights,
    Roles,
    Severities,
    Stakeholders,
)

SHIPPED = Path(__file__).parent
FILES: Mapping[str, type[Model]] = {
    "severities": Severities,
    "roles": Roles,
    "rights": Rights,
    "calendar": Calendar,
    "stakeholders": Stakeholders,
    "classification": Classification,
    "paging": Paging,
    "habits": Habits,
    "evidence": Evidence,
}
_KINDS = {
    "extra_forbidden": "no key of this name is read here; check its spelling, or take it out",
    "missing": "it is missing; add it",
    "int_parsing": "it is no number; write digits",
    "int_type": "it is no number; write digits",
    "int_from_float": "it is no whole number; write digits",
    "greater_than_equal": "it is too small; write {ge} or more",
    "less_than_equal": "it is too large; write {le} or less",
    "literal_error": "it is none of the words known here; write {expected}",
    "tuple_type": "it is no list; write [one, two], or lines that begin with a hyphen",
    "too_short": "it is empty; give at least {min_length}",
    "model_type": "no keys stand here; write them as the shipped file does, `key: value`",
    "string_type": "it is no text; put it in quotes",
    "string_too_short": "it is too short; write at least {min_length} characters",
    "string_too_long": "it is too long; write at most {max_length} characters",
    "bool_parsing": "it is neither yes nor no; write true or false",
    "bool_type": "it is neither yes nor no; write true or false",
    "date_from_datetime_parsing": "it is no day; write it like 2026-12-24",
    "date_type": "it is no day; write it like 2026-12-24",
}
_PATTERNS = {
    "": "write small letters, digits and _, beginning with a letter",
    "label": "write 1 to 32 characters, with no space at either end",
    "address": "write one mail address, such as board@example.com",
    "person": "write a member's ID from their profile in Slack, such as U0123ABCD",
    "people": "write members' IDs from their profiles in Slack, such as U0123ABCD",
    "group": "write the ID of a user group in Slack, such as S0123ABCD",
    "bridge_url": "write an address that begins with https://",
    "decision_reaction": "write an emoji's name in small letters, without colons",
    "timeline_reaction": "write an emoji's name in small letters, without colons",
    "mark": "write an emoji's name in small letters, without colons",
    "own_domains": "write a domain in small letters, such as example.com",
    "phone_region": "write the two capital letters of a country, such as DE",
    "routing_key_env": "write the name of a variable in capitals, such as PAGERDUTY_KEY",
    "url_env": "write the name of a variable in capitals, such as PAGER_URL",
    "secret_env": "write the name of a variable in capitals, such as PAGER_SECRET",
}

_TEXT = "Make it a text file in UTF-8 that the bot may read."
_MEND = "Mend it, or begin again from a copy of the shipped file."


class _Loader(yaml.SafeLoader):
    """Leaves days as they are written: YAML's own reading of a wrong one names no line."""

    yaml_implicit_resolvers = {
        first: [one for one in resolvers if one[0] != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class Faulty(Exception):
    """Files cannot be used; each line names the file, the line and what to do."""


@dataclass(frozen=True)
class _Read:
    """A file with the tree that knows its lines."""

    path: Path
    tree: yaml.Node | None
    model: Model | None
    faults: tuple[str, ...] = ()


def policy(overlay: Path | None = None, time_zone: str | None = None) -> Policy:
    """The policy in force. `overlay` is a folder laid over the shipped one, file by file.

    `time_zone` stands in for the calendar's where it is given.

    Raises:
        Faulty: files are missing, are not YAML, or say something that the model refuses.
    """
    faults = list(_unknown_files(overlay))
    read = {name: _file(name, overlay) for name in FILES}
    faults += [fault for one in read.values() for fault in one.faults]
    if faults:
        raise Faulty("\n".join(faults))
    found = Policy.model_validate({name: one.model for name, one in read.items()})
    for wrong in mismatches(found):
        one = read[wrong.file]
        where = ".".join(str(step) for step in wrong.steps)
        faults.append(f"{one.path}, line {_line(one.tree, wrong.steps)}: {where} {wrong.sentence}.")
    if faults:
        raise Faulty("\n".join(faults))
    if time_zone is None:
        return found
    calendar = found.calendar.model_copy(update={"time_zone": time_zone})
    return found.model_copy(update={"calendar": calendar})


def _unknown_files(overlay: Path | None) -> list[str]:
    if overlay is None:
        return []
    if not overlay.is_dir():
        told = f"WARROOM_CONTENT names {overlay}, which is not a folder."
        return [f"{told} Name the one that holds policy/."]
    known = ", ".join(f"{name}.yaml" for name in FILES)
    misplaced = [
        f"{overlay / name}.yaml, line 1: it is not read here. Move it into {overlay / 'policy'}."
        for name in FILES
        if (overlay / f"{name}.yaml").exists()
    ]
    return misplaced + [
        f"{path}, line 1: no file of this name is read. Rename it to one of {known}, or remove it."
        for path in sorted((overlay / "policy").glob("*"))
        if path.suffix not in {".yaml"} or path.stem not in FILES
    ]


def _file(name: str, overlay: Path | None) -> _Read:
    path = SHIPPED / "policy" / f"{name}.yaml"
    if overlay is not None and (overlay / "policy" / path.name).exists():
        path = overlay / "policy" / path.name
    try:
        text = path.read_text(encoding="utf-8")
        tree = yaml.compose(text, Loader=_Loader)
        content = yaml.load(text, Loader=_Loader)  # a safe loader
    except (OSError, UnicodeDecodeError) as error:
        return _Read(path, None, None, (f"{path}, line 1: cannot be read ({error}). {_TEXT}",))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fault = f"{path}, line {line}: not valid YAML ({error.problem}). {_MEND}"
        return _Read(path, None, None, (fault,))
    except (yaml.reader.ReaderError, ValueError) as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        fault = f"{path}, line {line}: not valid YAML ({_first_line(error)}). {_MEND}"
        return _Read(path, None, None, (fault,))
    if faults := tuple(f"{path}, line {line}: {what}." for line, what in _twice(tree)):
        return _Read(path, tree, None, faults)
    try:
        return _Read(path, tree, FILES[name].model_validate(content))
    except ValidationError as error:
        faults = tuple(_tell(path, tree, fault) for fault in error.errors())
        return _Read(path, tree, None, faults)


def _tell(path: Path, tree: yaml.Node | None, fault: Any) -> str:  # noqa: ANN401 (pydantic's ErrorDetails)
    where = ".".join(str(step) for step in fault["loc"])
    message = _remedy(fault)
    line = _line(tree, (*fault["loc"], *_named(message)))
    return f"{path}, line {line}: {where + ': ' if where else ''}{message}."


def _remedy(fault: Any) -> str:  # noqa: ANN401 (as above)
    """What is wrong and what to write instead, in words rather than in patterns."""
    kind = str(fault["type"])
    keys = [step for step in fault["loc"] if isinstance(step, str)]
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(keys[-1] if keys else "", _PATTERNS[""])
    known = _KINDS.get(kind, str(fault["msg"]).removeprefix("Value error, "))
    return known.format_map(fault.get("ctx", {})) if kind in _KINDS else known


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _twice(node: yaml.Node | None, seen: frozenset[int] = frozenset()) -> Iterator[tuple[int, str]]:
    """Lines on which a key stands for the second time; YAML would silently take the last."""
    if node is None or id(node) in seen:
        return
    seen |= {id(node)}
    inner: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        for place, (key, _) in enumerate(node.value):
            if key.value in keys[:place]:
                yield key.start_mark.line + 1, f"{key.value} stands here twice; keep one of them"
        inner = [value for _, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        inner = node.value
    for one in inner:
        yield from _twice(one, seen)


def _named(message: str) -> Steps:
    """The place a validator of a whole model speaks of: its sentence begins with it."""
    steps = message.split(" ", 1)[0].rstrip(":").split(".")
    return tuple(int(step) if step.isdigit() else step for step in steps)


def _line(node: yaml.Node | None, steps: Steps) -> int:
    """The line of the innermost place on the way that the file has."""
    line = node.start_mark.line + 1 if node else 1
    for step in steps:
        match node:
            case yaml.MappingNode():
                pairs = [pair for pair in node.value if pair[0].value == step]
                if not pairs:
                    return line
                line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
            case yaml.SequenceNode() if isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            case _:
                return line
    return line
