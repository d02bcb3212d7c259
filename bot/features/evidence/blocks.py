"""How does evidence look and read: on the list, on its page, in forms and in private notes?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    Block,
    SectionBlock,
)
from slack_sdk.models.views import View

from bot.core import blockkit, custody, disclosure, redaction
from bot.core.blockkit import escape, plain, when
from bot.core.evidence import Custody, Evidence, Item
from bot.core.facts.evidence import TraceLinked
from bot.core.incident import Incident
from bot.core.messages import Content
from bot.core.outcome import Shown, SummaryPart
from runbooks.model import Policy

PAGE, _CUSTODY = 8, 12
_SUMMARY = 45
_FILE_CHARS = 100
_NAME_CHARS, _LINE_CHARS, _OPTION_CHARS, _SHOWN_CHARS = 120, 300, 75, 2900
_SECTIONS = 12  # of an original on a page; the rest is read from a copy
_BEGINNING = "This is the beginning; the whole is longer than a page."
_WARNING = (
    "This may hold harmful output: instructions that can hurt people, or what hurts to read. "
    "Look at it only if your work needs it, and not alone if you can help it."
)


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """How much is preserved, what is still to be cleared away, and whether a hold is on."""
    evidence = shown.states.of(Evidence)
    if not evidence.all and not evidence.is_held:
        return []
    kept = sum(one.sha256 is not None and one.erased_at is None for one in evidence.all)
    said = [f"Evidence: {kept} kept"]
    coming = len(evidence.awaited) + len(evidence.snapshots_awaited)
    said += [f"{coming} being fetched"] if coming else []
    text = ", ".join(said) + f" · `{shown.command} evidence`"
    if evidence.is_held:
        text += "\n*Legal hold*: delete no log, message or file of this incident."
    left = [one for one in evidence.all if one.is_still_in_slack and one.erased_at is None]
    gaps = [
        f"{'pasted data' if one.record.source == 'pasted' else 'file'} still in Slack: "
        f"{one.reference}"
        for one in left
    ]
    shows = (blockkit.section(text),)
    return [SummaryPart(_SUMMARY, Content(text.replace("*", ""), shows), gaps=tuple(gaps))]


def listed(shown: Shown, seen: Sequence[Item], page: int = 0) -> Content:
    """A page of what whoever asks may see, the newest first, and which kinds are missing."""
    incident, policy = shown.incident, shown.policy
    missing = _missing(shown)
    if not seen:
        how = f"Choose Preserve as evidence in a message's menu, or `{shown.command} evidence add`."
        nothing = f"{incident.reference} has no evidence that you may see yet. {how}"
        return Content("\n".join([nothing, *missing]))
    newest = tuple(reversed(seen))
    start = max(0, min(page, (len(newest) - 1) // PAGE)) * PAGE
    here = newest[start : start + PAGE]
    head = f"Evidence of {incident.reference}, newest first ({len(newest)})"
    hold = (
        ["Legal hold: nothing of it may be deleted."] if shown.states.of(Evidence).is_held else []
    )
    rows = [_row(one, policy) for one in here]
    blocks: list[Block] = [blockkit.section("\n".join([f"*{head}*", *hold]))]
    for one, row in zip(here, rows, strict=True):
        button = blockkit.button("evidence_open", f"Open {one.reference}", _value(incident, one))
        blocks.append(SectionBlock(text=blockkit.mrkdwn(row), accessory=button))
    if start + PAGE < len(newest):
        value = json.dumps({"number": incident.number, "page": start // PAGE + 1})
        older = blockkit.button("evidence_older", "Older evidence", value)
        blocks.append(blockkit.actions([older]))
    blocks += [blockkit.context(line) for line in missing]
    said = [_row(one, policy, bold="", code="") for one in here]
    return Content("\n".join([f"{head}.", *hold, *said, *missing]), tuple(blocks))


@dataclass(frozen=True)
class Page:
    """What of an item is shown: `copy` is the masked copy of a file, None where it has none.

    `is_told`: whoever looks was warned. `may_open`: the original is theirs to open.
    """

    is_told: bool = False
    copy: str | None = None
    may_open: bool = False


_FIRST_LOOK = Page()


def page(shown: Shown, one: Item, seen: Page = _FIRST_LOOK) -> View:
    """An item with its labels and its custody; what may harm stays behind a click."""
    incident, policy, record = shown.incident, shown.policy, one.record
    kind = policy.evidence.kind(one.kind)
    words = record.working if record.working is not None else seen.copy
    has_words = record.working is not None or one.copy is not None
    is_covered = kind.is_harmful and has_words and not seen.is_told
    name = disclosure.COVERED if is_covered else escape(one.name)
    lines = [f"*{one.reference}* {name}", _marks(one, shown), _facts_of(one, policy)]
    lines += [_masked(one)] if one.found and one.copy else []
    lines += [_traced(one.trace)] if one.trace else []
    for label, typed in (("Note", record.note), ("To reach whom it concerns", record.contact)):
        lines += [f"{label}: {blockkit.cut(typed, _LINE_CHARS)}"] if typed else []
    blocks: list[Block] = [blockkit.section("\n".join(filter(None, lines)))]
    if words and not is_covered:
        blocks += _in_sections(words)
        if len(words) > _SHOWN_CHARS * _SECTIONS:
            blocks.append(blockkit.context(_BEGINNING))
    blocks += _buttons(incident, one, may_open=seen.may_open, is_covered=is_covered)
    blocks.append(_custody(one, policy))
    return View("modal", title=plain(one.reference), close=plain("Close"), blocks=blocks)


def _traced(trace: TraceLinked) -> str:
    versions = blockkit.cut(trace.versions, _LINE_CHARS)
    return f"One trace: {custody.traced(trace)}\nVersions: {versions}"


def linked(trace: TraceLinked) -> Content:
    """What whoever linked items of one answer reads."""
    return Content(f"Linked as one trace: {custody.traced(trace)}. Each says so on its page.")


def _buttons(incident: Incident, one: Item, *, may_open: bool, is_covered: bool) -> list[Block]:
    value = _value(incident, one)
    shows = []
    if is_covered and one.erased_at is None:
        shows.append(blockkit.button("evidence_show", "Show what it says", value))
    if one.has_original and may_open:
        shows.append(blockkit.button("evidence_original", "Open the original", value))
    blocks: list[Block] = [blockkit.actions(shows)] if shows else []
    if one.erased_at is None:
        left_out = "hold" if one.is_held else "lift"
        acts = {act: label for act, label in custody.ACTS.items() if act != left_out}
        buttons = [blockkit.button(f"evidence_{act}", acts[act], value) for act in acts]
        blocks.append(blockkit.actions(buttons))
    return blocks


def _custody(one: Item, policy: Policy) -> Block:
    rows = [_entry(entry, policy) for entry in one.custody[-_CUSTODY:]]
    more = len(one.custody) - len(rows)
    older = [f"{more} older, in the record"] if more > 0 else []
    said = "\n".join(["*Chain of custody*", *older, *rows])
    return blockkit.section(blockkit.shorten(said, blockkit.SECTION_CHARS))


def warning(incident: Incident, one: Item, action_id: str) -> View:
    """What stands in front of what may harm whoever reads it."""
    carried = {"number": incident.number, "evidence": one.number, "is_warned": True}
    button = blockkit.button(action_id, "Show it all the same", json.dumps(carried), "danger")
    blocks = [blockkit.section(_WARNING), blockkit.actions([button])]
    title = plain(f"{one.reference}: careful")
    return View("modal", title=title, close=plain("Close"), blocks=blocks)


def _masked(one: Item) -> str:
    """What was found in a file, and which copy of it is shown."""
    copy = one.copy
    said = f"It holds {redaction.named(one.found)}; what is shown here is a masked copy."
    return f"{said}\nSHA-256 of the copy `{copy.sha256}`" if copy else said


def file_name(incident: Incident, one: Item) -> str:
    """What an original is called where it is brought to; another name for each time."""
    name = str(one.record.name)[-_FILE_CHARS:].replace("/", "_").strip(". ") or "file"
    return f"{incident.reference}-{one.reference}-{incident.last_seq + 1}-{name}"


def brought(incident: Incident, one: Item) -> str:
    """What stands above an original in the private conversation."""
    return (
        f"The original of {one.reference} of {incident.reference}, for you alone. That you opened "
        "it is in its chain of custody. Delete it here once you have read it.\n"
        f"SHA-256 `{one.sha256}`"
    )


def on_its_way(one: Item) -> str:
    """What whoever opens an original reads at once."""
    return (
        f"{one.reference} comes to you by direct message. That you opened it is in its chain of "
        "custody."
    )


def original(incident: Incident, one: Item, text: str) -> View:
    """The original's words, as they were, and how to have what a link led to."""
    blocks = _in_sections(text)
    if one.snapshot and one.snapshot.sha256:
        take = f"`warroom evidence {incident.reference} {one.reference} --to FILE --why ...`"
        said = f"Whoever runs the bot takes the snapshot of it out of the vault: {take}"
        blocks.append(blockkit.context(said))
    if len(text) > _SHOWN_CHARS * _SECTIONS:
        blocks.append(blockkit.context(_BEGINNING))
    title = plain(f"{one.reference}, original")
    return View("modal", title=title, close=plain("Close"), blocks=blocks)


