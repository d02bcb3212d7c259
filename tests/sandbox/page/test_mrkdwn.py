"""Does Slack's mrkdwn become HTML that reads right and cannot do harm?"""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.page import mrkdwn
from bot.sandbox.page.mrkdwn import Reader

NOON = 1_795_867_200  # Saturday 2026-11-28, 12:00 UTC
READER = Reader(
    zone="Asia/Tokyo",
    now=NOON,
    base_url="http://127.0.0.1:4567",
    person_id="U0ONCALL",
    people={"U0ONCALL": "Mara Lindqvist", "U0EVE": "<b>Eve</b>"},
    channels={"C0GENERAL": "general"},
)
KNOWN_TAGS = {
    "a", "blockquote", "br", "code", "em", "pre", "s", "span", "strong", "time",
}  # fmt: skip
KNOWN_ATTRIBUTES = {"class", "data-go", "href", "rel", "target", "title"}


def html(text: str) -> str:
    return mrkdwn.to_html(text, READER)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*bold* _it_ ~no~ `x`", "<strong>bold</strong> <em>it</em> <s>no</s> <code>x</code>"),
        ("*bold _and it_*", "<strong>bold <em>and it</em></strong>"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("* not bold *", "* not bold *"),
        ("`*plain*`", "<code>*plain*</code>"),
        ("one\ntwo", "one<br>two"),
        ("&gt; said\nand then", "<blockquote>said</blockquote>and then"),
        (">a\n>b", "<blockquote>a<br>b</blockquote>"),
        ("see\n```\nx = *1*\n```\nend", "see<pre>x = *1*</pre>end"),
        (":white_check_mark: at 10:30:15", "✅ at 10:30:15"),
        (":no_such_emoji:", ":no_such_emoji:"),
        ("a &amp; b &lt;i&gt;", "a &amp; b &lt;i&gt;"),
    ],
)
def test_slacks_marks_become_html(text: str, expected: str) -> None:
    assert html(text) == expected


def test_a_link_opens_elsewhere_with_its_own_words() -> None:
    assert html("<https://example.org/a?b=1&amp;c=2|the _log_>") == (
        '<a href="https://example.org/a?b=1&amp;c=2" target="_blank" '
        'rel="noopener noreferrer">the _log_</a>'
    )


def test_a_permalink_of_this_workspace_says_where_it_leads() -> None:
    assert 'data-go="C0GENERAL/1700000000.000001"' in html(
        "<http://127.0.0.1:4567/archives/C0GENERAL/p1700000000000001|there>"
    )


def test_a_permalink_of_another_host_leads_out() -> None:
    assert "data-go" not in html("<http://127.0.0.1:4567.evil.org/archives/C0GENERAL|x>")


def test_people_are_named_and_the_reader_stands_out() -> None:
    assert html("<@U0ONCALL>") == '<span class="mention mine">@Mara Lindqvist</span>'
    assert html("<@U0EVE>") == '<span class="mention">@&lt;b&gt;Eve&lt;/b&gt;</span>'
    assert html("<@U0NOBODY>") == '<span class="mention">@U0NOBODY</span>'


def test_a_channel_the_reader_does_not_see_keeps_its_name() -> None:
    assert "#general</a>" in html("<#C0GENERAL|>")
    assert html("<#C0SECRET|layoffs>") == '<span class="mention">private channel</span>'


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ("{date_num} {time_secs}", "2026-11-28 21:00:00"),
        ("{date_long}", "Saturday, November 28, 2026"),
        ("{date_short_pretty} at {time}", "today at 21:00"),
        ("{unknown}", "{unknown}"),
    ],
)
def test_dates_are_told_in_the_readers_zone(tokens: str, expected: str) -> None:
    assert f">{expected}</time>" in html(f"<!date^{NOON}^{tokens}|fallback>")


def test_a_date_out_of_range_falls_back() -> None:
    assert ">some day</time>" in html("<!date^999999999999^{date}|some day>")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<javascript:alert(1)|click>",
        "<img src=x onerror=alert(1)>",
        '<https://x.org/"onmouseover="alert(1)|x>',
        "<@U1|<b>>",
        '<!date^0^{time}^javascript:alert(1)|"><script>>',
        "```</pre><script>alert(1)</script>```",
        "`</code><img src=x onerror=y>`",
        "&amp;lt;script&amp;gt;",
        ":<b>:",
    ],
)
def test_hostile_text_stays_text(text: str) -> None:
    assert_harmless(html(text))


@given(st.text(alphabet="<>&;|!@#^{}*_~`:/\"'= \nabU0ltgdatepscrihjv", max_size=80))
def test_no_text_becomes_markup_of_its_own(text: str) -> None:
    assert_harmless(html(text))


def test_a_long_run_of_marks_is_read_in_time() -> None:
    assert html("*_~" * 10_000).startswith("*")


def assert_harmless(made: str) -> None:
    watch = _Watch()
    watch.feed(made)
    watch.close()
    assert watch.tags <= KNOWN_TAGS
    assert watch.attributes <= KNOWN_ATTRIBUTES
    assert all(link.startswith(("http://", "https://", "mailto:", "tel:")) for link in watch.links)


class _Watch(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name == "href"]


def test_a_user_group_is_shown_by_its_handle() -> None:
    reader = Reader(groups={"S0SAFETY": "safety"})
    assert mrkdwn.to_html("<!subteam^S0SAFETY>", reader) == '<span class="mention">@safety</span>'
    assert mrkdwn.to_html("<!subteam^S1|@gone>", reader) == '<span class="mention">@gone</span>'
