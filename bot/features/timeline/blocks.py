"""How does what happened read, line by line?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from slack_sdk.models.blocks import Block

from bot.core import blockkit, custody, ids, telling, times
from bot.core.blockkit import escape, when
from bot.core.facts import Fact, Recorded, Words
from bot.core.facts import decisions as d
from bot.core.facts import evidence as ev
from bot.core.facts import house as h
from bot.core.facts import incidents as i
from bot.core.facts import people as p
from bot.core.facts import roles as r
from bot.core.facts import rooms as rm
from bot.core.facts import runbooks as rb
from bot.core.facts import severity as s
from bot.core.facts import status as st
from bot.core.facts import tasks as t
from bot.core.facts import timeline as tl
from bot.core.facts import updates as u
from bot.core.facts import webhooks as wh
from bot.core.incident import Incident
from bot.core.messages import Content
from bot.core.record import Column, Part, Quoted, Told
from bot.core.runs import telling as steps
from runbooks.model import Policy

F = TypeVar("F", bound=Fact)

GROUPS = (
    "declared", "role", "severity", "status", "update", "decision", "alert", "page", "reminder",
    "note", "task", "people", "evidence", "runbook", "detail",
)  # fmt: skip
PAGE, _PER_BLOCK = 15, 3  # lines; with the longest typed words they stay below 12,000 characters
_WORDS_CHARS = 320
_QUOTING = re.compile(r"^(filled in|took in) |\|message>\)").search
_COLUMNS = (
    Column("at", "When", "moment"), Column("kind", "Kind"), Column("who", "Who", "person"),
    Column("what", "What", "line"),
)  # fmt: skip
_ID = re.compile(r"[UW][A-Z0-9]+")


@dataclass(frozen=True)
class Say:
    """What a line needs besides its fact: the names of roles, and who did it."""

    policy: Policy
    actor: str

    def role(self, role: str) -> str:
        """How a role is called."""
        return self.policy.roles.get(role).label

    def own(self, person: str, said: str, otherwise: str) -> str:
        """The first words where somebody did it for themselves, else the others."""
        return said if person == self.actor else otherwise


Line = tuple[type[Fact], tuple[str, Callable[[Any, Say], str]]]


@dataclass(frozen=True)
class Entry:
    """A line of the timeline: when it happened, of which kind, who did it, and what it was.

    `line` is mrkdwn, with what people typed escaped.
    """

    at: datetime
    group: str
    actor: str
    line: str


def _says(kind: type[F], group: str, line: Callable[[F, Say], str]) -> Line:
    return kind, (group, line)


def _typed(words: str | None, chars: int = _WORDS_CHARS) -> str:
    """Typed words on one line, escaped, and short even where escaping made them longer."""
    one_line = " ".join((words or "").split())
    fitting = blockkit.shorten(one_line, chars)
    while len(escape(fitting)) > chars:
        fitting = blockkit.shorten(one_line, len(fitting) * 3 // 4)
    return escape(fitting)


def _why(words: str | None) -> str:
    return f": {_typed(words)}" if words else ""


def who(person: str) -> str:
    """A person as a mention; the bot, and names typed in a shell, as they are."""
    return f"<@{person}>" if _ID.fullmatch(person) else escape(person)


def _called(one: p.PersonCalled, say: Say) -> str:
    known = who(one.person) if one.person else one.group and f"<!subteam^{one.group}>"
    whom = known or (say.role(one.role) if one.role else _typed(one.target))
    as_role = f" as {say.role(one.role)}" if one.role and known else ""
    if one.via == "nobody":
        return f"called nobody for {whom}{as_role}{_why(one.text)}"
    return f"called {whom}{as_role} by {one.via}{_why(one.text)}"


def _informed(one: p.PersonInformed, say: Say) -> str:
    return f"informed {who(one.person) if one.person else 'nobody'} as {say.role(one.role)}"


def _filled(one: i.DetailsFilled | s.ImpactAssessed | s.Classified) -> str:
    """The names and values of what was said, in the order of the form."""
    said = {
        name: value
        for name, value in one
        if value is not None and not isinstance(value, bool | datetime)
    }
    rows = {name: value if isinstance(value, tuple) else (value,) for name, value in said.items()}
    told = (
        f"{name.replace('_', ' ')}: {_typed(', '.join(map(str, row)), 120)}"
        for name, row in rows.items()
    )
    return blockkit.shorten("; ".join(told), 600) or "more details"


def _update(one: u.UpdatePosted, _say: Say) -> str:
    if one.is_no_change:
        return f"posted update {one.number}: no change; harm {one.harm}"
    happened = f". {_typed(one.happened)}" if one.happened else ""
    return f"posted update {one.number}: harm {one.harm}{happened}"


def _note(one: tl.NoteAdded, _say: Say) -> str:
    if one.corrects is not None:
        return f"corrected note {one.corrects}: {_typed(one.text)}"
    link = f" (<{one.permalink}|message>)" if one.permalink else ""
    return f"noted: {_typed(one.text)}{link}"


def _reminded(one: t.DeadlineReminded, _say: Say) -> str:
    stage = {"soon": "due soon", "due": "due", "overdue": "overdue", "climbed": "overdue, climbed"}
    told = ", ".join(map(who, one.mentioned))
    return f"reminded{f' {told}' if told else ''} of {_typed(one.label)}: {stage[one.stage]}"


# What a kind says in the room's words, behind the name of who did it. A line each.
LINES: Mapping[type[Fact], tuple[str, Callable[[Any, Say], str]]] = dict((
    _says(i.IncidentDeclared, "declared", lambda f, _: f"declared it as {f.severity or 'not sure yet'}: {_typed(f.title)}"),  # noqa: E501
    _says(i.DetailsFilled, "detail", lambda f, _: f"filled in {_filled(f)}"),
    _says(i.JoinAsked, "people", lambda f, y: y.own(f.person, "came in", f"let {who(f.person)} in")),  # noqa: E501
    _says(i.IncidentResolved, "status", lambda f, _: f"resolved it{_why(f.reason)}"),
    _says(i.IncidentClosed, "status", lambda f, _: f"closed it{_why(f.reason)}"),
    _says(i.IncidentReopened, "status", lambda f, _: f"reopened it{_why(f.reason)}"),
    _says(i.DeliveryFailed, "detail", lambda f, _: f"could not deliver {_typed(f.what)}: {_typed(f.error)}"),  # noqa: E501
    _says(i.WordsErased, "detail", lambda f, _: f"erased words at {_typed(', '.join(f.places))}{_why(f.reason)}"),  # noqa: E501
    _says(p.PersonAdded, "people", lambda f, _: f"added {who(f.person)}"),
    _says(p.PersonCame, "people", lambda f, y: y.own(f.person, "entered the room", f"saw {who(f.person)} enter the room")),  # noqa: E501
    _says(p.PersonLeft, "people", lambda f, y: y.own(f.person, "left the room", f"saw {who(f.person)} leave the room")),  # noqa: E501
    _says(p.PersonCalled, "page", _called),
    _says(p.RoleSought, "page", lambda f, y: f"looked up who stands for {y.role(f.role)}"),
    _says(p.PersonInformed, "page", _informed),
    _says(p.CallAnswered, "page", lambda f, y: f"{'resolved' if f.is_resolved else 'answered'} call {f.call}{f' for {who(f.by)}' if f.by and f.by != y.actor else ''}"),  # noqa: E501
    _says(p.AlertTaken, "alert", lambda f, _: f"took in {'the first' if f.is_first else 'an'} alert of {_typed(f.source)}: {_typed(f.title)}"),  # noqa: E501
    _says(p.CameByTerminal, "detail", lambda f, _: f"said so from a terminal, as {_typed(f.login)}{'; nobody vouched for the name' if f.vouched_by == 'nobody' else ''}"),  # noqa: E501
    _says(r.RoleOffered, "role", lambda f, y: f"{'handed' if f.is_handoff else 'offered'} {y.role(f.role)} to {who(f.person)}{_why(f.open_items)}"),  # noqa: E501
    _says(r.RoleAccepted, "role", lambda f, y: y.own(f.person, "is", f"made {who(f.person)}") + f" {y.role(f.role)}{' (EXTERNAL)' if f.is_external else ''}{_why(f.reason)}"),  # noqa: E501
    _says(r.RoleDeclined, "role", lambda f, y: f"declined {y.role(f.role)}{_why(f.reason)}"),  # noqa: E501
    _says(r.RoleDropped, "role", lambda f, y: y.own(f.person, f"laid down {y.role(f.role)}", f"took {y.role(f.role)} from {who(f.person)}") + _why(f.reason)),  # noqa: E501
    _says(r.HandoffSuggested, "role", lambda f, y: f"offered {who(f.person)} a handoff of {y.role(f.role)}"),  # noqa: E501
    _says(r.TakeoverAsked, "role", lambda f, y: f"asked to be {y.role(f.role)} in place of {who(f.holder)}{_why(f.reason)}"),  # noqa: E501
    _says(r.TakeoverRefused, "role", lambda f, y: f"{'left' if y.actor == ids.BOT else 'kept'} the role of {y.role(f.role)}{' as it is' if y.actor == ids.BOT else ''}"),  # noqa: E501
    _says(r.HolderAsked, "role", lambda f, _: f"asked {who(f.holder)} to {_typed(f.what)}{_why(f.text)}"),  # noqa: E501
    _says(s.SeverityChanged, "severity", lambda f, _: f"set severity {f.severity}{_why(f.reason)}"),
    _says(s.SeverityProposed, "severity", lambda f, _: f"proposed {f.severity}{_why(f.reason)}"),
    _says(s.ProposalAnswered, "severity", lambda f, _: f"declined proposal {f.proposal}{_why(f.reason)}"),  # noqa: E501
    _says(s.MajorDecided, "severity", lambda f, _: f"decided that it is {'' if f.is_major else 'not '}a major incident{_why(f.criteria)}"),  # noqa: E501
    _says(s.Classified, "detail", lambda f, _: f"classified {_filled(f)}"),
    _says(s.ImpactAssessed, "detail", lambda f, _: f"assessed impact: {_filled(f)}"),
    _says(st.Mitigated, "status", lambda f, _: f"mitigated it: {_typed(f.done, 240)}; still exposed: {_typed(f.exposed, 120)}; measure: {_typed(f.measure, 120)}"),  # noqa: E501
    _says(st.MonitoringStarted, "status", lambda f, _: f"started monitoring{_why(f.reason)}"),
    _says(st.IncidentCancelled, "status", lambda f, _: f"called it a false alarm{_why(f.reason)}; detector fix: {_typed(f.detector_fix, 200)}"),  # noqa: E501
    _says(st.IncidentMerged, "status", lambda f, _: f"merged it into {ids.reference(f.into)}{_why(f.reason)}"),  # noqa: E501
    _says(st.DuplicateReopened, "status", lambda f, _: f"let {ids.reference(f.number)} go, which is no duplicate"),  # noqa: E501
    _says(st.DuplicateTaken, "status", lambda f, _: f"took {ids.reference(f.number)} in as a duplicate"),  # noqa: E501
    _says(st.TitleChanged, "detail", lambda f, _: f"changed the title to {_typed(f.title)}"),
    _says(st.MadePrivate, "status", lambda f, _: f"made it private{_why(f.reason)}"),
    _says(st.IdleAsked, "reminder", lambda _f, _: "asked whether it goes on, as nothing was heard"),
    _says(st.RoomArchived, "status", lambda _f, _: "archived the room"),
    *(_says(kind, "detail", lambda f, _: telling.room(f)) for kind in rm.KINDS),
    *(_says(kind, "detail", lambda f, _: telling.webhook(f)) for kind in wh.KINDS),
    *(_says(kind, "runbook", lambda f, _: steps.told(f)) for kind in rb.KINDS if kind is not rb.FieldAnswered),  # noqa: E501
    *(_says(kind, "evidence", lambda f, y: custody.told(f, y.policy)) for kind in ev.KINDS if kind is not ev.EvidenceLooked),  # noqa: E501
    _says(u.UpdatePosted, "update", _update),
    _says(u.UpdateSnoozed, "update", lambda f, _: f"put the next update off until {when(f.until)}{_why(f.reason)}"),  # noqa: E501
    _says(u.UpdatesPaused, "update", lambda f, _: f"paused updates{_why(f.reason)}"),
    _says(u.UpdatesTakenUp, "update", lambda _f, _: "took updates up again"),
    _says(u.QuestionAsked, "update", lambda f, _: f"asked question {f.number}{_why(f.question)}"),
    _says(u.QuestionAnswered, "update", lambda f, _: f"answered question {f.number}{_why(f.answer)}"),  # noqa: E501
    _says(d.DecisionRecorded, "decision", lambda f, _: f"recorded decision {f.number}: {_typed(f.text)}"),  # noqa: E501
    _says(d.DecisionAmended, "decision", lambda f, _: f"amended decision {f.number}{_why(f.text)}"),
    _says(d.DecisionReversed, "decision", lambda f, _: f"reversed decision {f.number}{_why(f.why)}"),  # noqa: E501
    _says(d.DecisionUpheld, "decision", lambda f, _: f"upheld decision {f.number}"),
    _says(d.DecisionWithdrawn, "decision", lambda f, _: f"withdrew decision {f.number}"),
    _says(d.SourceEdited, "decision", lambda _f, _: "saw that the message behind an entry was edited; the captured words stay"),  # noqa: E501
    _says(d.SourceDeleted, "decision", lambda _f, _: "saw that the message behind an entry was deleted; the captured words stay"),  # noqa: E501
    _says(tl.NoteAdded, "note", _note),
    _says(tl.TalkSwitched, "detail", lambda f, _: f"switched the record of the talk {'on' if f.is_kept else 'off'}{_why(f.reason)}"),  # noqa: E501
    _says(tl.RecordExported, "detail", lambda f, _: f"exported the record as it stood at fact {f.seq} (SHA-256 {f.manifest[:12]})"),  # noqa: E501
    _says(t.TaskGiven, "task", lambda f, _: f"gave task {f.number} to {who(f.owner)}: {_typed(f.text)}"),  # noqa: E501
    _says(t.TaskDone, "task", lambda f, _: f"finished task {f.number}{_why(f.note)}"),
    _says(t.TaskReassigned, "task", lambda f, _: f"gave task {f.number} to {who(f.owner)} instead"),
    _says(t.DeadlineReminded, "reminder", _reminded),
    _says(t.DeadlineSnoozed, "reminder", lambda f, _: f"snoozed {_typed(f.name)} until {when(f.until)}{_why(f.reason)}"),  # noqa: E501
    _says(t.DeadlineWaived, "reminder", lambda f, _: f"waived {_typed(f.name)}{_why(f.reason)}"),
))  # fmt: skip

# What stands on chains of its own, or is nobody else's business, as who follows is.
SILENT: frozenset[type[Fact]] = frozenset({
    i.NearMissReported, p.FollowStarted, p.FollowStopped, st.SideRoomOpened, tl.MessageSaid,
    tl.MessageEdited, tl.MessageDeleted, h.AlertDismissed, h.AlertProposed, h.RollUpSent,
    ev.EvidenceLooked, rb.FieldAnswered,
})  # fmt: skip


def entries(
    recorded: Sequence[Recorded], policy: Policy, groups: frozenset[str] = frozenset(GROUPS)
) -> list[Entry]:
    """What happened, a line for each fact of these kinds, by time and then as it was written."""
    corrected = {one.fact.corrects for one in recorded if isinstance(one.fact, tl.NoteAdded)}
    found = [
        _entry(one, policy, is_corrected=one.seq in corrected)
        for one in recorded
        if type(one.fact) in LINES
    ]
    return sorted((one for one in found if one.group in groups), key=lambda one: one.at)


def _entry(one: Recorded, policy: Policy, *, is_corrected: bool) -> Entry:
    group, line = LINES[type(one.fact)]
    said = line(one.fact, Say(policy, one.actor))
    if isinstance(one.fact, tl.NoteAdded):
        mark = ", corrected later" if is_corrected else ""
        return Entry(one.fact.happened_at, group, one.actor, f"{said} (note {one.seq}{mark})")
    return Entry(one.at, group, one.actor, said)


def record_parts(told: Told) -> list[Part]:
    """The timeline as it is handed on; what was captured, filled in or alerted may quote."""
    found = entries(told.recorded, told.shown.policy)
    rows = tuple(
        (one.at, one.group, one.actor, Quoted(one.line) if _QUOTING(one.line) else one.line)
        for one in found
    )
    return [Part("timeline", "Timeline", _COLUMNS, rows)]


def timeline(
    incident: Incident, lines: Sequence[Entry], groups: frozenset[str], end: int | None = None
) -> Content:
    """A page of the timeline, newest last; it ends before entry `end`, or with the last one."""
    if not lines:
        what = "has nothing of that kind" if groups != frozenset(GROUPS) else "has nothing"
        return Content(f"The timeline of {incident.reference} {what} yet.")
    stop = len(lines) if end is None else max(1, min(end, len(lines)))
    start = max(0, stop - PAGE)
    head = f"Timeline of {incident.reference}, {start + 1} to {stop} of {len(lines)}, newest last"
    rows = [f"{when(one.at)} {who(one.actor)} {one.line}" for one in lines[start:stop]]
    blocks: list[Block] = [blockkit.section(f"*{head}*")]
    blocks += [
        blockkit.section("\n".join(rows[at : at + _PER_BLOCK]))
        for at in range(0, len(rows), _PER_BLOCK)
    ]
    turns = (("timeline_earlier", "Earlier", start), ("timeline_later", "Later", stop + PAGE))
    is_there = (start > 0, stop < len(lines))
    buttons = [
        blockkit.button(action_id, label, _turn(incident.number, groups, to))
        for (action_id, label, to), shows in zip(turns, is_there, strict=True)
        if shows
    ]
    blocks += [blockkit.actions(buttons)] if buttons else []
    return Content("\n".join((f"{head}:", *rows)), tuple(blocks))


def noted(at: datetime, zone: str, text: Words) -> Content:
    """What a person reads after noting something: the time as their own clock shows it."""
    return Content(f"Noted at {times.local(at, zone)}: {_typed(text)}")


def _turn(number: int, groups: frozenset[str], end: int) -> str:
    kinds = [] if groups == frozenset(GROUPS) else sorted(groups)
    return json.dumps({"number": number, "kinds": kinds, "end": end})
