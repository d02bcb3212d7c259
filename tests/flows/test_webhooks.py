"""Does another system get what it is owed, and does the room's record hear what came of it?"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
import yaml
from aiohttp import web

from bot import logs
from bot.core import ids, webhooks
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome
from bot.core.webhooks import Sent
from bot.engine import Asked, Existing
from bot.export.bundle import bundle
from storage import log, outbox
from tests.flows.story import TITLE
from tests.hooks.receiver import Receiver, receiving
from tests.room import MARA, SANDBOX_CONTENT, Room, StillClock, war_room

TOKEN = "zebrafish-of-the-issues"
SIGNS = "whsec_emVicmFmaXNoIG9mIHRoZSBzZWE"
CALLBACK = "zebrafish-of-the-callback"
VALUES: dict[str, webhooks.Scalar] = {
    "incident": "INC-1", "title": TITLE, "details": "Restrict it", "owner": "acme",
    "repository": "model",
}  # fmt: skip


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Another system, on this machine."""
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
def content(receiver: Receiver, tmp_path: Path) -> Path:
    """A policy that may reach the receiver, on purpose."""
    folder = tmp_path / "content"
    shutil.copytree(SANDBOX_CONTENT, folder)
    shipped = Path("runbooks/policy/webhooks.yaml").read_text()
    policy = yaml.safe_load(shipped.replace("https://api.github.com", receiver.url))
    policy["private_hosts"] = [receiver.url.removeprefix("http://")]
    (folder / "policy/webhooks.yaml").write_text(yaml.safe_dump(policy))
    return folder


@pytest.fixture
async def room(
    receiver: Receiver, content: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Room]:
    """A room from which GitHub and a webhook of one's own can be reached."""
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("WARROOM_WEBHOOK_URL", f"{receiver.url}/own")
    monkeypatch.setenv("WARROOM_WEBHOOK_SECRET", SIGNS)
    async with war_room(
        database_url,
        clock=StillClock(),
        is_http=True,
        warroom_content=content,
        warroom_public_url="https://warroom.example",
        warroom_callback_secret=CALLBACK,
    ) as room:
        await room.declare(TITLE, severity="SEV2")
        await room.settled()
        yield room


async def owe(room: Room, target_id: str, step: int = 1) -> str:
    """Owe a target something about a step, as a runbook does; its name."""
    name = f"{ids.chain(1)} hook {step}"

    def ask(_incident: Incident, _request: object, context: Context, /) -> Outcome:
        target = context.policy.webhooks.find(target_id)
        assert target
        sent = Sent(name, f"step/{step}", target_id)
        return Outcome(messages=(webhooks.send(sent, 1, target, VALUES),))

    await room.bot.engine.carry_out(ask, None, Existing(1), Asked(f"ask {step}", MARA))
    await room.settled()
    return name


def heard(room: Room) -> list[log.Fact]:
    """What the record says of other systems."""
    return [one for one in room.facts(1) if one.kind.startswith("Webhook")]


async def test_a_target_that_fails_twice_is_told_again_and_its_answer_is_on_record_once(
    room: Room, receiver: Receiver
) -> None:
    receiver.answers += [web.Response(status=503), web.Response(status=500)]
    url = "https://github.com/acme/model/issues/7"
    receiver.answers.append(web.json_response({"number": 7, "html_url": url}, status=201))
    name = await owe(room, "github")
    assert [path for path, _, _ in receiver.requests] == ["/repos/acme/model/issues"] * 3
    [fact] = heard(room)
    assert (fact.kind, fact.actor) == ("WebhookAnswered", ids.BOT)
    assert fact.payload == {
        "send": name, "about": "step/1", "target": "github", "status": 201, "reference": "#7",
        "link": url,
    }  # fmt: skip
    told = await room.type(MARA, room.channel(1).id, "/incident timeline details")
    assert "heard that github took it as #7" in told
    assert room.owed("failed", "undeliverable") == []