def _missing(shown: Shown) -> list[str]:
    there = {one.kind for one in shown.states.of(Evidence).all if not one.erased_at}
    asked = [one for one in shown.policy.evidence.kinds if one.is_asked and one.id not in there]
    return [f"Still to preserve: {one.label}. {one.asks}." for one in asked]


def _row(one: Item, policy: Policy, bold: str = "*", code: str = "`") -> str:
    title = escape(disclosure.title(one, policy))
    name = f"{bold}{one.reference}{bold}"
    return f"{name} {title}{_state(one)}\n{_facts_of(one, policy, code)}"


def _state(one: Item) -> str:
    said = {
        "being fetched": one.is_awaited,
        "not kept": one.missed is not None,
        "snapshot being fetched": one.awaits_snapshot,
        "no snapshot": one.snapshot is not None and one.snapshot.missed is not None,
        "sealed": one.is_sealed,
        "on hold": one.is_held,
        "still in Slack": one.is_still_in_slack and not one.erased_at,
        "erased": one.erased_at is not None,
    }
    kept = [name for name, is_so in said.items() if is_so]
    return f" ({', '.join(kept)})" if kept else ""


def _marks(one: Item, shown: Shown) -> str:
    said = _state(one).strip(" ()")
    if one.missed:
        said = f"{said}: {escape(one.missed)}"
    if one.snapshot and one.snapshot.missed:
        said = f"{said}: {escape(one.snapshot.missed)}"
    elif one.awaits_snapshot and one.snapshot and one.snapshot.delays:
        times, (_, reason) = len(one.snapshot.delays), one.snapshot.delays[-1]
        said = f"{said}; asked {'once' if times == 1 else f'{times} times'}, last {escape(reason)}"
    if one.erased_because:
        said = f"{said}: {blockkit.cut(one.erased_because, _LINE_CHARS)}"
    if shown.states.of(Evidence).is_held:
        said = f"{said}{'; ' if said else ''}the incident is on legal hold"
    return said


