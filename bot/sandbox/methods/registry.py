"""Which Web API methods are there?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.arguments import Arguments
from bot.sandbox.model import Json
from bot.sandbox.workspace import Workspace

Run = Callable[[Workspace, Arguments], Json]


@dataclass(frozen=True)
class Method:
    """A method; `scopes` are those of which one is enough whatever the channel is."""

    run: Run
    required: tuple[str, ...]
    scopes: tuple[str, ...]


METHODS: dict[str, Method] = {}


def method(name: str, required: str = "", scopes: str = "") -> Callable[[Run], Run]:
    """Register a method; `required` and `scopes` are words with spaces between."""

    def register(run: Run) -> Run:
        METHODS[name] = Method(run, tuple(required.split()), tuple(scopes.split()))
        return run

    return register
