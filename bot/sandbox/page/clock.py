"""What time is it in the workspace, and how does a person move it on?"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from nicegui import ui

from bot.sandbox.page import controls
from bot.sandbox.page.controls import markup, put
from bot.sandbox.page.mrkdwn import Reader, escape

_STEPS = (
    ("+1 min", timedelta(minutes=1)),
    ("+15 min", timedelta(minutes=15)),
    ("+1 h", timedelta(hours=1)),
)
_TICK_SECONDS = 1.0
Step = Callable[[timedelta], None]
NextAt = Callable[[], Awaitable[datetime | None]]


class ClockBar:
    """The workspace's time in the viewer's zone and in UTC; steps where it can be moved."""

    def __init__(
        self,
        now: Callable[[], datetime],
        step: Step | None,
        next_at: NextAt | None = None,
    ) -> None:
        """Draw it; `step` moves the time on, None when nobody can.

        `next_at` tells when the app has something to do next, None when the page cannot know.
        """
        self._now = now
        self._zone = "Etc/UTC"
        self._shown = ""
        with put(ui.element("div"), role="group", aria_label="Workspace clock").classes("clock"):
            self._time = ui.element("div").classes("clock-time")
            if step is not None:
                with ui.element("div").classes("clock-steps"):
                    for name, by in _STEPS:
                        controls.button(name, functools.partial(step, by), "step")
                    if next_at is not None:
                        to_next = functools.partial(self._to_next, step, next_at)
                        controls.button("To next deadline", to_next, "step wide")
        ui.timer(_TICK_SECONDS, self._tick, immediate=False)

    def redraw(self, reader: Reader) -> None:
        """Show the time to this reader."""
        self._zone = reader.zone
        self._tick()

    async def _to_next(self, step: Step, next_at: NextAt) -> None:
        at = await next_at()
        if at is None:
            controls.toast("No deadline is ahead.")
        elif at <= self._now():
            controls.toast("The next deadline is now.")
        else:
            step(at - self._now())

    def _tick(self) -> None:
        shown = spelled(self._now(), self._zone)
        if shown == self._shown:
            return
        self._shown = shown
        self._time.clear()
        with self._time:
            markup(escape(shown), tag="time")


def spelled(moment: datetime, zone: str) -> str:
    """The moment where the viewer is, then in UTC, such as "Sat 21 Nov 10:32 · 09:32 UTC"."""
    there = moment.astimezone(ZoneInfo(zone))
    utc = moment.astimezone(ZoneInfo("Etc/UTC"))
    other_day = "" if utc.date() == there.date() else f"{utc:%a} "
    return f"{there:%a} {there.day} {there:%b %H:%M} · {other_day}{utc:%H:%M} UTC"
