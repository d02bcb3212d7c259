"""Does what is shown fit into what Slack takes, and is all of it told to those who hear it?"""

from __future__ import annotations

from typing import Any

from slack_sdk.models.views import View

from bot.core.blockkit import escape
from bot.core.messages import Content
from tests.screen import shown, text_objects

HOSTILE = "&<>" * 1000  # 3,000 characters, and 13,000 once they are escaped
_SECTION, _BLOCKS, _ALL, _PER_BLOCK, _TEXT = 3000, 50, 13_172, 125, 40_000
_LABEL, _VIEW_BLOCKS, _VIEW_CHARS = 2000, 100, 250_000


def read(content: Content) -> str:
    """What a message shows, one text a line, once Slack would take it."""
    made = content.to_json()  # the library raises where Slack would refuse
    blocks, said = made["blocks"], shown(made["blocks"])
    assert 0 < len(content.text) <= _TEXT
    assert len(blocks) <= _BLOCKS
    assert len(said) + _PER_BLOCK * len(blocks) <= _ALL
    assert all(0 < len(one) <= _SECTION for one in text_objects(blocks, "mrkdwn"))
    return said


def heard(content: Content) -> str:
    """The text of a message, once it has all that the message shows but its buttons."""
    read(content)
    for one in text_objects(content.to_json()["blocks"], "mrkdwn"):
        for line in _unmarked(one).splitlines():
            assert line.rstrip("…") in _unmarked(content.text), line
    for one in _typed(content):
        assert escape(one.rstrip("…")) in content.text, one
    return content.text


def _unmarked(text: str) -> str:
    return text.replace("*", "").replace("`", "")


def _typed(content: Content) -> list[str]:
    """What people typed that is shown as they typed it."""
    sections = [one for one in content.to_json()["blocks"] if one["type"] == "section"]
    shows = [[one.get("text"), *one.get("fields", ())] for one in sections]
    return text_objects(shows, "plain_text")


def form(view: View) -> dict[str, Any]:
    """A view as Slack takes it."""
    made: dict[str, Any] = view.to_dict()
    blocks = made["blocks"]
    assert len(blocks) <= _VIEW_BLOCKS
    assert len(str(made)) <= _VIEW_CHARS
    labels = [one["label"]["text"] for one in blocks if one["type"] == "input"]
    assert all(0 < len(one) <= _LABEL for one in labels)
    assert len({*labels}) == len(labels), "two inputs have one label"
    ids = [one["block_id"] for one in blocks if one.get("block_id")]
    assert len({*ids}) == len(ids)
    assert all(0 < len(one) <= _SECTION for one in text_objects(blocks, "mrkdwn"))
    return made


def labels(view: View) -> list[str]:
    """What a form asks, as people read it; what need not be answered in brackets."""
    return [
        f"({one['label']['text']})" if one.get("optional") else one["label"]["text"]
        for one in form(view)["blocks"]
        if one["type"] == "input"
    ]


def words(view: View) -> list[str]:
    """The paragraphs of a view."""
    return text_objects(form(view)["blocks"], "mrkdwn")


def frame(view: View) -> tuple[str, str | None, str]:
    """Title, submit and close."""
    made = form(view)
    submit = made.get("submit")
    return made["title"]["text"], submit["text"] if submit else None, made["close"]["text"]