def _facts_of(one: Item, policy: Policy, code: str = "`") -> str:
    record = one.record
    size = f"{one.size_bytes:,} bytes" if one.size_bytes is not None else ""
    link = f"<{record.permalink}|source>" if record.permalink else ""
    sha256 = f"SHA-256 {code}{one.sha256}{code}" if one.sha256 else ""
    kind, label = policy.evidence.kind(one.kind), policy.evidence.label(one.label)
    said = [kind.label, label.label, size, f"<@{one.custodian}> answers for it", when(one.at), link]
    lines = [" · ".join(filter(None, said)), sha256, _snapshot(one, code)]
    return "\n".join(filter(None, lines))


def _snapshot(one: Item, code: str) -> str:
    """What its link led to, as the other side gave it; empty where nothing was fetched."""
    taken = one.snapshot
    if taken is None or taken.sha256 is None:
        return ""
    status = f"HTTP {taken.status}" if taken.status else "as it came"
    said = [status, escape(taken.content_type or ""), f"{taken.size_bytes or 0:,} bytes"]
    return f"Snapshot: {' · '.join(filter(None, said))}\nSHA-256 {code}{taken.sha256}{code}"


def _entry(entry: Custody, policy: Policy) -> str:
    who = f"<@{entry.by}>" if entry.by[:1] in {"U", "W"} else escape(entry.by)
    why = getattr(entry.fact, "reason", None)
    because = f": {blockkit.cut(why, 120)}" if why else ""
    return f"{when(entry.at)} {who} {custody.told(entry.fact, policy)}{because}"


def _in_sections(text: str) -> list[Block]:
    pieces = [text[at : at + _SHOWN_CHARS] for at in range(0, len(text), _SHOWN_CHARS)]
    return [SectionBlock(text=plain(piece)) for piece in pieces[:_SECTIONS] if piece.strip()]


def _value(incident: Incident, one: Item) -> str:
    return json.dumps({"number": incident.number, "evidence": one.number})
