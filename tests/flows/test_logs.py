"""Does the log of a whole incident name requests and incidents, and not one word of people?"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from bot import logs, registry
from bot.core.alerts import Alert
from tests.flows import leaks
from tests.flows.trouble import taking_nothing
from tests.room import GENERAL, MARA, NOOR, Room, war_room

WORDS = (
    "zebrafish", "quagga", "okapi", "axolotl", "narwhal", "pangolin", "tamarin", "xoloitz",
    "inc-1-",
)  # fmt: skip
TOKENS = ("xoxb-sandbox", "xapp-sandbox", "hunter2-of-the-signature", "/response/", "ticket=")
Lines = list[dict[str, object]]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that anybody in this process logs, from the most talkative level on."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logs.configure(logging.DEBUG, is_json=True, stream=stream)
    database = logging.getLogger("sqlalchemy")
    database.setLevel(logging.DEBUG)  # otherwise it keeps rows to itself
    yield stream
    database.setLevel(logging.WARNING)
    structlog.configure(**before)
    root.handlers = handlers
    root.setLevel(level)


@pytest.fixture(params=["socket", "http"])
async def talkative(
    request: pytest.FixtureRequest, written: io.StringIO, sqlite_url: str
) -> AsyncIterator[Room]:
    is_http = request.param == "http"
    secret = "sandbox" if is_http else TOKENS[2]
    async with war_room(sqlite_url, is_http=is_http, slack_signing_secret=secret) as room:
        yield room


async def _much_happens(room: Room) -> None:
    """An incident with words, evidence, refusals, alerts, outages and a bug in it."""
    await room.declare("Zebrafish dosage", severity="SEV1", switches=("private",))
    await room.settled()
    channel = room.channel(1).id
    await leaks.worked_on(room, channel)
    mara = room.sandbox.as_person(MARA)
    await mara.say(channel, "A narwhal came by")
    await mara.say(channel, "@warroom note The pangolin sleeps")
    for person, line in (
        (NOOR, "update INC-1 tamarin"),
        (MARA, "severity okapi because of the axolotl"),
        (MARA, "sideroom axolotl"),
        (MARA, "title An okapi"),
        (MARA, "xoloitz"),
        (MARA, "resolve"),
    ):
        await room.type(person, channel if person == MARA else GENERAL, f"/incident {line}")
    alert = Alert("one", "Pangolin down", "narwhal", "critical", "tamarin", None)
    await registry.take_alert(room.bot.engine, alert, announces=True)
    await room.settled()


async def _trouble_comes(room: Room) -> None:
    channel = room.channel(1).id
    with taking_nothing(room.database):
        await room.type(MARA, channel, "/incident note " + "quagga " * 900)
    faults = room.sandbox.workspace.faults
    for spec in ("chat.update:429:2", "*:500:2", "chat.postMessage:drop_after:1"):
        faults.add(spec)
    await room.type(MARA, channel, "/incident update The quagga is asleep")
    await room.settled()
    room.database.write_now(lambda conn: conn.exec_driver_sql("DROP TABLE texts"))
    await room.type(MARA, channel, "/incident note The quagga woke up")


def _lines(written: io.StringIO) -> Lines:
    return [json.loads(line) for line in written.getvalue().splitlines()]


async def test_no_word_of_people_and_no_token_is_in_the_most_talkative_log(
    talkative: Room, written: io.StringIO
) -> None:
    await _much_happens(talkative)
    await _trouble_comes(talkative)
    lines = _lines(written)
    told = {str(line["event"]) for line in lines}
    assert {"request", "delivery", "outbox.later", "bug"} <= told
    assert any(str(line.get("logger", "")).startswith("slack_") for line in lines)
    assert any(str(line.get("logger", "")).startswith("sqlalchemy") for line in lines)
    found = [
        line for line in lines
        for word in (*WORDS, *TOKENS) if word in json.dumps(line).casefold()
    ]  # fmt: skip
    assert found == []


async def test_a_request_is_followed_from_the_listener_to_the_delivery(
    talkative: Room, written: io.StringIO
) -> None:
    await talkative.declare("Zebrafish dosage", severity="SEV1")
    await talkative.settled()
    lines = _lines(written)
    [declared] = [
        line for line in lines
        if line["event"] == "request" and line["kind"] == "view_submission"
    ]  # fmt: skip
    assert (declared["incident"], declared["outcome"]) == (1, "acked")
    same = [line for line in lines if line.get("request") == declared["request"]]
    delivered = {line["effect"] for line in same if line["event"] == "delivery"}
    assert {"call.create", "keep.message", "keep.topic"} <= delivered
    assert {line["incident"] for line in same if line["event"] == "delivery"} == {1}
