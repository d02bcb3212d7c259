"""Which commands tell from a terminal how things stand?"""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

import typer

from bot import registry
from bot.core import ids, summary
from bot.core.incident import OPEN
from bot.core.outcome import Shown
from bot.core.plain import moment, people_in, plain, safe
from bot.directory import Unchanged
from bot.features.finding.slack import seen_by
from bot.features.timeline import blocks as timeline_blocks
from bot.features.timeline.slack import groups_of
from bot.reads import Listed
from bot.terminal.saying import As, Incident
from bot.terminal.session import Session, at_work

Json = Annotated[bool, typer.Option("--json", help="For programs; times in UTC.")]
_NONE = "No incident is open. `warroom list --all` shows those that are over."

commands = typer.Typer()


@commands.command(name="list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: Json = False,
    as_: As = None,
) -> None:
    """The open incidents you may see, with their numbers, the newest first."""
    asyncio.run(_list(as_, every=every, as_json=as_json))


@commands.command(name="summary")
def summary_(incident: Incident, as_json: Json = False, as_: As = None) -> None:
    """How an incident stands: what the pinned summary says."""
    asyncio.run(_summary(incident, as_, as_json=as_json))


@commands.command()
def timeline(
    incident: Incident,
    kinds: Annotated[
        list[str] | None,
        typer.Argument(metavar="KINDS", help="Such as decisions or notes; all if none."),
    ] = None,
    as_json: Json = False,
    as_: As = None,
) -> None:
    """What happened, newest last."""
    asyncio.run(_timeline(incident, " ".join(kinds or ()), as_, as_json=as_json))


async def _list(as_: str | None, *, every: bool, as_json: bool) -> None:
    async with at_work(as_, people=Unchanged) as session:
        engine = session.desk.engine
        listed = await engine.listed(None if every else [*OPEN, "resolved"])
        seen = await seen_by(engine, listed, session.person.id)
        rows = [_listed(session, one, title) for one, title in seen]
        if as_json:
            typer.echo(json.dumps([row for row, _ in rows], ensure_ascii=False))
        else:
            typer.echo("\n".join(line for _, line in rows) or _NONE)


def _listed(session: Session, one: Listed, title: str | None) -> tuple[dict[str, Any], str]:
    severities = session.desk.engine.policy.severities.severities
    label = severities[min(one.rank, len(severities) - 1)].label
    row = {
        "incident": ids.reference(one.number),
        "severity": label,
        "status": one.status,
        "title": title,
        "opened_at": one.opened_at.isoformat(),
        "is_private": one.is_private,
        "is_test": one.is_test,
    }
    mark = "TEST " if one.is_test else ""
    since = moment(one.opened_at, session.person.tz)
    said = safe(title) if title else "(the title stays in its room)"
    return row, f"{mark}{row['incident']}  {label}  {one.status}  since {since}  {said}"


async def _summary(incident: str, as_: str | None, *, as_json: bool) -> None:
    async with at_work(as_, incident, people=Unchanged) as session:
        case = await session.desk.inside(session.number, session.person.id)
        shown = session.desk.engine.shown(case)
        parts = summary.gathered(registry.SUMMARY_PARTS, shown)
        said = [await session.text(part.content.text) for part in parts if part.content.text]
        if as_json:
            typer.echo(json.dumps({**_standing(shown), "says": said}, ensure_ascii=False))
            return
        typer.echo("\n".join(said))
        if at := case.incident.changed_at:
            typer.echo(f"As of {moment(at, session.person.tz)}.")


def _standing(shown: Shown) -> dict[str, Any]:
    one = shown.incident
    return {
        "incident": ids.reference(one.number),
        "title": one.title,
        "status": one.status,
        "severity": one.severity,
        "harm": one.harm,
        "commander": None if one.has_no_ic else one.ic,
        "roles": {role: held.person for role, held in one.holders.items()},
        "as_of": one.changed_at.isoformat() if one.changed_at else None,
        "owed": [{"what": due.label, "due_at": due.due_at.isoformat()} for due in shown.deadlines],
    }


async def _timeline(incident: str, kinds: str, as_: str | None, *, as_json: bool) -> None:
    async with at_work(as_, incident, people=Unchanged) as session:
        engine, person = session.desk.engine, session.person
        case = await session.desk.inside(session.number, person.id)
        facts = await engine.facts(session.number)
        entries = timeline_blocks.entries(facts, engine.policy, groups_of(kinds))
        said = [f"{timeline_blocks.who(one.actor)} {one.line}" for one in entries]
        names = await session.names(people_in("".join(said)))
        lines = [plain(line, names, person.tz) for line in said]
        if as_json:
            rows = [
                {"at": one.at.isoformat(), "kind": one.group, "who": one.actor, "says": line}
                for one, line in zip(entries, lines, strict=True)
            ]
            typer.echo(json.dumps(rows, ensure_ascii=False))
            return
        if not entries:
            typer.echo(f"The timeline of {case.incident.reference} has nothing of that kind yet.")
        for one, line in zip(entries, lines, strict=True):
            typer.echo(f"{moment(one.at, person.tz)}  {line}")
