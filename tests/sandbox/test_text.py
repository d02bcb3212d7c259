"""Is text kept, cut, refused and shown as Slack does it?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from bot.sandbox.page import dates, mrkdwn
from bot.sandbox.page.mrkdwn import Reader
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, HandMovedClock, Json, made, posted, write_manifest

NOON = 1_795_867_200  # Saturday 2026-11-28, 12:00 UTC
READER = Reader(
    zone="Europe/Berlin",
    now=NOON,
    base_url="http://127.0.0.1:4567",
    person_id="U0ONCALL",
    people={"U0ONCALL": "Mara Lindqvist"},
    channels={"C0GENERAL": "general"},
)
METADATA = {"event_type": "task_created", "event_payload": {"id": "T1", "open": True, "of": [1]}}


async def kept(api: Api, **message: Any) -> Json:
    """A message as conversations.history gives it back."""
    room = await made(api)
    await posted(api, room, **message)
    shape: Json = (await api.ok("conversations.history", channel=room))["messages"][0]
    return shape


def mrkdwn_block(text: str, **more: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, **more}}


STORED = [
    pytest.param("a & b < c > d", "a &amp; b &lt; c &gt; d",
                 marks=pytest.mark.rule("text.escaped")),
    pytest.param("a &amp; b &lt; \"c\" 'd'", "a &amp; b &lt; \"c\" 'd'",
                 marks=pytest.mark.rule("text.escaped")),
    pytest.param("see https://a.example/b?c=1, now", "see <https://a.example/b?c=1>, now",
                 marks=pytest.mark.rule("text.links")),
    pytest.param("<https://a.example|the log> <mailto:a@b.example|write>",
                 "<https://a.example|the log> <mailto:a@b.example|write>",
                 marks=pytest.mark.rule("text.links")),
    pytest.param("<@U0EXEC> <#C0GENERAL> <!subteam^S0SAFETY> <!here> <!channel> <!everyone>",
                 "<@U0EXEC> <#C0GENERAL> <!subteam^S0SAFETY> <!here> <!channel> <!everyone>",
                 marks=pytest.mark.rule("text.mentions")),
    pytest.param("by <!date^1795867200^{date_short} {time}^https://a.example|noon>",
                 "by <!date^1795867200^{date_short} {time}^https://a.example|noon>",
                 marks=pytest.mark.rule("text.dates")),
    pytest.param("\u2705 \u26a0\ufe0f done 1", ":white_check_mark: :warning: done 1",
                 marks=pytest.mark.rule("text.emoji")),
    pytest.param("@here come, @everyone", "@here come, @everyone",
                 marks=pytest.mark.rule("text.names")),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "stored"), STORED)
async def test_text_is_kept_as_slack_keeps_it(api: Api, sent: str, stored: str) -> None:
    assert (await kept(api, text=sent))["text"] == stored


@pytest.mark.rule("text.names", "text.update.names")
async def test_top_level_text_links_names_only_when_asked_each_time(api: Api) -> None:
    room = await made(api)
    ts = await posted(api, room, text="@here come", link_names=True)
    linked = (await api.ok("conversations.history", channel=room))["messages"][0]["text"]
    updated = await api.ok("chat.update", channel=room, ts=ts, text="@here come")
    assert (linked, updated["text"]) == ("<!here> come", "@here come")


@pytest.mark.rule("text.verbatim")
async def test_text_objects_link_names_unless_they_are_verbatim(api: Api) -> None:
    blocks = [mrkdwn_block("@everyone out"), mrkdwn_block("@everyone out", verbatim=True)]
    linked, verbatim = (await kept(api, blocks=blocks))["blocks"]
    assert linked["text"]["text"] == "<!everyone> out"
    assert verbatim["text"]["text"] == "@everyone out"


MARKUP = [
    ("*b* _i_ ~s~ `c`", "<strong>b</strong> <em>i</em> <s>s</s> <code>c</code>"),
    ("```pre *b*```", "<pre>pre *b*</pre>"),
    (">quoted", "<blockquote>quoted</blockquote>"),
    ("- no list\n1. neither", "- no list<br>1. neither"),
]


@pytest.mark.parametrize(("text", "html"), MARKUP)
@pytest.mark.rule("text.markup")
def test_the_page_draws_slacks_markup_and_no_lists(text: str, html: str) -> None:
    assert mrkdwn.to_html(text, READER) == html


@pytest.mark.rule("text.private_channel")
def test_who_has_no_access_does_not_read_a_channels_name() -> None:
    assert "private channel" in mrkdwn.to_html("<#C0SECRET|case-7>", READER)
    assert "case-7" not in mrkdwn.to_html("<#C0SECRET|case-7>", READER)


TOKENS = {
    "{date_num}": "2026-11-28",
    "{date}": "November 28, 2026",
    "{date_short}": "Nov 28, 2026",
    "{date_long}": "Saturday, November 28, 2026",
    "{date_pretty}": "today",
    "{date_short_pretty}": "today",
    "{date_long_pretty}": "today",
    "{time}": "13:00",
    "{time_secs}": "13:00:00",
}


@pytest.mark.rule("text.date_tokens")
def test_dates_are_spelled_in_the_readers_zone() -> None:
    spelled = {token: dates.spell(NOON, token, "Europe/Berlin", NOON) for token in TOKENS}
    assert spelled == TOKENS
    assert dates.spell(NOON - 7200, "{ago}", "UTC", NOON) == "2 hours ago"


@pytest.mark.rule("text.read_out")
async def test_a_notification_reads_the_text_and_not_the_blocks(api: Api, sandbox: Sandbox) -> None:
    blocks = [mrkdwn_block("<@U0ONCALL> in a block")]
    direct = (await api.ok("conversations.open", users="U0ONCALL"))["channel"]["id"]
    await posted(api, direct, text="read this", blocks=blocks)
    assert [rung.text for rung in sandbox.workspace.notifications("U0ONCALL")] == ["read this"]


@pytest.mark.rule("text.cut")
async def test_text_above_40_000_characters_is_cut(api: Api) -> None:
    assert (await kept(api, text="x" * 40_001))["text"] == "x" * 40_000


@pytest.mark.rule("text.markdown")
async def test_markdown_text_is_a_block_of_12_000_characters_at_most(api: Api) -> None:
    room = await made(api)
    await posted(api, room, markdown_text="x" * 11_800)
    answer = await api("chat.postMessage", channel=room, markdown_text="x" * 12_001)
    assert answer == {"ok": False, "error": "msg_too_long"}


REFUSED = [
    pytest.param({"markdown_text": "x", "text": "y"}, "markdown_text_conflict",
                 marks=pytest.mark.rule("text.markdown.alone")),
    pytest.param({"markdown_text": "x", "blocks": [mrkdwn_block("y")]}, "markdown_text_conflict",
                 marks=pytest.mark.rule("text.markdown.alone")),
    pytest.param({"text": " "}, "no_text", marks=pytest.mark.rule("text.none")),
    pytest.param({"blocks": []}, "no_text", marks=pytest.mark.rule("text.none")),
    pytest.param({"attachments": [{"text": "x"}] * 101}, "too_many_attachments",
                 marks=pytest.mark.rule("text.attachments")),
]  # fmt: skip
WRONG_METADATA = [
    pytest.param({"event_type": "x"}, marks=pytest.mark.rule("text.metadata.shape")),
    pytest.param({**METADATA, "more": 1}, marks=pytest.mark.rule("text.metadata.shape")),
    pytest.param({**METADATA, "event_payload": [1]}, marks=pytest.mark.rule("text.metadata.shape")),
    pytest.param("nonsense", marks=pytest.mark.rule("text.metadata.shape")),
    pytest.param({**METADATA, "event_type": "a b"}, marks=pytest.mark.rule("text.metadata.type")),
    pytest.param({**METADATA, "event_payload": {"a": {"b": {"c": 1}}}},
                 marks=pytest.mark.rule("text.metadata.values")),
    pytest.param({**METADATA, "event_payload": {"a": None}},
                 marks=pytest.mark.rule("text.metadata.values")),
]  # fmt: skip


@pytest.mark.parametrize(("message", "code"), REFUSED)
async def test_a_message_that_cannot_be_is_refused(api: Api, message: Json, code: str) -> None:
    room = await made(api)
    assert await api("chat.postMessage", channel=room, **message) == {"ok": False, "error": code}


@pytest.mark.parametrize("metadata", WRONG_METADATA)
async def test_metadata_of_another_shape_is_refused(api: Api, metadata: object) -> None:
    room = await made(api)
    answer = await api("chat.postMessage", channel=room, text="x", metadata=metadata)
    assert answer == {"ok": False, "error": "invalid_metadata_format"}


@pytest.mark.rule("text.metadata.read")
async def test_metadata_is_given_whole_only_when_all_of_it_is_asked_for(api: Api) -> None:
    room = await made(api)
    ts = await posted(api, room, text="x", metadata=METADATA)
    for method in ("conversations.history", "conversations.replies"):
        named = (await api.ok(method, channel=room, ts=ts))["messages"][0]["metadata"]
        whole = await api.ok(method, channel=room, ts=ts, include_all_metadata=True)
        assert named == {"event_type": "task_created"}
        assert whole["messages"][0]["metadata"] == METADATA


@pytest.mark.parametrize("is_scoped", [True, False])
@pytest.mark.rule("text.metadata.events")
async def test_an_app_that_subscribes_hears_of_metadata_as_it_comes_changes_and_goes(
    tmp_path: Path, clock: HandMovedClock, is_scoped: bool
) -> None:
    path = write_manifest(tmp_path, plus=("metadata.message:read",) if is_scoped else ())
    content = yaml.safe_load(path.read_text())
    events = content["settings"]["event_subscriptions"]
    events["bot_events"] += [
        f"message_metadata_{what}" for what in ("posted", "updated", "deleted")
    ]
    events["metadata_subscriptions"] = [{"app_id": "*", "event_type": "task_created"}]
    path.write_text(yaml.safe_dump(content))
    sandbox, heard = Sandbox(path, now=clock.now), list[Json]()
    sandbox.workspace.take_events(heard.append)
    changed = {**METADATA, "event_payload": {"id": "T2"}}
    async with sandbox.running() as url, aiohttp.ClientSession() as session:
        api = Api(url, session)
        room = await made(api)
        ts = await posted(api, room, text="x", metadata=METADATA)
        await posted(api, room, text="x", metadata={**METADATA, "event_type": "other"})
        await api.ok("chat.update", channel=room, ts=ts, text="x", metadata=changed)
        await api.ok("chat.delete", channel=room, ts=ts)

    told = [event for event in heard if event["type"].startswith("message_metadata_")]
    assert [event["type"].rpartition("_")[2] for event in told] == (
        ["posted", "updated", "deleted"] if is_scoped else []
    )
    assert {event["message_ts"] for event in told} <= {ts}
    assert [event.get("metadata") for event in told] == [METADATA, changed, None][: len(told)]
    before = [event.get("previous_metadata") for event in told]
    assert before == [None, METADATA, changed][: len(told)]


@pytest.mark.rule("text.metadata.size")
async def test_large_metadata_is_refused_unless_that_choice_is_off(
    api: Api, sandbox: Sandbox
) -> None:
    room = await made(api)
    large = {"event_type": "x", "event_payload": {"a": "x" * 16_000}}
    answer = await api("chat.postMessage", channel=room, text="x", metadata=large)
    assert answer == {"ok": False, "error": "metadata_too_large"}

    sandbox.workspace.chosen = replace(sandbox.workspace.chosen, metadata_bytes=None)
    await posted(api, room, text="x", metadata=large)


@pytest.mark.parametrize("flag", [True, False])
@pytest.mark.rule("text.unfurl")
async def test_a_message_says_whether_its_links_unfurl(api: Api, flag: bool) -> None:
    message = await kept(api, text="https://a.example", unfurl_links=flag, unfurl_media=flag)
    assert message["text"] == "<https://a.example>"


@pytest.mark.rule("text.update.blocks")
async def test_an_update_keeps_blocks_only_without_text_and_an_empty_list_removes_them(
    api: Api,
) -> None:
    room = await made(api)

    async def after(**change: Any) -> Json:
        ts = await posted(api, room, text="first", blocks=[mrkdwn_block("a block")])
        return dict((await api.ok("chat.update", channel=room, ts=ts, **change))["message"])

    assert (await after(metadata=METADATA))["blocks"][0]["text"]["text"] == "a block"
    assert "blocks" not in await after(text="second")
    assert "blocks" not in await after(text="second", blocks=[])
    emptied = await after(blocks=[])
    assert ("blocks" in emptied, emptied["text"]) == (False, "first")
