"""Is what a person typed safe wherever Slack shows it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ConfirmObject,
    ContextBlock,
    ConversationFilter,
    ConversationSelectElement,
    InputBlock,
    RichTextBlock,
    RichTextSectionElement,
    SectionBlock,
    StaticSelectElement,
)

from bot.core import blockkit
from tests.screen import text_objects


def test_what_calls_people_is_escaped() -> None:
    assert blockkit.escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


@given(st.text(max_size=300), st.integers(1, 200))
def test_shortened_text_fits_and_begins_as_it_did(text: str, chars: int) -> None:
    short = blockkit.shorten(text, chars)
    assert len(short) <= chars
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_a_moment_is_in_the_readers_zone_and_in_utc_for_bare_text() -> None:
    moment = datetime(2026, 11, 21, 3, 12, tzinfo=UTC)
    assert blockkit.when(moment) == (
        "<!date^1795230720^{date_short_pretty} {time}|2026-11-21 03:12 UTC>"
    )


def test_a_table_shows_typed_text_as_it_is() -> None:
    table = blockkit.table([("Where", "*web* <b>"), ("Model", "x" * 3000)]).to_dict()
    assert text_objects(table, "mrkdwn") == ["*Where*", "*Model*"]
    where, model = text_objects(table, "plain_text")
    assert where == "*web* <b>"
    assert len(model) == 2000


def test_our_own_text_is_not_searched_for_names() -> None:
    assert blockkit.section("<@U1>").to_dict()["text"]["verbatim"] is True


def test_a_headline_is_cut_to_what_slack_takes() -> None:
    [text] = text_objects(blockkit.header("x" * 200).to_dict(), "plain_text")
    assert len(text) == 150


def every_kind(kind: type[Any]) -> Iterator[type[JsonObject]]:
    """The kind and all that build on it."""
    yield kind
    for narrower in kind.__subclasses__():
        yield from every_kind(narrower)


def test_no_check_of_the_library_is_lost_by_remembering_which_there_are() -> None:
    for kind in every_kind(JsonObject):
        searched = [name for name in dir(kind) if hasattr(getattr(kind, name), "validator")]
        assert list(blockkit.checks(kind)) == searched


def test_what_slack_would_refuse_is_refused_when_it_is_built() -> None:
    with pytest.raises(SlackObjectFormationError):
        blockkit.section("x" * (blockkit.SECTION_CHARS + 1)).to_dict()


WORDS = st.text(max_size=20)
TEXTS = st.builds(blockkit.plain, WORDS) | st.builds(blockkit.mrkdwn, WORDS)
OPTIONS = st.dictionaries(WORDS, WORDS, max_size=3).map(blockkit.options)
ELEMENTS = st.one_of(
    st.builds(blockkit.button, WORDS, WORDS, WORDS, st.sampled_from(["primary", None])),
    st.builds(
        StaticSelectElement,
        action_id=WORDS,
        options=OPTIONS,
        placeholder=WORDS,
        focus_on_load=st.sampled_from([True, False, None]),
        confirm=st.builds(ConfirmObject, title=WORDS, text=TEXTS, confirm=WORDS, deny=WORDS),
    ),
    st.builds(RichTextSectionElement, elements=st.just([])),
    st.builds(
        ConversationSelectElement,
        action_id=WORDS,
        filter=st.builds(ConversationFilter, include=st.lists(WORDS), exclude_bot_users=st.none()),
    ),
)
BLOCKS = st.one_of(
    st.builds(blockkit.section, WORDS),
    st.builds(SectionBlock, text=TEXTS, accessory=ELEMENTS, expand=st.booleans()),
    st.builds(ContextBlock, elements=st.lists(TEXTS, max_size=3)),
    st.builds(ActionsBlock, elements=st.lists(ELEMENTS, max_size=3)),
    st.builds(InputBlock, label=WORDS, element=ELEMENTS, optional=st.booleans()),
    st.builds(RichTextBlock, elements=st.lists(ELEMENTS, max_size=2)),
)


@given(BLOCKS)
def test_what_is_written_fast_is_what_the_library_would_write(block: Block) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JsonObject, "validate_json", lambda _: None)
        fast = block.to_dict()
        patch.setattr(JsonObject, "get_non_null_attributes", blockkit.written_by_sdk)
        assert fast == block.to_dict()
