"""Does a rich_text block become HTML that reads right and cannot do harm?"""

from __future__ import annotations

from typing import Any

from bot.sandbox.page import richtext
from bot.sandbox.page.mrkdwn import Reader

READER = Reader(people={"U0LEGAL": "Elena Petrova"})


def section(*leaves: dict[str, Any], kind: str = "section") -> dict[str, Any]:
    return {"type": f"rich_text_{kind}", "elements": list(leaves)}


def html(*parts: dict[str, Any]) -> str:
    return richtext.to_html({"type": "rich_text", "elements": list(parts)}, READER)


def test_styles_nest_and_people_are_named() -> None:
    bold = {"type": "text", "text": "Now ", "style": {"bold": True, "italic": True}}
    assert html(section(bold, {"type": "user", "user_id": "U0LEGAL"})) == (
        "<div><em><strong>Now </strong></em>"
        '<span class="mention">@Elena Petrova</span></div>'
    )  # fmt: skip


def test_lists_keep_their_number_and_their_depth() -> None:
    items = [section({"type": "text", "text": "one"})]
    numbered = {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": items}
    assert html(numbered) == '<ol type="1" start="3"><li><div>one</div></li></ol>'
    assert 'style="margin-left: 1.5em"' in html({**numbered, "indent": 1})


def test_quotes_and_code_keep_their_lines() -> None:
    text = {"type": "text", "text": "a\nb"}
    assert html(section(text, kind="quote")) == "<blockquote>a<br>b</blockquote>"
    assert html(section(text, kind="preformatted")) == "<pre>a\nb</pre>"


def test_hostile_leaves_stay_text() -> None:
    link = {"type": "link", "url": "javascript:alert(1)", "text": "<b>x</b>"}
    assert html(section(link)) == "<div>&lt;b&gt;x&lt;/b&gt;</div>"
    assert "<script>" not in html(section({"type": "text", "text": "<script>"}))


def test_a_leaf_nobody_knows_is_shown_as_its_words() -> None:
    assert html(section({"type": "sticker", "text": "a < b"})) == "<div>a &lt; b</div>"
    assert html(section({"type": "team", "team_id": "T1"})) == "<div>T1</div>"


def test_a_date_with_an_address_leads_there_unless_it_is_hostile() -> None:
    date = {"type": "date", "timestamp": 1_795_867_200, "format": "{date_num}"}
    assert html(section(date)) == "<div>2026-11-28</div>"
    assert 'href="https://a.example"' in html(section({**date, "url": "https://a.example"}))
    assert html(section({**date, "url": "javascript:alert(1)"})) == "<div>2026-11-28</div>"


def test_rich_text_typed_in_a_plain_field_is_read_back_as_it_was_typed() -> None:
    assert richtext.plain(richtext.typed("a *b*\n:wave:")) == "a *b*\n:wave:"
    assert richtext.plain(None) == ""


def test_rich_text_an_app_put_in_a_field_is_shown_as_its_words() -> None:
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}
    link = {"type": "link", "url": "https://a.example", "text": "there"}
    parts = [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "see "}, link]},
        {"type": "rich_text_list", "style": "bullet", "elements": [item]},
    ]
    assert richtext.plain({"type": "rich_text", "elements": parts}) == "see there\n- one"


def test_a_color_is_shown_only_when_it_is_one() -> None:
    assert 'background: #c2185b"' in html(section({"type": "color", "value": "#c2185b"}))
    hostile = html(section({"type": "color", "value": 'red" onclick="x'}))
    assert hostile == "<div>red&quot; onclick=&quot;x</div>"
