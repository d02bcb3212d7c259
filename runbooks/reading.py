"""What is written in a YAML file, and on which line is it wrong?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import ValidationError

from runbooks.across import Steps
from runbooks.base import Model

M = TypeVar("M", bound=Model)
M_co = TypeVar("M_co", bound=Model, covariant=True)

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
    "too_short": "it has {actual_length}; give at least {min_length}",
    "model_type": "no keys stand here; write them as the shipped file does, `key: value`",
    "string_type": "it is no text; put it in quotes",
    "string_too_short": "it is too short; write at least {min_length} characters",
    "string_too_long": "it is too long; write at most {max_length} characters",
    "bool_parsing": "it is neither yes nor no; write true or false",
    "bool_type": "it is neither yes nor no; write true or false",
    "date_from_datetime_parsing": "it is no day; write it like 2026-12-24",
    "date_type": "it is no day; write it like 2026-12-24",
    "date_parsing": "it is no day; write it like 2026-12-24",
    "invalid_key": "YAML reads yes, no, on, off and numbers as no words; put the key in quotes",
    "dict_type": "no keys stand here; write {one: its words, two: its words}",
    "too_long": "it has {actual_length}; give at most {max_length}",
    "union_tag_invalid": "{tag} is no type known here; write one of {expected_tags}",
    "union_tag_not_found": "type is missing; say which type it is",
}
_PATTERNS = {
    "version": "write three numbers, such as 1.2.0",
    "url": "write an address that begins with https://",
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
    "headers": "write the name of a header, and a text of one line",
    "hosts": "write the name of a host, such as api.github.com or jira.example:8443",
    "private_hosts": "write the name of a host, such as jira.example or 127.0.0.1:8080",
    "signed_with": "write the name of a variable in capitals, such as WEBHOOK_SECRET",
    "secrets": "write the name of a variable in capitals, such as GITHUB_TOKEN",
    "secret_env": "write the name of a variable in capitals, such as PAGER_SECRET",
}

_TEXT = "Make it a text file in UTF-8 that the bot may read."
_MEND = "Mend it, or begin again from a copy of the shipped file."


# Days are left as they are written: YAML's own reading of a wrong one names no line.
_RESOLVERS = {
    first: [one for one in resolvers if one[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Loader(yaml.SafeLoader):
    """Says best what is wrong with a file."""

    yaml_implicit_resolvers = _RESOLVERS


class _FastLoader(yaml.CSafeLoader):
    """Reads the same in a fifth of the time: every command at a terminal waits for it."""

    yaml_implicit_resolvers = _RESOLVERS


class Faulty(Exception):
    """Files cannot be used; each line names the file, the line and what to do."""


@dataclass(frozen=True)
class Read(Generic[M_co]):
    """A file with the tree that knows its lines; `sha256` is of its bytes, empty if unread."""

    path: Path
    tree: yaml.Node | None
    model: M_co | None
    faults: tuple[str, ...] = ()
    sha256: str = ""


def read(path: Path, kind: type[M]) -> Read[M]:
    """What the file says as a model of this kind, or its faults, each with line and remedy."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
        tree, content = _parsed(text)
    except (OSError, UnicodeDecodeError) as error:
        return Read(path, None, None, (f"{path}, line 1: cannot be read ({error}). {_TEXT}",))
    except RecursionError:
        fault = f"{path}, line 1: not valid YAML (it is nested too deep). {_MEND}"
        return Read(path, None, None, (fault,))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fault = f"{path}, line {line}: not valid YAML ({error.problem}). {_MEND}"
        return Read(path, None, None, (fault,))
    except (yaml.reader.ReaderError, ValueError) as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        fault = f"{path}, line {line}: not valid YAML ({_first_line(error)}). {_MEND}"
        return Read(path, None, None, (fault,))
    if faults := tuple(f"{path}, line {line}: {what}." for line, what in _twice(tree)):
        return Read(path, tree, None, faults)
    try:
        return Read(path, tree, kind.model_validate(content), (), sha256(raw).hexdigest())
    except ValidationError as error:
        faults = tuple(_tell(path, tree, fault) for fault in error.errors())
        return Read(path, tree, None, faults)


def _parsed(text: str) -> tuple[yaml.Node | None, Any]:
    try:
        return _by(_FastLoader(text))
    except yaml.YAMLError:
        return _by(_Loader(text))


def _by(loader: _Loader | _FastLoader) -> tuple[yaml.Node | None, Any]:
    tree = loader.get_single_node()
    return tree, loader.construct_document(tree) if tree else None


def place(file: Read[M], steps: Steps) -> str:
    """`path, line N` of the innermost place on the way that the file has."""
    return f"{file.path}, line {_line(file.tree, steps)}"


def faults_of(file: Read[M], error: ValidationError, way: Callable[[Steps], Steps]) -> list[str]:
    """Faults of what came out of the file, told at the place that `way` makes of each."""
    told = []
    for fault in error.errors():
        message = _remedy(fault)
        first, rest = message.partition(" ")[::2]
        named = ".".join(map(str, way(_named(message))))
        moved = {"msg": f"{named}{':' * first.endswith(':')} {rest}", "loc": way(fault["loc"])}
        told.append(_tell(file.path, file.tree, {**fault, **moved}))
    return told


def _tell(path: Path, tree: yaml.Node | None, fault: Any) -> str:  # noqa: ANN401 (pydantic's ErrorDetails)
    steps = _without_tags(tree, fault["loc"])
    if str(fault["type"]).startswith("union_tag"):
        steps = (*steps, "type")
    where = ".".join(str(step) for step in steps)
    message = _remedy(fault)
    line = _line(tree, (*steps, *_named(message)))
    return f"{path}, line {line}: {where + ': ' if where else ''}{message}."


def _without_tags(tree: yaml.Node | None, steps: Steps) -> Steps:
    """The way through the file alone; pydantic also names the `type` it chose a model by."""
    kept: list[int | str] = []
    node = tree
    for step in steps:
        inner = _inner(node, step)
        kind = _inner(node, "type")
        if inner is None and isinstance(kind, yaml.ScalarNode) and kind.value == step:
            continue
        if step != "[key]":
            kept.append(step)
            node = inner
    return tuple(kept)


def _inner(node: yaml.Node | None, step: int | str) -> yaml.Node | None:
    match node:
        case yaml.MappingNode():
            return next((value for key, value in node.value if key.value == str(step)), None)
        case yaml.SequenceNode() if isinstance(step, int) and step < len(node.value):
            found: yaml.Node = node.value[step]
            return found
    return None


def _remedy(fault: Any) -> str:  # noqa: ANN401 (as above)
    """What is wrong and what to write instead, in words rather than in patterns."""
    kind = str(fault["type"])
    keys = [step for step in fault["loc"] if isinstance(step, str)]
    if kind == "string_pattern_mismatch":
        return next((_PATTERNS[key] for key in reversed(keys) if key in _PATTERNS), _PATTERNS[""])
    if kind == "too_short" and not fault["ctx"]["actual_length"]:
        return f"it is empty; give at least {fault['ctx']['min_length']}"
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
                pairs = [pair for pair in node.value if pair[0].value == str(step)]
                if not pairs:
                    return line
                line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
            case yaml.SequenceNode() if isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            case _:
                return line
    return line
