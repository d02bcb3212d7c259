"""Do the figures say what happened, to whoever runs the bot?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.flows.trouble import taking_nothing
from tests.room import GENERAL, MARA, Room, StillClock, until, war_room

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


class Scraped:
    """What Prometheus reads; the process counts on from test to test, so rises are compared."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def of(self, name: str, **labels: str) -> float:
        """The figure with these labels among its own, summed over the others."""
        return sum(
            value
            for (found, given), value in self._figures.items()
            if found == name and set(labels.items()) <= set(given)
        )


async def scrape(room: Room) -> Scraped:
    """What stands at /metrics now."""
    async with aiohttp.ClientSession() as session, session.get(f"{room.url}/metrics") as got:
        assert got.status == 200
        assert got.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = await got.text()
    return Scraped(
        {
            (sample.name, tuple(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }
    )


@pytest.fixture
async def http_room(sqlite_url: str) -> AsyncIterator[Room]:
    async with war_room(sqlite_url, is_http=True) as room:
        yield room


async def test_an_incident_shows_in_acks_deliveries_writes_and_what_is_open(
    http_room: Room,
) -> None:
    before = await scrape(http_room)
    await http_room.declare("Chatbot gives unsafe dosage advice", severity="SEV1")
    await http_room.settled()
    after = await scrape(http_room)

    def rise(name: str, **labels: str) -> float:
        return after.of(name, **labels) - before.of(name, **labels)

    assert rise("warroom_ack_seconds_count", kind="command", outcome="acked") == 1
    assert rise("warroom_ack_seconds_count", kind="view_submission", outcome="acked") == 1
    for effect in ("call.create", "keep.message", "keep.topic", "call.invite"):
        assert rise("warroom_delivery_seconds_count", effect=effect, outcome="delivered") >= 1
    assert rise("warroom_database_write_seconds_count", outcome="done") > 2
    assert (before.of("warroom_open_incidents"), after.of("warroom_open_incidents")) == (0, 1)
    assert after.of("warroom_open_incidents", severity="SEV1") == 1
    assert after.of("warroom_outbox_rows") == 0
    assert after.of("warroom_build_info") == 1
    assert after.of("warroom_database_up") == 1


async def test_what_people_are_refused_is_no_ack_like_the_others(http_room: Room) -> None:
    before = await scrape(http_room)
    await http_room.type(MARA, GENERAL, "/incident resolve INC-9 because it is over")
    after = await scrape(http_room)
    name, labels = "warroom_ack_seconds_count", {"kind": "command", "outcome": "refused"}
    assert after.of(name, **labels) - before.of(name, **labels) == 1


async def test_throttling_and_repeats_are_counted_by_method_and_effect(http_room: Room) -> None:
    before = await scrape(http_room)
    http_room.sandbox.workspace.faults.add("conversations.create:429:1:seconds=1")
    await http_room.declare("Chatbot gives unsafe dosage advice")
    await http_room.settled()
    after = await scrape(http_room)
    for name, labels in (
        ("warroom_slack_throttled_total", {"method": "conversations.create"}),
        ("warroom_delivery_retries_total", {"effect": "call.create"}),
        ("warroom_delivery_seconds_count", {"effect": "call.create", "outcome": "put_off"}),
        ("warroom_delivery_seconds_count", {"effect": "call.create", "outcome": "delivered"}),
    ):
        assert after.of(name, **labels) - before.of(name, **labels) == 1, name


async def test_a_reminder_is_counted_with_how_late_it_was(http_room: Room) -> None:
    await http_room.declare("Chatbot gives unsafe dosage advice", severity="SEV1")
    await http_room.settled()
    before = await scrape(http_room)
    await http_room.pass_time(hours=2)
    after = await scrape(http_room)
    name = "warroom_reminder_lateness_seconds"
    assert after.of(f"{name}_count") > before.of(f"{name}_count")
    assert after.of(f"{name}_sum") - before.of(f"{name}_sum") > 3600


async def test_what_is_owed_ages_until_somebody_delivers_it(database_url: str) -> None:
    clock = StillClock()
    async with war_room(database_url, is_http=True, delivers=False, clock=clock) as room:
        await room.declare("Chatbot gives unsafe dosage advice")
        await room.sandbox.deliver.settle()
        first = await scrape(room)
        clock.move(timedelta(minutes=3))
        second = await scrape(room)
    assert first.of("warroom_outbox_rows", state="pending") > 5
    assert first.of("warroom_outbox_oldest_seconds", state="pending") == 0
    assert second.of("warroom_outbox_oldest_seconds", state="pending") == 180


async def test_a_slot_that_is_written_anew_is_owed_since_then(http_room: Room) -> None:
    await http_room.declare("Chatbot gives unsafe dosage advice", severity="SEV3")
    await http_room.settled()
    await http_room.pass_time(minutes=3)
    channel = http_room.channel(1).id
    http_room.sandbox.workspace.faults.add("chat.update:timeout:1:seconds=1")
    http_room.sandbox.workspace.faults.add("chat.update:timeout:1:seconds=1")
    await http_room.type(MARA, channel, "/incident title Another title")
    await until(lambda: http_room.owed("claimed"))
    scraped = await scrape(http_room)
    assert scraped.of("warroom_outbox_rows") > 0
    assert scraped.of("warroom_outbox_oldest_seconds") < 60
    await http_room.settled()


async def test_without_the_database_the_figures_of_the_process_are_there(
    postgres_url: str,
) -> None:
    async with war_room(postgres_url, is_http=True) as room:
        with taking_nothing(room.database):
            scraped = await scrape(room)
        assert scraped.of("warroom_database_up") == 0
        assert scraped.of("warroom_build_info") == 1
        assert scraped.of("warroom_outbox_rows") == 0
        assert (await scrape(room)).of("warroom_database_up") == 1


async def test_figures_on_a_port_of_their_own_are_not_on_the_public_one(sqlite_url: str) -> None:
    async with war_room(sqlite_url, is_http=True, warroom_metrics_port=9464) as room:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{room.url}/metrics") as got:
                assert got.status == 404
            async with session.get(f"{room.url}/healthz") as got:
                assert got.status == 200
