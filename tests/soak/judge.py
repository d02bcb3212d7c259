"""Is anything lost, doubled, out of order or half made?

Of the outbox the judge knows only whether anything is owed; what must be in Slack it reckons from
the log.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime

from tests.room import BOT, INCIDENTS
from tests.soak.record import Fact, Place, Post, Record


@dataclass
class Verdict:
    """What is wrong, by kind, each in a sentence."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    half_made: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # what a bot did not expect itself

    @property
    def is_clean(self) -> bool:
        """The four zeros, and no bot ran into a fault of its own."""
        return not any(self.counts().values())

    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {one.name: len(getattr(self, one.name)) for one in fields(self)}

    def sentences(self) -> list[str]:
        """All that is wrong."""
        return [f"{one.name}: {said}" for one in fields(self) for said in getattr(self, one.name)]


@dataclass(frozen=True)
class _Due:
    """A message that the log asks for: by this name, in this place, once.

    What is posted stands in the order of the facts; what is kept up to date has a lane of its own.
    """

    place: str
    name: str
    words: str
    is_kept: bool = False


def judged(record: Record) -> Verdict:
    """Compare what people were told, what the log holds, and what Slack shows."""
    verdict = Verdict(faults=list(record.faults))
    _acked(record, verdict)
    _messages(record, verdict)
    _calls(record, verdict)
    for number in sorted({fact.number for fact in record.facts}):
        facts = [fact for fact in record.facts if fact.number == number]
        _room(record, facts, verdict)
        _lists(record, facts, verdict)
    verdict.lost += [f"owed and not delivered: {one}" for one in record.owed]
    if record.broken:
        verdict.lost.append(f"the chain is broken: {record.broken}")
    return verdict


def _acked(record: Record, verdict: Verdict) -> None:
    """What somebody was told is done stands in the log, once."""
    for told in record.acked:
        having = [
            fact
            for fact in record.facts
            if (fact.number, fact.kind) == (told.number, told.kind)
            and told.marker in map(str, fact.payload.values())
        ]
        if len(having) != 1:
            kind = verdict.doubled if having else verdict.lost
            kind.append(f"{told.kind} {told.marker!r} was acked and is {len(having)} facts")
    titles = Counter(_title(fact) for fact in record.facts if fact.kind == "IncidentDeclared")
    verdict.doubled += [
        f"one form made {n} incidents: {title}" for title, n in titles.items() if n > 1
    ]
    numbers = sorted({fact.number for fact in record.facts})
    if numbers != list(range(1, len(numbers) + 1)):
        verdict.lost.append(f"numbers of incidents: {numbers}")


def _messages(record: Record, verdict: Verdict) -> None:
    """Each message is there once, and those of a lane stand as their facts do."""
    names = Counter(post.name for post in record.posts if post.name)
    verdict.doubled += [f"{name} is there {n} times" for name, n in names.items() if n > 1]
    said = Counter((post.channel, post.thread_ts, post.text) for post in record.posts if post.name)
    verdict.doubled += [f"said {n} times: {text[:60]}" for (_, _, text), n in said.items() if n > 1]
    places: dict[str, dict[str, str]] = {}
    for post in record.posts:
        places.setdefault(_place(record, post), {})[post.name] = post.text
    for (place, _), dues in _dues(record).items():
        stands = places.get(place, {})
        for due in dues.values():
            if due.words not in stands.get(due.name, ""):
                verdict.lost.append(f"{due.name} is not in {place}, or does not say {due.words!r}")
        wanted = [name for name, due in dues.items() if name in stands and not due.is_kept]
        shown = [name for name in stands if name in wanted]
        if shown != wanted:
            verdict.out_of_order.append(f"{place}: {shown}, by the log {wanted}")


def _dues(record: Record) -> dict[tuple[str, int], dict[str, _Due]]:
    """What each place is owed by each incident: between two incidents no order is promised."""
    dues: dict[tuple[str, int], dict[str, _Due]] = {}
    for fact in record.facts:
        for due in _owed_by(fact):
            dues.setdefault((due.place, fact.number), {}).setdefault(due.name, due)
    return dues


def _owed_by(fact: Fact) -> Iterator[_Due]:
    number, given = fact.number, fact.payload
    match fact.kind:
        case "RoleOffered":
            name = f"offer/{number}/{fact.seq}"
            yield _Due(f"person/{given['person']}", name, f"INC-{number}", is_kept=True)
        case "PersonInformed":
            name = f"informed/{number}/{given['role']}"
            yield _Due(f"person/{given['person']}", name, f"INC-{number}", is_kept=True)
        case "HandoffSuggested":
            name = f"incident/{number} rest {given['role']} {fact.seq}"
            yield _Due(f"person/{given['person']}", name, f"INC-{number}")
        case "DeadlineReminded" if given["is_posted"] and given["stage"] in {"due", "overdue"}:
            due_at = datetime.fromisoformat(str(given["due_at"]))
            name = f"deadline/{number}/{given['name']}/{due_at:%Y%m%dT%H%M%S}"
            yield _Due(f"room/{number}", name, str(given["label"]), is_kept=True)
        case "UpdatePosted":
            name = f"update/{number}/engineering-updates/0"
            yield _Due(name, f"{name} history {given['number']}", str(given["happened"]))


