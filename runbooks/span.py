"""How long may something take?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import CoreSchema, core_schema

_BUSINESS_DAYS = re.compile(r"^([1-9]\d{0,2})bd$")
SPAN_PATTERN = r"^(P(?=.)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?|same_day|[1-9]\d{0,2}bd)$"
_MOST_DAYS = 366  # longer is a typing error, and may lie beyond the last date there is
_ISO = TypeAdapter(timedelta)


@dataclass(frozen=True)
class Span:
    """A time by the clock, the end of the same day, or a number of business days."""

    kind: Literal["time", "same_day", "business_days"]
    time: timedelta | None = None
    days: int = 0

    @classmethod
    def read(cls, text: str) -> Span:
        """From `PT15M`, `same_day` or `5bd`.

        Raises:
            ValueError: it is none of these, not longer than nothing, or longer than a year.
        """
        if text == "same_day":
            return cls("same_day")
        if found := _BUSINESS_DAYS.match(text):
            return cls("business_days", days=_checked(text, int(found[1])))
        try:
            time = _ISO.validate_python(text) if text.startswith("P") else None
        except ValidationError:
            time = None
        if time is None or time <= timedelta(0):
            raise ValueError(f"{text!r} is no time span; write PT15M, PT4H, P7D, same_day or 1bd")
        _checked(text, time.days)
        return cls("time", time=time)

    @property
    def text(self) -> str:
        """The span as it is written in a policy."""
        if self.time is not None:
            return str(_ISO.dump_python(self.time, mode="json"))
        return "same_day" if self.kind == "same_day" else f"{self.days}bd"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: type[Any], _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.read(str(value)),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda one: one.text),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        told = "PT15M, PT4H, P7D, same_day, or business days as 1bd"
        return {"type": "string", "pattern": SPAN_PATTERN, "description": told}


def _checked(text: str, days: int) -> int:
    if days > _MOST_DAYS:
        raise ValueError(f"{text!r} is longer than a year; write a shorter one")
    return days


def _by_the_clock(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    span = Span.read(str(value))
    if span.time is None:
        raise ValueError(f"{span.text!r} is no time by the clock; write it like PT10M, PT4H or P7D")
    return span.time


Time = Annotated[timedelta, BeforeValidator(_by_the_clock)]
