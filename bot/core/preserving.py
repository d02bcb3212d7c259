"""How does something become evidence, for every feature that takes some?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.core import ids, redaction, rights
from bot.core.evidence import Evidence
from bot.core.facts import Fact, Words
from bot.core.facts.evidence import (
    EvidencePreserved,
    EvidenceSealed,
    FileAwaited,
    SnapshotAwaited,
    Source,
)
from bot.core.incident import Incident
from bot.core.messages import Call
from bot.core.outcome import Context, Outcome, Refused

NAME_CHARS, TEXT_CHARS = 300, 3000


@dataclass(frozen=True)
class Place:
    """The message something was taken from, and who wrote it."""

    channel: str
    ts: str
    permalink: str | None = None
    author: str | None = None


@dataclass(frozen=True)
class Bytes:
    """What is in the vault already: the item, and SHA-256 and size of what was kept."""

    item: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class SlackFile:
    """A file of Slack's that is to be fetched into the place that was reserved for it."""

    file_id: str
    name: str
    item: str


@dataclass(frozen=True)
class Labels:
    """What a person says of evidence; None takes the policy's usual.

    `unmasked` are the kinds of personal data that are left in on purpose. Without `is_raw_kept`
    the hash alone stays.
    """

    kind: str | None = None
    label: str | None = None
    custodian: str | None = None
    note: str | None = None
    contact: str | None = None
    unmasked: frozenset[str] = frozenset()
    is_raw_kept: bool = True


@dataclass(frozen=True)
class Preserve:
    """Take these as evidence: words with their bytes in the vault, files, or both.

    `text` is the original's words, of which the working copy is made. `is_here`: the place is in
    the incident's room, where the message can be marked. `snapshot` is the place in the vault for
    what a link leads to; None where nothing is fetched.
    """

    source: Source
    labels: Labels = Labels()
    place: Place | None = None
    text: str | None = None
    bytes: Bytes | None = None
    files: tuple[SlackFile, ...] = ()
    is_here: bool = True
    snapshot: str | None = None


def preserve(incident: Incident, request: Preserve, context: Context) -> Outcome:
    """Take it: a fact for the words, and one for each file, whose bytes are fetched next.

    Raises:
        Refused: the incident is over, it is not up to this person, or it is evidence already.
    """
    rights.require_going(incident)
    rights.require(incident, context, "preserve")
    _require_new(request, context)
    known = len(context.states.of(Evidence).all)
    facts: list[Fact] = []
    if request.text is not None and request.bytes is not None:
        facts.append(words_of(incident, request, known + 1, context))
        if request.snapshot:
            facts.append(SnapshotAwaited(number=known + 1, item=request.snapshot))
    for file in request.files:
        number = known + len(facts) + (0 if request.snapshot else 1)
        source: Source = "dropped" if request.source == "dropped" else "file"
        about = _about(incident, replace(request, source=source), number, context)
        shown = redaction.clear(_short(file.name), context.policy.evidence)
        name = Words(shown or "a file without a name")
        facts.append(FileAwaited(**about, item=file.item, name=name, file_id=file.file_id))
    if not facts:
        raise Refused("There is nothing to preserve. Choose a file, or say something.")
    return Outcome(tuple(facts), _mark(incident, request, context))


def words_of(
    incident: Incident, request: Preserve, number: int, context: Context
) -> EvidencePreserved:
    """The fact for words: the working copy is masked, and a test keeps no real person's data."""
    policy, labels, kept = context.policy.evidence, request.labels, request.bytes
    assert kept
    text = ids.clean(request.text or "")
    findings = redaction.found(text, policy)
    unmasked = frozenset() if incident.is_test else labels.unmasked
    working = redaction.masked(text, findings, unmasked)
    is_spoilt = incident.is_test and bool(findings)
    found = {one.kind for one in findings}
    return EvidencePreserved(
        **_about(incident, request, number, context),
        item=kept.item,
        is_raw_kept=labels.is_raw_kept and not is_spoilt,
        name=Words(_short(working.split("\n")[0]) or "words"),
        working=Words(working),
        found=tuple(sorted(found)),
        unmasked=tuple(sorted(found & unmasked)),
        sha256=kept.sha256,
        size_bytes=kept.size_bytes,
        taken_at=context.now,
    )


