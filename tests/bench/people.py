"""What do people do to an app while it is measured, and what came of it?"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from tests.bench.fake import Call, Json

_TYPING_SECONDS = 0.1  # nobody submits a form in the moment it opens


@dataclass(frozen=True)
class Declared:
    """One declare: how long the acks took, and all its calls; in seconds."""

    command_ack: float
    submit_ack: float
    sent_at: float
    calls: tuple[Call, ...]

    @property
    def ready(self) -> float:
        """From the submit to the answer of the last call."""
        return max(call.ended_at for call in self.calls) - self.sent_at

    @property
    def invited(self) -> float:
        """From the submit until the declarer was in the room."""
        [invite] = [call for call in self.calls if call.method == "conversations.invite"]
        return invite.ended_at - self.sent_at


class People:
    """People in the workspace who all use one app."""

    _numbers = itertools.count(1)

    def __init__(self, session: aiohttp.ClientSession, base: str, app: str) -> None:
        self._session = session
        self._base = base
        self._app = app

    async def declare(self, count: int, after_acks: Callable[[], None]) -> list[Declared]:
        """So many people declare at once; when all their rooms stand."""
        numbers, acked = await self._declared(count)
        after_acks()
        calls = await asyncio.gather(*(self._calls(number) for number in numbers))
        return [
            Declared(command, submit, sent_at, of_room)
            for (command, submit, sent_at), of_room in zip(acked, calls, strict=True)
        ]

    async def acks(self, count: int, after_acks: Callable[[], None]) -> list[float]:
        """So many people declare at once; how long each of the two acks took, in seconds."""
        _, acked = await self._declared(count)
        after_acks()
        return [took for command, submit, _ in acked for took in (command, submit)]

    async def _declared(self, count: int) -> tuple[list[int], list[tuple[float, float, float]]]:
        """Each opens the form and submits it: both acks, and when the form was sent."""
        numbers = [next(self._numbers) for _ in range(count)]
        opened = await asyncio.gather(*(self._open(number) for number in numbers))
        await asyncio.sleep(_TYPING_SECONDS)
        submits = (self._submit(n, view) for n, (_, view) in zip(numbers, opened, strict=True))
        submitted = await asyncio.gather(*submits)
        return numbers, [
            (command["acked_at"] - command["sent_at"], *_times(submit))
            for (command, _), submit in zip(opened, submitted, strict=True)
        ]

    async def _open(self, number: int) -> tuple[Json, Json]:
        command = {
            "command": "/incident",
            "text": "declare sev1",
            "user_id": f"U{number}",
            "team_id": "T0BENCH",
            "channel_id": "C0GENERAL",
            "trigger_id": f"trigger-{number}",
            "response_url": f"{self._base}/response",
        }
        acked = await self.does("slash_commands", command)
        async with self._session.get(f"{self._base}/person/view/trigger-{number}") as answer:
            view: Json = await answer.json()
        return acked, view

    async def _submit(self, number: int, view: Json) -> Json:
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        values = {
            block["block_id"]: {block["element"]["action_id"]: _entered(block["element"], number)}
            for block in inputs
        }
        payload = {
            "type": "view_submission",
            "user": {"id": f"U{number}", "team_id": "T0BENCH"},
            "team": {"id": "T0BENCH"},
            "trigger_id": f"submit-{number}",
            "view": {**view, "state": {"values": values}},
        }
        acked = await self.does("interactive", payload)
        if "errors" in str(acked["payload"]):
            raise AssertionError(f"The app did not take the form: {acked['payload']}")
        return acked

    async def does(self, kind: str, payload: Json) -> Json:
        """Send what a person did; what the app acked with, and both times (monotonic seconds)."""
        asked = {"app": self._app, "kind": kind, "payload": payload}
        async with self._session.post(f"{self._base}/person/does", json=asked) as answer:
            acked: Json = await answer.json()
        return acked

    async def _calls(self, number: int) -> tuple[Call, ...]:
        url = f"{self._base}/calls/declare-no-{number}"
        async with self._session.get(url) as answer:
            return tuple(Call(**call) for call in await answer.json())


def _times(submit: Json) -> tuple[float, float]:
    return submit["acked_at"] - submit["sent_at"], submit["sent_at"]


def _entered(element: Json, number: int) -> Json:
    if element["type"] == "plain_text_input":
        return {"type": element["type"], "value": f"Declare no {number}"}
    if element["type"] == "static_select":
        return {"type": element["type"], "selected_option": element["initial_option"]}
    return {"type": element["type"], "selected_options": []}