def _place(record: Record, post: Post) -> str:
    """Where a post stands, in the words of `_Due`."""
    if post.thread_ts:
        roots = {(one.channel, one.ts): one.name for one in record.posts}
        return roots.get((post.channel, post.thread_ts), "")
    place = next(place for place in record.places if place.id == post.channel)
    if place.person:
        return f"person/{place.person}"
    number = re.match(r"inc-(\d+)-", place.name)
    return f"room/{number[1]}" if number and place.is_ours else place.id


def _calls(record: Record, verdict: Verdict) -> None:
    """Slack's journal: nothing that counts was done twice, not even if it is gone again."""
    done = Counter((method, about) for method, about in record.calls if about)
    verdict.doubled += [
        f"{method} of {about}, {n} times" for (method, about), n in done.items() if n > 1
    ]


def _room(record: Record, facts: list[Fact], verdict: Verdict) -> None:
    """The incident has one room with everything in it, and one announcement."""
    [declared] = [fact for fact in facts if fact.kind == "IncidentDeclared"]
    number, start = declared.number, f"inc-{declared.number}-"
    rooms = [one for one in record.places if one.is_ours and one.name.startswith(start)]
    if len(rooms) != 1:
        (verdict.doubled if rooms else verdict.half_made).append(
            f"INC-{number}: {len(rooms)} rooms"
        )
        return
    [room] = rooms
    verdict.half_made += [f"INC-{number}: {gap}" for gap in _gaps(record, room, facts)]
    _newest(record, facts, verdict)
    told = sum(_announces(post, number) for post in record.posts)
    if told != 1:
        (verdict.doubled if told else verdict.half_made).append(
            f"INC-{number}: it is announced {told} times"
        )


def _announces(post: Post, number: int) -> bool:
    """By itself, or in a roll of several."""
    is_alone = post.name == f"announcement/{number}"
    is_rolled = post.name.startswith("roll/") and re.search(rf"\bINC-{number}\b", post.text)
    return post.channel == INCIDENTS and bool(is_alone or is_rolled)


def _newest(record: Record, facts: list[Fact], verdict: Verdict) -> None:
    """What is kept up to date ends on the newest state, never on an older one."""
    number = facts[0].number
    posts = {post.name: post.text for post in record.posts}
    for name in (f"summary/{number}", f"update/{number}/engineering-updates/0"):
        updates = [fact for fact in facts if fact.kind == "UpdatePosted"]
        if updates and str(updates[-1].payload["happened"]) not in posts.get(name, ""):
            verdict.out_of_order.append(f"{name} does not show the newest update")
    if any(fact.kind == "RoleAccepted" and fact.payload["role"] == "scribe" for fact in facts):
        if "Scribe: <@" not in posts.get(f"summary/{number}", ""):
            verdict.out_of_order.append(f"summary/{number} does not show the scribe")


def _gaps(record: Record, room: Place, facts: list[Fact]) -> Iterator[str]:
    declared, number = facts[0], facts[0].number
    summary = [post for post in record.posts if post.name == f"summary/{number}"]
    if [post.channel for post in summary] != [room.id]:
        yield "no summary in the room"
    elif room.pins != (summary[0].ts,):
        yield f"pinned is {room.pins}, the summary is {summary[0].ts}"
    if room.bookmarks != ("Summary",):
        yield f"bookmarks are {room.bookmarks}"
    if not room.topic.startswith(f"INC-{number} · {declared.payload['severity']}"):
        yield f"the topic is {room.topic!r}"
    if not room.purpose.startswith(f"War room of INC-{number}."):
        yield f"the purpose is {room.purpose!r}"
    asked = {str(fact.payload["person"]) for fact in facts if fact.kind == "RoleAccepted"}
    if missing := {BOT, *asked} - set(room.members):
        yield f"not in the room: {sorted(missing)}"
    if len(room.members) < 2:
        yield "nobody was invited"


def _lists(record: Record, facts: list[Fact], verdict: Verdict) -> None:
    """Decisions stand in the room's list, the newest first, and their sources carry the mark."""
    decided = [fact for fact in facts if fact.kind == "DecisionRecorded"]
    number = facts[0].number
    listed = next((one.text for one in record.posts if one.name == f"decisions/{number}/log"), "")
    shown = [int(n) for n in re.findall(r"^Decision (\d+):", listed, re.M)]
    expected = [int(fact.payload["number"]) for fact in reversed(decided)]
    if Counter(shown) - Counter(expected):
        verdict.doubled.append(f"INC-{number}: its list shows the decisions {shown}")
    elif Counter(expected) - Counter(shown):
        verdict.lost.append(f"INC-{number}: its list shows of the decisions only {shown}")
    elif shown != expected:
        verdict.out_of_order.append(f"INC-{number}: its list shows the decisions {shown}")
    for fact in decided:
        place = next((one for one in record.places if one.id == fact.payload.get("channel")), None)
        if place and "scroll" not in place.marks.get(str(fact.payload["ts"]), ()):
            verdict.lost.append(f"INC-{number}: the source of a decision has no mark")


def _title(fact: Fact) -> str:
    return str(fact.payload.get("title"))
