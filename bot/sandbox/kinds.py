"""What kinds of value can stand in Block Kit, and which words does Slack refuse them with?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from bot.sandbox.model import Json


@dataclass(frozen=True)
class Mistake:
    """What Slack refuses, where (a JSON pointer), and what it would take.

    The documentation shows `constraint` for enums only; its other types were chosen here.
    """

    sentence: str
    pointer: str
    constraint: tuple[str, Any] | None = None

    @property
    def told(self) -> str:
        """The sentence as chat.* and views.* give it."""
        return at(self.sentence, self.pointer)


Mistakes = Iterator[Mistake]


class Kind(Protocol):
    """A check of one value."""

    def mistakes(self, value: Any, pointer: str) -> Mistakes:
        """Everything wrong with `value`, which stands at `pointer`."""
        ...


def at(sentence: str, pointer: str) -> str:
    """A sentence the way Slack ends it."""
    return f"{sentence} [json-pointer:{pointer}]"


def _unless(is_right: bool, name: str, pointer: str) -> Mistakes:
    if not is_right:
        yield Mistake(_TYPES[name], pointer, ("type", name))


# slackhq/hack-json-schema, src/Constraints: the validator whose words Slack answers with.
_TYPES = {
    "string": "must provide a string",
    "boolean": "must be a boolean",
    "integer": "must provide an integer",
    "number": "must provide a number",
    "array": "must provide an array",
}


def unmatched(pointer: str) -> Mistake:
    """What Slack says first where several schemas must hold together and one does not."""
    return Mistake("failed to match all allowed schemas", pointer, ("all_of", True))


def _object_needed(pointer: str) -> Mistake:
    return Mistake("must provide an object", pointer, ("type", "object"))


@dataclass(frozen=True)
class String:
    """Characters, between `shortest` and `longest`, like `pattern`, or one of a few words."""

    longest: int | None = None
    shortest: int = 1
    one_of: tuple[str, ...] = ()
    pattern: str = ""

    def mistakes(self, value: Any, pointer: str) -> Mistakes:
        """Everything wrong with `value`."""
        if not isinstance(value, str):
            yield from _unless(False, "string", pointer)
        elif self.one_of and value not in self.one_of:
            yield Mistake("must be a valid enum value", pointer, ("enum", list(self.one_of)))
        elif self.pattern and not re.fullmatch(self.pattern, value, re.ASCII):
            yield Mistake("must match the expected format", pointer, ("pattern", self.pattern))
        else:
            yield from self._length(value, pointer)

    def _length(self, value: str, pointer: str) -> Mistakes:
        if len(value) < self.shortest:
            told = f"must be more than {self.shortest - 1} characters"
            yield Mistake(told, pointer, ("min_length", self.shortest))
        if self.longest is not None and len(value) > self.longest:
            told = f"must be less than {self.longest + 1} characters"
            yield Mistake(told, pointer, ("max_length", self.longest))


@dataclass(frozen=True)
class Text:
    """A text object; `is_plain` when Slack takes no mrkdwn there."""

    longest: int
    is_plain: bool = False

    def mistakes(self, value: Any, pointer: str) -> Mistakes:
        """Everything wrong with `value`."""
        if not isinstance(value, dict):
            yield unmatched(pointer)
            yield _object_needed(pointer)
            return
        allowed = ["plain_text"] if self.is_plain else ["plain_text", "mrkdwn"]
        if value.get("type") not in allowed:
            told = f"must be one of: {', '.join(allowed)}"
            yield Mistake(told, f"{pointer}/type", ("enum", allowed))
        rest = {name: part for name, part in value.items() if name != "type"}
        extra = "verbatim" if value.get("type") == "mrkdwn" else "emoji"
        yield from shape({"text": String(self.longest)}, {extra: Flag()}).mistakes(rest, pointer)


@dataclass(frozen=True)
class Flag:
    """true or false."""

    def mistakes(self, value: Any, pointer: str) -> Mistakes:
        """Everything wrong with `value`."""
        yield from _unless(isinstance(value, bool), "boolean", pointer)


@dataclass(frozen=True)
class Number:
    """A whole number."""

    lowest: int = 0
    highest: int | None = None

    def mistakes(self, value: Any, pointer: str) -> Mistakes:
        """Everything wrong with `value`."""
        if isinstance(value, bool) or not isinstance(value, int):
            yield from _unless(False, "integer", pointer)
        elif value < self.lowest:
            yield Mistake(f"must be more than {self.lowest - 1}", pointer, ("minimum", self.lowest))
        elif self.highest is not None and value > self.highest:
            yield Mistake(
                f"must be less than {self.highest + 1}", pointer, ("maximum", self.highest)
            )


@dataclass(frozen=True)
class Real:
    """Any number, or only one above `above`."""

    above: float | None = None

    def mistakes(self, value: Any, pointer: str) -> Mistakes:
        """Everything wrong with `value`."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield from _unless(False, "number", pointer)
        elif self.above is not None and not value > self.above:
            yield Mistake(f"must be more than {self.above:g}", pointer, ("above", self.above))


