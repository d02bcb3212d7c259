"""How do words become safe Block Kit?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from slack_sdk.models.basic_objects import EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST, JsonObject
from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    InteractiveElement,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.views import View

HEADER_CHARS = 150
FIELD_CHARS = 2000
SECTION_CHARS = 3000
TOPIC_CHARS = 250
CHANGED_CHARS = 4000  # https://docs.slack.dev/reference/methods/chat.update
INPUT_CHARS = 3000
_VIEW_TITLE_CHARS = 24


@cache
def checks(kind: type[JsonObject]) -> tuple[str, ...]:
    """The names of the library's checks on this kind of object."""
    return tuple(name for name in dir(kind) if hasattr(getattr(kind, name), "validator"))


def _validate(shown: JsonObject) -> None:
    for name in checks(type(shown)):
        getattr(shown, name)()


@cache
def _names(kind: type[JsonObject]) -> tuple[str, ...]:
    """What an object of this kind may carry, in the library's order; the same for each of them."""
    return tuple(sorted(object.__new__(kind).attributes))


def _written(shown: JsonObject) -> dict[str, Any]:
    if getattr(shown, "type", None) in _MAY_BE_EMPTY:
        return written_by_sdk(shown)
    values = ((name, getattr(shown, name, None)) for name in _names(type(shown)))
    return {name: _bare(one) for name, one in values if not (one is None or _is_empty(one))}


def _is_empty(value: Any) -> bool:
    return hasattr(value, "__len__") and not len(value)


def _bare(value: Any) -> Any:  # noqa: ANN401 (whatever an object carries)
    if isinstance(value, str):  # most are, and asking for the library's own is slow
        return value
    if isinstance(value, list | tuple):
        return [_bare(one) for one in value]
    if isinstance(value, JsonObject):
        written = value.to_dict()
        if type(value).to_dict is JsonObject.to_dict:
            return written
        return {key: _bare(one) for key, one in written.items()}
    return value


# The SDK searches each object for its checks anew, and walks through what is written already once
# for each level above it. Together that took a third of the time to an ack.
_MAY_BE_EMPTY = {one["type"] for one in EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST}
written_by_sdk = JsonObject.get_non_null_attributes
JsonObject.validate_json = _validate  # type: ignore[method-assign, assignment]
JsonObject.get_non_null_attributes = _written  # type: ignore[method-assign, assignment]


def escape(text: str) -> str:
    """Text a person typed, where Slack reads mrkdwn: no mention, link or channel comes of it.

    Asterisks and the like still format; where that matters the text goes into `plain`.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def isolate(text: str) -> str:
    """Text of any direction inside a line of ours, so that it cannot reorder the line."""
    return f"\u2068{text}\u2069"


def cut(text: str, chars: int) -> str:
    """Typed text, escaped and then of at most so many characters."""
    short = shorten(text, chars)
    while len(escape(short)) > chars:
        short = shorten(short, len(short) - 1)
    return escape(short)


def shorten(text: str, chars: int) -> str:
    """The text, cut to `chars` characters with an ellipsis."""
    return text if len(text) <= chars else text[: chars - 1].rstrip() + "…"


def fold(lines: Sequence[str], chars: int) -> str:
    """As many of the lines as fit, and "and 7 more" in place of the rest; a first one always is."""
    kept: list[str] = []
    used = len("and 9999 more")
    for line in lines:
        used += len(line) + 1
        if kept and used > chars:
            break
        kept.append(shorten(line, chars))
    more = len(lines) - len(kept)
    return "\n".join([*kept, *([f"and {more} more"] if more else [])])


def plain(text: str) -> PlainTextObject:
    """Text shown as it was typed, with no formatting and no emoji codes."""
    return PlainTextObject(text=text, emoji=False)


def mrkdwn(text: str) -> MarkdownTextObject:
    """Our own words with formatting; names and links in them are not guessed."""
    return MarkdownTextObject(text=text, verbatim=True)


def section(text: str) -> SectionBlock:
    """A paragraph of our own words."""
    return SectionBlock(text=mrkdwn(text))


def sections(lines: Sequence[str]) -> list[SectionBlock]:
    """Lines of our own words in as few paragraphs as hold them; each line fits into one."""
    joined: list[str] = []
    for line in lines:
        if joined and len(joined[-1]) + 1 + len(line) <= SECTION_CHARS:
            joined[-1] += f"\n{line}"
        else:
            joined.append(line)
    return [section(text) for text in joined]


def context(text: str) -> ContextBlock:
    """A line in small print."""
    return ContextBlock(elements=[mrkdwn(text)])


def header(text: str) -> HeaderBlock:
    """A headline, cut to what Slack takes."""
    return HeaderBlock(text=plain(shorten(text, HEADER_CHARS)))


def table(rows: Sequence[tuple[str, str]]) -> SectionBlock:
    """Up to five rows of label and typed text, side by side."""
    cells = [
        cell
        for label, value in rows[:5]
        for cell in (mrkdwn(f"*{label}*"), plain(shorten(value, FIELD_CHARS)))
    ]
    return SectionBlock(fields=cells)


def actions(buttons: Sequence[InteractiveElement]) -> ActionsBlock:
    """A row of buttons."""
    return ActionsBlock(elements=list(buttons))


def button(action_id: str, label: str, value: str = "", style: str | None = None) -> ButtonElement:
    """A button; `style` is "primary", "danger" or None."""
    return ButtonElement(action_id=action_id, text=plain(label), value=value or None, style=style)


def when(moment: datetime) -> str:
    """A moment as each reader's own date and time; readers of bare text get UTC."""
    seconds = int(moment.timestamp())
    fallback = f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"<!date^{seconds}^{{date_short_pretty}} {{time}}|{fallback}>"


def options(labels: Mapping[str, str]) -> list[Option]:
    """Options from value to label."""
    return [Option(value=value, text=plain(label)) for value, label in labels.items()]


def notice(title: str, sentence: str) -> View:
    """A page that only says something."""
    return View(
        type="modal",
        title=plain(shorten(title, _VIEW_TITLE_CHARS)),
        close=plain("Close"),
        blocks=[section(sentence)],
    )