def set_aside(
    incident: Incident, request: Preserve, number: int, reason: Words, context: Context
) -> tuple[EvidencePreserved, EvidenceSealed]:
    """The facts for words with what should not be read: from here on for the policy's few alone."""
    policy = context.policy.evidence
    guardians = (incident.holder(role) for role in policy.originals)
    labels = Labels(
        kind=next((one.id for one in policy.kinds if one.id == "pasted"), None),
        label=policy.pasted_label,
        custodian=next(filter(None, guardians), incident.ic),
    )
    fact = words_of(incident, replace(request, labels=labels), number, context)
    return fact, EvidenceSealed(number=number, reason=reason)


def _about(incident: Incident, request: Preserve, number: int, context: Context) -> dict[str, Any]:
    policy, labels, place = context.policy.evidence, request.labels, request.place
    kinds, tlp = {one.id for one in policy.kinds}, {one.id for one in policy.labels}
    if labels.kind is not None and labels.kind not in kinds:
        raise Refused("This kind is no longer in the policy. Choose another.", field="kind")
    if labels.label is not None and labels.label not in tlp:
        raise Refused("This label is no longer in the policy. Choose another.", field="label")
    custodian = labels.custodian or context.actor
    require_custodian(incident, custodian, context)
    return {
        "number": number,
        "kind": labels.kind or policy.kinds[-1].id,
        "label": labels.label or policy.usual_label,
        "custodian": custodian,
        "source": request.source,
        "note": _typed(labels.note, context),
        "contact": _typed(labels.contact, context),
        "channel": place.channel if place else None,
        "ts": place.ts if place else None,
        "permalink": place.permalink if place else None,
        "author": place.author if place else None,
    }


def require_custodian(incident: Incident, custodian: str, context: Context) -> None:
    """Let only somebody in the room answer for evidence.

    Raises:
        Refused: they are not in it, have left, or are an app.
    """
    if custodian == ids.BOT or custodian == context.actor:
        return
    person = context.people.get(custodian)
    if person and (person.is_bot or person.has_left):
        raise Refused("A custodian is a person who works here.", field="custodian")
    if custodian not in incident.people:
        raise Refused(
            "A custodian has to be in the incident's room. Add them first, or choose another.",
            field="custodian",
        )


def _require_new(request: Preserve, context: Context) -> None:
    evidence, place = context.states.of(Evidence), request.place
    wanted = {file.file_id for file in request.files}
    for one in evidence.all:
        if isinstance(one.record, FileAwaited) and one.missed is None:
            if one.record.file_id in wanted and not one.erased_at:
                raise Refused(f"This file is {one.reference} already.", field="files")
    if place is None or request.text is None:
        return
    taken = [one for one in evidence.of_message(place.channel, place.ts) if not one.erased_at]
    for one in taken:
        if one.record.source == "message" and request.source == "message":
            raise Refused(f"This message is {one.reference} already. Nothing was changed.")


def _typed(words: str | None, context: Context) -> Words | None:
    """Words of a form, without personal data: how to reach somebody is a ticket, no address."""
    text = ids.clean(words or "")[:TEXT_CHARS]
    return Words(redaction.clear(text, context.policy.evidence)) if text else None


def _mark(incident: Incident, request: Preserve, context: Context) -> tuple[Call, ...]:
    place = request.place
    if place is None or not request.is_here:
        return ()
    emoji = context.policy.evidence.mark
    arguments = {"channel": place.channel, "ts": place.ts, "emoji": emoji}
    name = f"evidence {incident.number} mark {place.channel} {place.ts}"
    return (Call(name, "react", arguments, lane=ids.marks(place.channel, place.ts)),)


def _short(text: str) -> str:
    return " ".join(ids.clean(text).split())[:NAME_CHARS]
