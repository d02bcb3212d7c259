"""What does a decision rest on, as whoever decides reads it?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from slack_sdk.models.blocks import Block, SectionBlock

from bot.core import blockkit, disclosure
from bot.core.blockkit import escape, plain
from bot.core.evidence import Evidence, Item
from bot.core.outcome import Person, Shown
from bot.core.runs import acts, keeping, questions
from bot.core.runs.model import Answer, Run, Step
from runbooks.fields import Field
from runbooks.steps import FileUpload

_PROOFS, _STEPS = 8, 6  # in full; what is more is folded into a line
_HASH_CHARS = 12
_TYPED_CHARS, _LIST_CHARS, _CHECK_CHARS, _NAME_CHARS = 400, 2000, 600, 100
# chat.update takes 4,000 characters of text; of a message's blocks together some 12,000.
_TEXT_CHARS, _BLOCKS_CHARS, _BLOCKS = 3600, 8000, 40
_PAGE_BLOCKS = 80  # of a modal's 100
_REST = "And {} more: press Approval on the checklist to read all of it."


@dataclass(frozen=True)
class Part:
    """Something that is read: in bare text, and as blocks."""

    text: str
    blocks: tuple[Block, ...]


def said(head: str, typed: str) -> Part:
    """Words of a person behind a head of ours, shown as they typed them."""
    words = blockkit.shorten(typed, _LIST_CHARS)
    blocks = (blockkit.section(head), SectionBlock(text=plain(words)))
    return Part(f"{_bare(head)} {escape(words)}", blocks)


def told(line: str) -> Part:
    """A line of ours."""
    return Part(_bare(line), (blockkit.section(blockkit.shorten(line, _LIST_CHARS)),))


def grounds(shown: Shown, run: Run, step: Step, person: str) -> list[Part]:
    """What to check, and the evidence, the answers and the notes behind a step, for this person.

    Of the steps in front of it the nearest are told in full.
    """
    behind = _behind(run, step)
    full, rest = behind[:_STEPS], [one for one in run.steps if one.is_closed]
    lines = [_head(one) for one in rest if one not in full]
    parts = [
        _check("Escalate if", run.book.escalate_if),
        _check("Recovered when", run.book.recovery_checks),
    ]
    # Evidence first: what is folded away at the end is answers and notes, which the thread has.
    order = sorted(full, key=lambda one: not isinstance(one.what, FileUpload))
    parts += [part for one in order for part in _step(shown, one, person)]
    if lines:
        parts.append(told(blockkit.fold(["*Done besides*", *lines], _LIST_CHARS)))
    return parts


def _check(label: str, sentences: Sequence[str]) -> Part:
    every = [f"*{label}*", *(f"• {escape(one)}" for one in sentences)]
    return told(blockkit.fold(every, _CHECK_CHARS))


def _behind(run: Run, step: Step) -> list[Step]:
    """The steps that have to be done before this one, directly or by each other, newest first."""
    found: dict[int, Step] = {}
    left = [*step.what.gate.after]
    while left:
        one = run.find(left.pop(0))
        if one and one.n not in found:
            found[one.n] = one
            left += one.what.gate.after
    return sorted(found.values(), key=lambda one: one.n, reverse=True)


def _step(shown: Shown, step: Step, person: str) -> Iterator[Part]:
    head = _head(step)
    yield said(f"*{head}:*", step.note) if step.note else told(f"*{head}*")
    if isinstance(step.what, FileUpload):
        yield from _proofs(shown, step, step.what, person)
    if step.edition:
        yield from _answers(shown, step)


def _head(step: Step) -> str:
    how = acts.said_closed(step) if step.is_closed else "not done yet"
    return f"{step.n}. {escape(step.what.title)}: {how}{acts.said_by(step)}"


def _answers(shown: Shown, step: Step) -> Iterator[Part]:
    """In the order of the form: what was chosen, in our words; what was typed, in theirs."""
    lines = (one for field in questions.asked(step) for one in _answer(shown, step, field))
    for is_typed, together in groupby(lines, key=itemgetter(0)):
        words = blockkit.fold([line for _, line in together], _LIST_CHARS)
        yield Part(escape(words), (SectionBlock(text=plain(words)),)) if is_typed else told(words)


def _answer(shown: Shown, step: Step, field: Field) -> Iterator[tuple[bool, str]]:
    """The lines of one question, each with whether somebody typed it."""
    answer = step.answers.get(field.id, Answer())
    words = answer.unknown or answer.text
    if answer.chosen or not words:
        ours = questions.spoken(field, Answer(answer.chosen), shown.policy)
        yield False, f"• {escape(field.label)} {ours}"
    if words:
        why = "unknown, because " if answer.unknown else ""
        yield True, f"• {field.label} {why}{blockkit.shorten(words, _TYPED_CHARS)}"


def _proofs(shown: Shown, step: Step, what: FileUpload, person: str) -> Iterator[Part]:
    """Each piece of evidence with a way to look at it; of what is not theirs, how much there is."""
    evidence, policy = shown.states.of(Evidence), shown.policy
    kinds = {one.id: one.label for one in what.evidence_kinds}
    every = [
        (kinds.get(kind, "not sorted yet"), one)
        for kind, numbers in keeping.sorted_in(step).items()
        for one in map(evidence.find, numbers)
        if one
    ]
    who = Person(person)
    mine = [(kind, one) for kind, one in every
            if disclosure.sees(shown.incident, one, who, policy)]  # fmt: skip
    for kind, one in mine[:_PROOFS]:
        yield _proof(shown, kind, one)
    if more := len(mine) - _PROOFS:
        if more > 0:
            yield told(f"And {more} more: `{shown.command} evidence` lists them.")
    if hidden := len(every) - len(mine):
        yield told(f"And {hidden} for a named group that you are not in.")


def _proof(shown: Shown, kind: str, one: Item) -> Part:
    sha256 = f"SHA-256 `{one.sha256[:_HASH_CHARS]}`" if one.sha256 else "no bytes yet"
    line = f"*{one.reference}* {escape(kind)} · {sha256} · preserved by <@{one.by}>"
    name = blockkit.shorten(disclosure.title(one, shown.policy), _NAME_CHARS)
    value = json.dumps({"number": shown.incident.number, "evidence": one.number})
    button = blockkit.button("evidence_open", f"Open {one.reference}", value)
    fields = [blockkit.mrkdwn(line), plain(name)]
    return Part(f"{_bare(line)}: {escape(name)}", (SectionBlock(fields=fields, accessory=button),))


def _bare(line: str) -> str:
    return line.replace("*", "")


def message(parts: Sequence[Part]) -> tuple[str, list[Block]]:
    """What of it fits a message, in bare text and as blocks; each says how much is left out."""
    lines, blocks = list[str](), list[Block]()
    used = shown = 0
    for part in parts:
        used += len(part.text) + 1
        if used <= _BLOCKS_CHARS and len(blocks) + len(part.blocks) <= _BLOCKS:
            shown += 1
            blocks += part.blocks
        if used <= _TEXT_CHARS:
            lines.append(part.text)
    if left := len(parts) - shown:
        blocks.append(blockkit.context(_REST.format(left)))
    if left := len(parts) - len(lines):
        lines.append(_REST.format(left))
    return "\n".join(lines), blocks


def page(parts: Sequence[Part]) -> list[Block]:
    """All of it, on a page."""
    return [block for one in parts for block in one.blocks][:_PAGE_BLOCKS]
