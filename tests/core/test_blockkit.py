"""Is what a person typed safe wherever Slack shows it?"""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

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
