"""What did the app call and get, and what is to go wrong?"""

from __future__ import annotations

import asyncio
import html
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from nicegui import ui

from bot.sandbox.faults import KINDS, Fault
from bot.sandbox.journal import Wanted
from bot.sandbox.model import Json
from bot.sandbox.page import controls
from bot.sandbox.page.controls import markup, put
from bot.sandbox.page.keyed import Item, Keyed
from bot.sandbox.page.panel import Panel
from bot.sandbox.page.surface import told
from bot.sandbox.sandbox import Sandbox

_LISTED = 100
_PAUSE_SECONDS = 0.2  # an app may call hundreds of times a second
_SHOWN = {
    "": "Everything",
    "call": "Calls of the app",
    "delivery": "Sent to the app",
    "failed": "Failed only",
}


class Inspector:
    """The journal and the faults, for those who try an app."""

    def __init__(self, sandbox: Sandbox, changed: Callable[[], None]) -> None:
        """Draw it closed; `changed` is called when it opens or closes."""
        self.is_open = False
        self._sandbox = sandbox
        self._changed = changed
        self._zone = "Etc/UTC"
        self._shown = ""
        self._redraw_at: asyncio.TimerHandle | None = None
        self._client = ui.context.client
        self._panel = Panel("Inspector", self.toggle, "inspector")
        with self._panel.body:
            self._draw_faults()
            self._draw_journal()
        self._unwatch = sandbox.workspace.watch(self._heard)
        self._client.on_delete(self._leave)

    def toggle(self) -> None:
        """Open or close it."""
        self.is_open = not self.is_open
        self._changed()

    def redraw(self, zone: str) -> None:
        """Show what there is now, times in this zone; nothing while closed."""
        self._redraw_at = None
        self._panel.show(is_open=self.is_open)
        if not self.is_open:
            return
        if zone != self._zone:
            self._zone = zone
            self._journal.forget()
        listed = self._sandbox.faults.listing()
        self._faults.show([self._fault(fault) for fault in listed])
        self._no_faults.set_visibility(not listed)
        entries = self._sandbox.journal.listing(self._wanted())[::-1]
        self._journal.show([self._entry(entry) for entry in entries])
        self._no_entries.set_visibility(not entries)

    def _draw_faults(self) -> None:
        with put(ui.element("section"), aria_label="Faults").classes("faults"):
            markup("Faults", tag="h3")
            self._no_faults = markup("Nothing goes wrong on purpose.").classes("hint")
            self._faults = Keyed(ui.element("div"))
            with ui.element("div").classes("fault-form"):
                self._what = _select(KINDS_NAMED, "429", "What goes wrong")
                self._on = _input("chat.postMessage", "Method, or type of delivery")
                self._times = _input("", "Times, empty for ever", "times")
                self._seconds = _input("", "Seconds, empty for the usual", "seconds")
            with ui.element("div").classes("fault-acts"):
                controls.button("Add fault", self._add, "chip")
                controls.button("Disconnect socket", self._sandbox.link.cut, "quiet")
                controls.button("Clear faults", self._clear, "quiet")

    def _draw_journal(self) -> None:
        with put(ui.element("section"), aria_label="Journal").classes("journal"):
            with ui.element("div").classes("journal-head"):
                markup("Journal", tag="h3")
                shown = _select(_SHOWN, "", "Show in the journal")
                shown.on_value_change(lambda event: self._show(str(event.value)))
                controls.button("Clear", self._sandbox.journal.clear, "quiet")
            self._no_entries = markup("No calls and no deliveries yet.").classes("hint")
            self._journal = Keyed(ui.element("div").classes("entries-of-journal"))

    def _show(self, shown: str) -> None:
        self._shown = shown
        self.redraw(self._zone)

    def _wanted(self) -> Wanted:
        if self._shown == "failed":
            return Wanted(is_failed=True, limit=_LISTED)
        return Wanted(kind=self._shown, limit=_LISTED)

    def _add(self) -> None:
        with told():
            self._sandbox.faults.add(
                Fault(
                    (self._on.value or "").strip(),
                    str(self._what.value),
                    _number(self._times.value, int),
                    _number(self._seconds.value, float),
                )
            )

    def _clear(self) -> None:
        self._sandbox.faults.clear()

    def _fault(self, fault: Json) -> Item:
        of = f" of {fault['times']}" if fault["times"] else ""
        said = f"{fault['on']}: {fault['what']}"
        struck = f"struck {fault['struck']}{of}"

        def draw() -> None:
            with ui.element("div").classes("fault"):
                markup(html.escape(said), tag="strong")
                markup(html.escape(struck), tag="small")
                clear = controls.button("Clear", lambda: self._clear_one(fault["id"]), "quiet")
                put(clear, aria_label=f"Clear {said}")

        return Item(fault["id"], (said, struck), draw)

    def _clear_one(self, fault_id: str) -> None:
        self._sandbox.faults.clear(fault_id)

    def _entry(self, entry: Json) -> Item:
        return Item(str(entry["number"]), None, lambda: _draw_entry(entry, self._zone))

    def _heard(self, topic: str) -> None:
        if topic not in ("journal", "faults") or not self.is_open or self._redraw_at is not None:
            return
        loop = asyncio.get_running_loop()
        self._redraw_at = loop.call_later(_PAUSE_SECONDS, self._redraw_later)

    def _redraw_later(self) -> None:
        with self._client:
            self.redraw(self._zone)

    def _leave(self) -> None:
        self._unwatch()
        if self._redraw_at is not None:
            self._redraw_at.cancel()


