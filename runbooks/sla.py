"""By when is a step due, once its clock runs?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from runbooks.span import SPAN_PATTERN, Span

_AFTER = re.compile(r"^(\S+) after ([1-9]\d?)$")
_CLOCK = "per clock"


@dataclass(frozen=True)
class Sla:
    """A span from the moment the step becomes active, or from the end of step `after`.

    `span` is None where legal clocks say when: `per clock`.
    """

    span: Span | None
    after: int | None = None

    @classmethod
    def read(cls, text: str) -> Sla:
        """From `PT15M`, `same_day`, `5bd`, `PT15M after 4` or `per clock`.

        Raises:
            ValueError: it is none of these.
        """
        if text == _CLOCK:
            return cls(None)
        if found := _AFTER.match(text):
            return cls(Span.read(found[1]), int(found[2]))
        try:
            return cls(Span.read(text))
        except ValueError as error:
            raise ValueError(f"{error}, 'PT15M after 4' or 'per clock'") from error

    @property
    def text(self) -> str:
        """The SLA as it is written in a runbook."""
        if self.span is None:
            return _CLOCK
        return self.span.text + (f" after {self.after}" if self.after else "")

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
        inner = SPAN_PATTERN.removeprefix("^").removesuffix("$")
        told = "PT15M, PT4H, same_day, 1bd, 'PT15M after 4', or 'per clock'"
        pattern = rf"^({inner}( after [1-9]\d?)?|{_CLOCK})$"
        return {"type": "string", "pattern": pattern, "description": told}
