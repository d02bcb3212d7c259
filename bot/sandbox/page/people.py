"""Who are the people of a channel, and can they be reached?"""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from bot.sandbox.model import Person
from bot.sandbox.page import controls, dates
from bot.sandbox.page.controls import markup, put
from bot.sandbox.page.mrkdwn import escape


def reach(person: Person, now: int) -> str:
    """What the mark beside a name says: "active", "away", "notifications paused" or "left"."""
    if person.is_deleted:
        return "left"
    if person.is_quiet_at(now):
        return "notifications paused"
    return "away" if person.is_away else "active"


def mark(person: Person, now: int) -> None:
    """Draw that mark, for those who look and those who listen."""
    word = reach(person, now)
    drawn = put(ui.element("span"), role="img", aria_label=word, title=word)
    drawn.classes(f"reach {word.split()[0]}")


def show_members(title: str, people: Sequence[Person], now: int) -> None:
    """Open a dialog with these people."""
    with _dialog(title):
        for person in people:
            with ui.element("div").classes("person"):
                _person(person, now)


def show_second_window(people: Sequence[Person], channel_id: str, now: int) -> None:
    """Open a dialog with a link for each of these people, to the same channel in a new window."""
    with _dialog("Open as another person"):
        for person in people:
            href = f"/?as={person.id}&channel={channel_id}"
            link = put(ui.element("a"), href=href, target="_blank", rel="noopener")
            with link.classes("person"):
                _person(person, now)


def _dialog(title: str) -> ui.element:
    with controls.opened(title, look="modal small"):
        return put(ui.element("div"), tabindex=0).classes("modal-body")


def _person(person: Person, now: int) -> None:
    mark(person, now)
    markup(escape(person.real_name), tag="strong")
    if person.is_bot:
        markup("APP", tag="span").classes("badge")
        return
    there = dates.clock(str(now), person.tz)
    guest = "guest, " if person.is_guest else ""
    about = f"@{person.name}, {person.title}, {guest}{there} there"
    markup(escape(about), tag="small")