KINDS_NAMED = {what: f"{what}: {says.replace('`', '')}" for what, says in KINDS.items()}


def summary(entry: Json, zone: str) -> str:
    """An entry of the journal in one line of HTML."""
    is_call = entry["kind"] == "call"
    at = datetime.fromisoformat(entry["at"]).astimezone(ZoneInfo(zone)) if entry["at"] else None
    way = ("→", "from the app") if is_call else ("←", "to the app")
    outcome = "ok" if entry["ok"] else str(entry["error"])
    fault = f'<span class="badge">{html.escape(entry["fault"])}</span>' if entry["fault"] else ""
    return (
        f"<time>{at:%H:%M:%S}</time>"
        f'<span class="way" role="img" aria-label="{way[1]}">{way[0]}</span>'
        f'<span class="called">{html.escape(entry["name"])}</span>{fault}'
        f'<span class="{"fine" if entry["ok"] else "failed"}">{html.escape(outcome)}</span>'
        f"<small>{entry['took_ms']:.0f} ms</small>"
    )


def _draw_entry(entry: Json, zone: str) -> None:
    with ui.element("details").classes("entry-of-journal") as details:
        markup(summary(entry, zone), tag="summary")
        shown = put(markup("", tag="pre"), tabindex=0)  # it scrolls
    kept = entry["args"] if entry["kind"] == "call" else entry["payload"]

    def fill() -> None:
        shown.set_content(html.escape(json.dumps(kept, indent=2, ensure_ascii=False, default=str)))

    # What was sent is long, and few entries are looked into.
    details.on("toggle", fill)


def _select(options: dict[str, str], value: str, label: str) -> ui.select:
    drawn = ui.select(options, value=value).props('outlined dense options-dense behavior="menu"')
    return put(drawn, aria_label=label, transition_duration=0).classes("field")


def _input(value: str, label: str, placeholder: str = "") -> ui.input:
    drawn = ui.input(value=value, placeholder=placeholder or label).props("outlined dense")
    return put(drawn, aria_label=label, title=label).classes("field")


def _number(typed: str, read: Callable[[str], float]) -> Any:
    if not typed.strip():
        return None
    try:
        return read(typed)
    except ValueError:
        raise ValueError(f"{typed.strip()} is not a number.") from None
