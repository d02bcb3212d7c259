"""What made a person's Slack ring, and how do they stop it?"""

from __future__ import annotations

from nicegui import ui

from bot.sandbox.hands import Hands
from bot.sandbox.model import Notification, Person
from bot.sandbox.page import controls, dates, mrkdwn, readers
from bot.sandbox.page.channel import Go
from bot.sandbox.page.controls import markup, rich
from bot.sandbox.page.mrkdwn import Reader, escape
from bot.sandbox.page.reading import Marks
from bot.sandbox.workspace import Workspace

_LISTED = 50
_PAUSE_MINUTES = 60
_WHY = {
    "direct": "Message to you",
    "mention": "Mentions you",
    "group": "Mentions your group",
    "broadcast": "For everyone here",
    "thread": "Reply in a thread of yours",
}


class Bell:
    """A person's notifications, latest first, and their do-not-disturb."""

    def __init__(self, workspace: Workspace, marks: Marks) -> None:
        self._workspace = workspace
        self._marks = marks

    def show(self, hands: Hands, reader: Reader, go: Go) -> None:
        """Open a dialog with them."""
        with controls.opened("Notifications", close="Close notifications") as dialog:
            with ui.element("div").classes("quiet-line") as quiet:
                self._draw_quiet(quiet, hands)
            with ui.element("div").classes("modal-body"):
                self._draw_list(hands.person_id, reader, controls.leaving(dialog, go))

    def _draw_list(self, person_id: str, reader: Reader, leave: Go) -> None:
        rang = self._workspace.notifications(person_id)[::-1]
        if not rang:
            markup("Nothing has notified you yet.").classes("hint")
        for each in rang[:_LISTED]:
            self._draw_one(each, person_id, reader, leave)

    def _draw_one(self, each: Notification, person_id: str, reader: Reader, leave: Go) -> None:
        channel = self._workspace.channels.get(each.channel)
        if channel is None:
            return
        is_new = not self._marks.is_read(person_id, each.channel, each.ts)
        name = readers.channel_name(self._workspace, channel, person_id)
        when = dates.spell(
            int(float(each.ts)), "{date_short_pretty} at {time}", reader.zone, reader.now
        )
        why = _WHY.get(each.why, each.why)
        with ui.element("div").classes("pin-card new" if is_new else "pin-card"):
            with ui.element("div").classes("message-head"):
                markup(escape(name), tag="strong")
                markup(escape(f"{why}, {when}"), tag="small")
            rich(mrkdwn.to_html(each.text, reader), leave)
            controls.button("Go to message", lambda: leave(f"{each.channel}/{each.ts}"), "quiet")

    def _draw_quiet(self, line: ui.element, hands: Hands) -> None:
        person = self._workspace.people[hands.person_id]

        async def pause(minutes: int) -> None:
            await hands.pause_notifications(minutes)
            line.clear()
            with line:
                self._draw_quiet(line, hands)

        if person.is_quiet_at(self._workspace.now_seconds()):
            markup(escape(f"Paused until {_until(person)}."), tag="span")
            controls.button("Resume", lambda: pause(0), "quiet")
        else:
            markup("Mentions, direct messages and threads ring.", tag="span")
            controls.button("Pause for 1 h", lambda: pause(_PAUSE_MINUTES), "quiet")


def _until(person: Person) -> str:
    return dates.clock(str(person.quiet_until), person.tz)
