"""Which systems may be told something, and in which words do they want it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from runbooks.base import Model, Phrase, RoleId
from runbooks.paging import Env
from runbooks.span import Time

PLACE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>[a-z][a-z0-9_.]*)\})")
SECRET = "secret."
# What the bot itself gives: where to say that it is done, and how it knows what it sent.
OURS = frozenset({"callback_url", "send_id"})
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,62})"
Host = Annotated[str, StringConstraints(pattern=rf"^(\*\.)?{_LABEL}(\.{_LABEL})*(:[0-9]{{1,5}})?$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
Header = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,60}$")]
Template = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class Answer(Model):
    """What is kept of an answer: templates over `${answer.key}`, `${answer.0.id}` and the values.

    What they name and the answer does not have makes them None.
    """

    reference: Template | None = None
    link: Template | None = None


class Target(Model):
    """A system and what it is sent. `${name}` stands for a value, `${secret.name}` for a secret.

    `secrets` name variables of the environment. A text that is `${name}` and nothing else keeps
    the value's type: a number stays one. `tries` are attempts, some four minutes for eight.
    """

    id: RoleId
    label: Phrase
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    url: Template | None = None
    url_env: Env | None = None
    headers: dict[Header, Template] = Field(default_factory=dict)
    secrets: dict[Name, Env] = Field(default_factory=dict)
    signed_with: Env | None = None
    body: dict[str, Any]
    answer: Answer = Answer()
    time_limit: Time = timedelta(seconds=10)
    tries: int = Field(default=8, ge=1, le=50)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.url is None) == (self.url_env is None):
            raise ValueError("url or url_env is missing, or both are there; give one of them")
        if self.url and not re.match(r"https?://[^/\s]", self.url):
            raise ValueError("url has to begin with https://, and with http:// on this machine")
        if not timedelta(seconds=1) <= self.time_limit <= timedelta(seconds=20):
            raise ValueError("time_limit has to be from PT1S to PT20S")
        named = {name.removeprefix(SECRET) for name in self._names() if name.startswith(SECRET)}
        if unknown := sorted(named - set(self.secrets)):
            raise ValueError(
                f"secrets says nothing about {unknown[0]}; name the variable that holds it"
            )
        return self

    @property
    def wants(self) -> frozenset[str]:
        """The values it needs."""
        ours = {name for name in self._names() if name.startswith(SECRET)} | OURS
        return frozenset(self._names() - ours)

    @property
    def calls_back(self) -> bool:
        """Whether it is told where to say that it is done."""
        return "callback_url" in self._names()

    def _names(self) -> set[str]:
        texts = [self.url or "", *self.headers.values(), *_texts(self.body)]
        return {found["name"] for text in texts for found in PLACE.finditer(text) if found["name"]}


class Webhooks(Model):
    """Which hosts may be reached at all, and the targets.

    A host is a name, `*.name` for all below it, with `:port` where it is not the usual one. Those
    of `private_hosts` may have private addresses, and by http:// those of this machine alone.
    """

    hosts: tuple[Host, ...] = ()
    private_hosts: tuple[Host, ...] = ()
    targets: tuple[Target, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        known = [one.id for one in self.targets]
        for place, name in enumerate(known):
            if name in known[:place]:
                raise ValueError(f"targets.{place}.id repeats {name}; say it once")
        return self

    def find(self, target_id: str) -> Target | None:
        """The target of this id; None when there is none."""
        return next((one for one in self.targets if one.id == target_id), None)


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from _texts(one)
        case list():
            for one in value:
                yield from _texts(one)
