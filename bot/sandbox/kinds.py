"""What kinds of value can stand in Block Kit, and which words does Slack refuse them with?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol


class Kind(Protocol):
    """A check of one value; yields a sentence per mistake, with a JSON pointer."""

    def mistakes(self, value: Any, pointer: str) -> Iterator[str]:
        """Everything wrong with `value`, which stands at `pointer`."""
        ...


def at(sentence: str, pointer: str) -> str:
    """A sentence the way Slack ends it."""
    return f"{sentence} [json-pointer:{pointer}]"


def _length(text: str, shortest: int, longest: int | None, pointer: str) -> Iterator[str]:
    if len(text) < shortest:
        yield at(f"must be more than {shortest - 1} characters", pointer)
    if longest is not None and len(text) > longest:
        yield at(f"must be less than {longest + 1} characters", pointer)


@dataclass(frozen=True)
class String:
    """Characters, between `shortest` and `longest`, or one of a few words."""

    longest: int | None = None
    shortest: int = 1
    one_of: tuple[str, ...] = ()

    def mistakes(self, value: Any, pointer: str) -> Iterator[str]:
        """Everything wrong with `value`."""
        if not isinstance(value, str):
            yield at("must be a string", pointer)
        elif self.one_of and value not in self.one_of:
            yield at("must be a valid enum value", pointer)
        else:
            yield from _length(value, self.shortest, self.longest, pointer)


@dataclass(frozen=True)
class Text:
    """A text object; `is_plain` when Slack takes no mrkdwn there."""

    longest: int
    is_plain: bool = False

    def mistakes(self, value: Any, pointer: str) -> Iterator[str]:
        """Everything wrong with `value`."""
        if not isinstance(value, dict):
            yield at("must provide an object", pointer)
            return
        allowed = ("plain_text",) if self.is_plain else ("plain_text", "mrkdwn")
        if value.get("type") not in allowed:
            yield at(f"must be one of: {', '.join(allowed)}", f"{pointer}/type")
        extra = "verbatim" if value.get("type") == "mrkdwn" else "emoji"
        for name in value.keys() - {"type", "text", extra}:
            yield at(f"invalid additional property: {name}", pointer)
        text = value.get("text")
        if text is None:
            yield at("missing required field: text", pointer)
        else:
            yield from String(self.longest).mistakes(text, f"{pointer}/text")


@dataclass(frozen=True)
class Flag:
    """true or false."""

    def mistakes(self, value: Any, pointer: str) -> Iterator[str]:
        """Everything wrong with `value`."""
        if not isinstance(value, bool):
            yield at("must be a boolean", pointer)


@dataclass(frozen=True)
class Number:
    """A whole number."""

    lowest: int = 0
    highest: int | None = None

    def mistakes(self, value: Any, pointer: str) -> Iterator[str]:
        """Everything wrong with `value`."""
        if isinstance(value, bool) or not isinstance(value, int):
            yield at("must be an integer", pointer)
        elif value < self.lowest:
            yield at(f"must be more than {self.lowest - 1}", pointer)
        elif self.highest is not None and value > self.highest:
            yield at(f"must be less than {self.highest + 1}", pointer)


@dataclass(frozen=True)
class Anything:
    """A value nobody checks here."""

    def mistakes(self, value: Any, pointer: str) -> Iterator[str]:
        """Nothing is wrong with `value`."""
        yield from ()


@dataclass(frozen=True)
class Field:
    """A property of an object."""

    kind: Kind
    is_required: bool = False


@dataclass(frozen=True)
class Shape:
    """An object with these properties and no others."""

    fields: dict[str, Field]

    def mistakes(self, value: Any, pointer: str) -> Iterator[str]:
        """Everything wrong with `value`."""
        if not isinstance(value, dict):
            yield at("must provide an object", pointer)
            return
        for name, field in self.fields.items():
            if field.is_required and value.get(name) is None:
                yield at(f"missing required field: {name}", pointer)
        for name, part in value.items():
            if name not in self.fields:
                yield at(f"invalid additional property: {name}", pointer)
            elif part is not None:
                yield from self.fields[name].kind.mistakes(part, f"{pointer}/{name}")


@dataclass(frozen=True)
class Typed:
    """An object whose `type` says which of `shapes` it must have."""

    shapes: dict[str, Shape]

    def mistakes(self, value: Any, pointer: str) -> Iterator[str]:
        """Everything wrong with `value`."""
        if not isinstance(value, dict):
            yield at("must provide an object", pointer)
        elif value.get("type") is None:
            yield at("missing required field: type", pointer)
        elif not isinstance(value["type"], str) or value["type"] not in self.shapes:
            yield at(f"unsupported type: {value['type']}", f"{pointer}/type")
        else:
            rest = {name: part for name, part in value.items() if name != "type"}
            yield from self.shapes[value["type"]].mistakes(rest, pointer)


@dataclass(frozen=True)
class Many:
    """A list."""

    kind: Kind
    most: int
    fewest: int = 1

    def mistakes(self, value: Any, pointer: str) -> Iterator[str]:
        """Everything wrong with `value`."""
        if not isinstance(value, list):
            yield at("must be an array", pointer)
            return
        if len(value) < self.fewest:
            yield at(f"no less than {self.fewest} items allowed", pointer)
        if len(value) > self.most:
            yield at(f"no more than {self.most} items allowed", pointer)
        for index, part in enumerate(value):
            yield from self.kind.mistakes(part, f"{pointer}/{index}")
