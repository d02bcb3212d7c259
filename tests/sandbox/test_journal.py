"""Is every call and every delivery written down?"""

from __future__ import annotations

from bot.sandbox.journal import KEPT, Journal, Wanted
from bot.sandbox.model import Call, Delivery
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import START, Api

MARA, GENERAL = "U0ONCALL", "C0GENERAL"


async def test_a_call_is_written_down_with_its_times_and_without_its_token(
    api: Api, sandbox: Sandbox
) -> None:
    await api("users.info?token=xoxb-sandbox", token="", user="U9")

    [entry] = sandbox.journal.listing()

    took = entry.pop("took_ms")
    assert 0 < took < 5_000
    assert entry == {
        "number": 1,
        "at": START.isoformat(),
        "kind": "call",
        "name": "users.info",
        "ok": False,
        "error": "user_not_found",
        "status": 200,
        "fault": None,
        "args": {"user": "U9"},
    }


async def test_calls_and_deliveries_stand_in_one_order(api: Api, sandbox: Sandbox) -> None:
    await api("auth.test")
    await sandbox.as_person(MARA).slash(GENERAL, "/help-me now")
    await api("auth.test")

    entries = sandbox.journal.entries()

    assert [(one.number, one.name, one.ok) for one in entries] == [
        (1, "auth.test", True),
        (2, "/help-me", False),
        (3, "auth.test", True),
    ]
    assert entries[1].error == "dispatch_failed"


def test_entries_are_found_by_kind_name_and_outcome() -> None:
    journal = Journal(lambda: START, lambda _: None)
    journal.called(Call("auth.test", {}, True, None, 0, 1))
    journal.called(Call("auth.test", {}, False, "ratelimited", 1, 2, 429))
    journal.delivered(Delivery("events_api", {"event": {"type": "message"}}, None, 2, 3))
    journal.delivered(Delivery("interactive", {"type": "block_actions"}, "dispatch_failed", 3, 4))

    def numbers(**wanted: object) -> list[int]:
        return [one.number for one in journal.entries(Wanted(**wanted))]  # type: ignore[arg-type]

    assert numbers() == [1, 2, 3, 4]
    assert numbers(kind="call") == [1, 2]
    assert numbers(kind="delivery") == [3, 4]
    assert numbers(kind="interactive") == [4]
    assert numbers(name="message") == [3]
    assert numbers(name="auth.test", is_failed=True) == [2]
    assert numbers(is_failed=False) == [1, 3]
    assert numbers(after=2) == [3, 4]
    assert numbers(limit=1) == [4]


def test_the_oldest_go_when_there_are_too_many_and_numbers_go_on() -> None:
    journal = Journal(lambda: START, lambda _: None)
    for _ in range(KEPT + 5):
        journal.called(Call("auth.test", {}, True, None, 0, 1))

    assert len(journal.calls) == KEPT
    assert journal.calls[0].number == 6

    journal.clear()
    journal.called(Call("auth.test", {}, True, None, 0, 1))
    assert [one.number for one in journal.entries()] == [KEPT + 6]


async def test_whoever_watches_hears_of_each_entry(api: Api, sandbox: Sandbox) -> None:
    topics: list[str] = []
    sandbox.workspace.watch(topics.append)
    await api("auth.test")
    assert topics == ["journal"]