@dataclass(frozen=True)
class Anything:
    """A value nobody checks here."""

    def mistakes(self, value: Any, pointer: str) -> Mistakes:
        """Nothing is wrong with `value`."""
        yield from ()


@dataclass(frozen=True)
class Either:
    """A string of one kind, or an object of another."""

    string: Kind
    object: Kind

    def mistakes(self, value: Any, pointer: str) -> Mistakes:
        """Everything wrong with `value`."""
        kind = self.object if isinstance(value, dict) else self.string
        yield from kind.mistakes(value, pointer)


@dataclass(frozen=True)
class Field:
    """A property of an object."""

    kind: Kind
    is_required: bool = False


@dataclass(frozen=True)
class Shape:
    """An object with these properties and no others; `also` is what one property cannot tell."""

    fields: dict[str, Field]
    also: tuple[Callable[[Json, str], Mistakes], ...] = ()

    def mistakes(self, value: Any, pointer: str) -> Mistakes:
        """Everything wrong with `value`; the properties together only when each is right."""
        if not isinstance(value, dict):
            yield _object_needed(pointer)
            return
        found = [*self._missing(value, pointer), *self._wrong(value, pointer)]
        yield from found or (told for check in self.also for told in check(value, pointer))

    def _missing(self, value: Json, pointer: str) -> Mistakes:
        for name, field in self.fields.items():
            if field.is_required and value.get(name) is None:
                yield Mistake(f"missing required field: {name}", pointer, ("required", name))

    def _wrong(self, value: Json, pointer: str) -> Mistakes:
        for name, part in value.items():
            if name not in self.fields:
                told = f"invalid additional property: {name}"
                yield Mistake(told, pointer, ("additional_properties", list(self.fields)))
            elif part is not None:
                yield from self.fields[name].kind.mistakes(part, f"{pointer}/{name}")


def shape(
    required: dict[str, Kind],
    optional: dict[str, Kind] | None = None,
    *also: Callable[[Json, str], Mistakes],
) -> Shape:
    """An object with these properties and no others."""
    fields = {name: Field(kind, is_required=True) for name, kind in required.items()}
    return Shape(fields | {name: Field(kind) for name, kind in (optional or {}).items()}, also)


@dataclass(frozen=True)
class Typed:
    """An object whose `type` says which of `shapes` it must have."""

    shapes: dict[str, Shape]

    def mistakes(self, value: Any, pointer: str) -> Mistakes:
        """Everything wrong with `value`."""
        if not isinstance(value, dict):
            yield _object_needed(pointer)
        elif value.get("type") is None:
            yield Mistake("missing required field: type", pointer, ("required", "type"))
        elif not isinstance(value["type"], str) or value["type"] not in self.shapes:
            told = f"unsupported type: {value['type']}"
            yield Mistake(told, f"{pointer}/type", ("enum", list(self.shapes)))
        else:
            rest = {name: part for name, part in value.items() if name != "type"}
            yield from self.shapes[value["type"]].mistakes(rest, pointer)


@dataclass(frozen=True)
class Many:
    """A list; `with_none` when null may stand for a part."""

    kind: Kind
    most: int
    fewest: int = 1
    with_none: bool = False

    def mistakes(self, value: Any, pointer: str) -> Mistakes:
        """Everything wrong with `value`."""
        if not isinstance(value, list):
            yield from _unless(False, "array", pointer)
            return
        if len(value) < self.fewest:
            told = f"no less than {self.fewest} items allowed"
            yield Mistake(told, pointer, ("min_items", self.fewest))
        if len(value) > self.most:
            told = f"no more than {self.most} items allowed"
            yield Mistake(told, pointer, ("max_items", self.most))
        for index, part in enumerate(value):
            if part is not None or not self.with_none:
                yield from self.kind.mistakes(part, f"{pointer}/{index}")