async def test_what_is_refused_for_good_is_on_record_with_its_reason(
    room: Room, receiver: Receiver
) -> None:
    receiver.answers.append(web.Response(status=422))
    await owe(room, "github")
    [fact] = heard(room)
    assert (fact.kind, fact.payload["reason"]) == ("WebhookFailed", "github: HTTP 422")
    [row] = room.owed("failed")
    receiver.answers.append(web.json_response({"number": 8}))
    room.database.write_now(lambda conn: outbox.retry(conn, row.id, room.clock.now()))
    room.bot.courier.wake()
    await room.comes(lambda: len(heard(room)) == 2)
    assert heard(room)[-1].payload["reference"] == "#8"


async def said(url: str, room: Room, body: bytes = b"", method: str = "POST") -> tuple[int, Any]:
    """Say something at an address that was told, as the outside reaches it."""
    here = url.replace("https://warroom.example", room.url)
    async with aiohttp.ClientSession() as http, http.request(method, here, data=body) as got:
        return got.status, await got.json() if got.content_type == "application/json" else None


def told_address(receiver: Receiver) -> str:
    return str(json.loads(receiver.requests[-1][2])["data"]["callback_url"])


async def test_an_address_completes_what_it_was_made_for_once(
    room: Room, receiver: Receiver
) -> None:
    name = await owe(room, "generic")
    url = told_address(receiver)
    assert (await said(url, room, method="GET"))[0] == 405
    assert (await said(url, room, b"no json"))[0] == 400
    assert (await said(url, room, b"[]"))[0] == 400
    assert (await said(url, room, b"x" * 300_000))[0] == 413
    assert (await said(url[:-2] + "xx", room))[0] == 401
    body = json.dumps({"status": "Failed", "note": " Too\u202e late "}).encode()
    assert await said(url, room, body) == (202, {"incident": "INC-1"})
    assert [status for status, _ in [await said(url, room) for _ in range(2)]] == [409, 409]
    [back] = [one for one in heard(room) if one.kind == "WebhookCalledBack"]
    assert back.payload == {
        "send": name, "about": "step/1", "target": "generic", "is_done": False, "note": "Too late",
    }  # fmt: skip
    room.clock.move(timedelta(days=4))
    await room.bot.engine.forget_requests(timedelta(days=3))
    assert (await said(url, room))[0] == 409
    room.clock.move(timedelta(days=11))
    assert (await said(url, room))[0] == 401


async def test_an_address_that_two_use_at_once_completes_it_once(
    room: Room, receiver: Receiver
) -> None:
    await owe(room, "generic")
    url = told_address(receiver)
    answers = await asyncio.gather(*(said(url, room) for _ in range(5)))
    assert sorted(status for status, _ in answers) == [202, 409, 409, 409, 409]
    done = [one.payload for one in heard(room) if one.kind == "WebhookCalledBack"]
    assert [one["is_done"] for one in done] == [True]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that anybody in this process logs."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logs.configure(logging.DEBUG, is_json=True, stream=stream)
    yield stream
    structlog.configure(**before)
    root.handlers = handlers
    root.setLevel(level)


async def test_no_secret_is_in_the_log_the_record_the_outbox_or_an_export(
    written: io.StringIO, room: Room, receiver: Receiver
) -> None:
    receiver.answers += [
        web.Response(status=500, text=TOKEN),
        web.json_response({"number": TOKEN, "html_url": f"https://x.example/{TOKEN}"}),
    ]
    await owe(room, "github")
    receiver.answers.append(web.Response(status=400, text=SIGNS))
    await owe(room, "generic", step=2)
    address = told_address(receiver)
    await said(address, room)
    copy = await room.bot.engine.copy(1)
    made = bundle(copy, room.bot.engine.record_parts)
    exported = [content.decode() for content in made.files.values()]
    held = [written.getvalue(), *exported, *_rows(room)]
    assert '"event": "delivery"' in written.getvalue()
    assert any("github" in one for one in held)
    for secret in (TOKEN, SIGNS, SIGNS.removeprefix("whsec_"), CALLBACK, f"{receiver.url}/own"):
        assert not any(secret in one for one in held), secret
    assert not any(address.rpartition("/")[2] in one for one in held)


def _rows(room: Room) -> list[str]:
    """Everything the database holds."""

    def read(conn: Any) -> list[str]:
        tables = ("facts", "texts", "outbox", "refs", "inbox")
        found = [conn.exec_driver_sql(f"SELECT * FROM {one}").all() for one in tables]
        return [repr(row) for rows in found for row in rows]

    return room.database.read_now(read)
