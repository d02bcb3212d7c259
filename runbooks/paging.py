"""Who is called, in which way, and who is called when nobody answers?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from runbooks.base import Label, Model, PersonId, RoleId
from runbooks.calendar import Hour
from runbooks.span import Span, Time

Rank = Annotated[int, Field(ge=0, le=3)]
Env = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{1,60}$")]


class Route(Model):
    """How a role is called. The names are of environment variables; secrets stand nowhere else."""

    role: RoleId
    adapter: Literal["rota", "pagerduty", "webhook"]
    routing_key_env: Env | None = None
    url_env: Env | None = None
    secret_env: Env | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.adapter == "pagerduty" and not self.routing_key_env:
            raise ValueError("routing_key_env is missing; name the variable that holds the key")
        if self.adapter == "webhook" and not (self.url_env and self.secret_env):
            raise ValueError("url_env and secret_env are missing; name the two variables")
        return self


class Rota(Model):
    """People who take turns, from a day on, each for `every`."""

    id: RoleId
    people: tuple[PersonId, ...] = Field(min_length=1)
    starts: date
    at: Hour
    every: Span

    @model_validator(mode="after")
    def _by_the_clock(self) -> Self:
        if self.every.kind != "time":
            raise ValueError("every must be a time such as P7D")
        return self

    def on_call(self, at: datetime) -> str | None:
        """Whose turn it is (hours are UTC); None before the rota starts."""
        start = datetime.combine(self.starts, self.at, UTC)
        turn = self.every.time or timedelta(days=7)
        if at < start:
            return None
        return self.people[((at - start) // turn) % len(self.people)]


class Rung(Model):
    """A step of the ladder, `after` the deadline: a role, people, a user group or a rota."""

    after: Span
    role: RoleId | None = None
    people: tuple[PersonId, ...] = ()
    group: str | None = None
    rota: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(map(bool, (self.role, self.people, self.group, self.rota))) != 1:
            raise ValueError("give exactly one of role, people, group, rota")
        if self.after.kind != "time":
            raise ValueError("after must be a time such as PT10M")
        return self


class AlertPolicy(Model):
    """What an alert of another system does; `declares_from` None: it only proposes.

    `ranks` says how bad the other system's words for a severity are.
    """

    declares_from: Label | None = None
    fold_window: Time = timedelta(hours=24)
    ranks: dict[str, Rank] = Field(default_factory=dict)


class Paging(Model):
    """Routes, rotas, the ladder of escalation, and alerts."""

    routes: tuple[Route, ...] = ()
    rotas: tuple[Rota, ...] = ()
    ladder: tuple[Rung, ...] = ()
    unanswered_after: Span = Span.read("PT5M")
    alerts: AlertPolicy = AlertPolicy()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ids = [rota.id for rota in self.rotas]
        for place, rung in enumerate(self.ladder):
            if rung.rota and rung.rota not in ids:
                raise ValueError(
                    f"ladder.{place}.rota names {rung.rota}, which is no rota here; "
                    f"use one of {', '.join(ids) or 'those you add under rotas'}"
                )
            earlier = self.ladder[place - 1].after.time if place else None
            if earlier and rung.after.time and rung.after.time <= earlier:
                raise ValueError(
                    f"ladder.{place}.after is not later than the step before; climb in order"
                )
        return self

    @model_validator(mode="after")
    def _once(self) -> Self:
        ids, roles = [one.id for one in self.rotas], [one.role for one in self.routes]
        for where, key, names in (("rotas", "id", ids), ("routes", "role", roles)):
            for place, name in enumerate(names):
                if name in names[:place]:
                    raise ValueError(f"{where}.{place}.{key} repeats {name}; say it once")
        return self

    def route(self, role: str) -> Route | None:
        """How a role is called; None is by direct message."""
        return next((one for one in self.routes if one.role == role), None)

    def rota(self, rota_id: str) -> Rota:
        """The rota of this id.

        Raises:
            KeyError: there is none; the loader lets no such policy through.
        """
        return {one.id: one for one in self.rotas}[rota_id]
