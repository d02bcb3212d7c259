"""How does one preserve something, and what does one read of it afterwards?"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    PlainTextInputElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit, redaction
from bot.core.blockkit import plain
from bot.core.incident import Incident
from runbooks.model import Policy

_OPTION_CHARS, _SHOWN_CHARS = 75, 2700
_FETCHED = (
    "What it leads to is fetched once, without signing in, and kept with its SHA-256. Do not "
    "preserve a link that does something when it is opened."
)


def preserve_modal(
    about: Mapping[str, object],
    policy: Policy,
    text: str,
    files: Mapping[str, str],
    choices: Sequence[Incident],
) -> View:
    """The form: what is listed reads as shown here; what was found is left out unless ticked.

    `choices` are the incidents to choose from outside a room; empty inside one.
    """
    evidence = policy.evidence
    blocks: list[Block] = []
    if choices:
        titles = {str(one.number): _option(f"{one.reference} {one.title}") for one in choices}
        blocks.append(_select("incident", "Which incident?", titles, None))
    blocks += _preview(text, policy) if text else []
    if about.get("is_link") and evidence.links.is_fetched:
        blocks.append(blockkit.context(_FETCHED))
    if files:
        named = {file_id: _option(name) for file_id, name in files.items()}
        blocks.append(_ticks("files", "Files", named, tuple(named)))
    kept = {one.id: _option(one.label) for one in evidence.kinds}
    tlp = {one.id: one.label for one in evidence.labels}
    who = UserSelectElement(action_id="custodian", initial_user=str(about["by"]))
    hint = "A ticket or an account number, no name and no address."
    blocks += [
        _select("kind", "What is it?", kept, None),
        _select("label", "How far may it go?", tlp, evidence.usual_label),
        InputBlock(block_id="custodian", label="Who answers for it?", element=who),
        _text("note", "Note", "What it shows, and what it is linked to."),
        _text("contact", "How can those it concerns be reached?", hint),
    ]
    if text:
        how = {"raw": "Keep the original, sealed away", "hash": "Keep its hash and this form alone"}
        blocks.append(_select("raw", "What is kept?", how, "raw"))
    return _form("evidence", "Preserve as evidence", "Preserve", about, blocks)


def _preview(text: str, policy: Policy) -> list[Block]:
    found = redaction.found(text, policy.evidence)
    shown = blockkit.cut(redaction.masked(text, found), _SHOWN_CHARS)
    blocks: list[Block] = [blockkit.section(f"*What those in the room may read*\n{shown}")]
    kinds = {one.kind for one in found}
    if kinds:
        ordered = [kind for kind in redaction.LABELS if kind in kinds]
        labels = {kind: f"Leave each {redaction.LABELS[kind]} in" for kind in ordered}
        hint = "The original keeps everything; few may open it."
        label = f"Found {redaction.named(kinds)}"
        blocks.append(_ticks("unmasked", label, labels, (), hint))
    return blocks


def taken(numbers: Sequence[tuple[int, str | None]], *, is_snapped: bool = False) -> str:
    """What somebody reads who preserved something: numbers, and hashes where there are some yet.

    `is_snapped`: what a link leads to is being fetched.
    """
    kept = [f"E-{number} is kept, SHA-256 {sha256}." for number, sha256 in numbers if sha256]
    awaited = [f"E-{number}" for number, sha256 in numbers if not sha256]
    kept += [f"{', '.join(awaited)}: being fetched; you are told if it fails."] if awaited else []
    if is_snapped:
        kept.append("What the link leads to is being fetched; you are told if it fails.")
    return "\n".join(kept)


def _option(text: str) -> str:
    return blockkit.shorten(text, _OPTION_CHARS)


def _select(name: str, label: str, labels: Mapping[str, str], chosen: str | None) -> InputBlock:
    options = blockkit.options(labels)
    initial = next((one for one in options if one.value == chosen), None)
    element = StaticSelectElement(action_id=name, options=options, initial_option=initial)
    return InputBlock(block_id=name, label=label, element=element)


def _ticks(
    name: str,
    label: str,
    labels: Mapping[str, str],
    ticked: Collection[str],
    hint: str | None = None,
) -> InputBlock:
    options = blockkit.options(labels)
    initial = [one for one in options if one.value in ticked] or None
    element = CheckboxesElement(action_id=name, options=options, initial_options=initial)
    return InputBlock(block_id=name, label=label, hint=hint, element=element, optional=True)


def _text(name: str, label: str, hint: str, *, is_asked: bool = False) -> InputBlock:
    element = PlainTextInputElement(action_id=name, multiline=True, max_length=3000)
    return InputBlock(block_id=name, label=label, hint=hint, element=element, optional=not is_asked)


def _form(
    callback_id: str, title: str, submit: str, about: Mapping[str, object], blocks: list[Block]
) -> View:
    return View(
        type="modal",
        callback_id=callback_id,
        private_metadata=json.dumps(about),
        title=plain(title),
        submit=plain(submit),
        close=plain("Cancel"),
        blocks=blocks,
    )
