"""How does a person find their way: who they are, and which channels there are?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import ui

from bot.sandbox.model import Channel
from bot.sandbox.page import controls, readers
from bot.sandbox.page.controls import markup, put
from bot.sandbox.page.keyed import Item, Keyed
from bot.sandbox.page.mrkdwn import escape
from bot.sandbox.workspace import TEAM_NAME, Workspace


@dataclass(frozen=True)
class Ways:
    """Where the sidebar leads: to another person, a channel, into one as a member, to the app.

    Also to the notifications, the inspector, and a second window.
    """

    sign_in: Callable[[str], Awaitable[None]]
    go: Callable[[str], Awaitable[None]]
    join: Callable[[str], Awaitable[None]]
    open_app: Callable[[], Awaitable[None]]
    open_bell: controls.Click
    open_inspector: controls.Click
    open_second: controls.Click


class Sidebar:
    """The left side; on a phone a drawer."""

    def __init__(self, workspace: Workspace, person_id: str, ways: Ways) -> None:
        self._workspace = workspace
        self._person_id = person_id
        self._ways = ways
        self._scrim = ui.element("div").classes("scrim").on("click", self.fold)
        with put(ui.element("nav"), aria_label="Workspace").classes("sidebar") as self._nav:
            with ui.element("div").classes("workspace"):
                markup(escape(TEAM_NAME), tag="strong")
                with ui.element("div").classes("workspace-ways"):
                    self._draw_bell()
                    controls.icon_button("query_stats", "Inspector", ways.open_inspector)
                    close = controls.icon_button("close", "Close sidebar", self.fold)
                    close.classes("only-phone")
            self._switch(person_id)
            self._list = Keyed(ui.element("div").classes("entries"))
            self.foot = ui.element("div")
        self._nav.on("keydown.escape", self.fold)

    def unfold(self) -> None:
        """Open the drawer."""
        self._nav.classes(add="open")
        self._scrim.classes(add="open")

    def fold(self) -> None:
        """Close the drawer."""
        self._nav.classes(remove="open")
        self._scrim.classes(remove="open")

    def redraw(self, person_id: str, current: str, unread: dict[str, int]) -> None:
        """Show the channels of this person; `unread` counts what rang for them in each."""
        self._person_id = person_id
        self._show_rang(sum(unread.values()))
        self._nav.classes(add="news") if unread else self._nav.classes(remove="news")
        seen = self._workspace.channels_seen_by(person_id)
        rooms = [channel for channel in seen if not channel.is_direct]
        rooms.sort(key=lambda channel: (channel.is_archived, channel.name))
        mine = [channel for channel in rooms if person_id in channel.members]
        others = [channel for channel in rooms if person_id not in channel.members]
        direct = [channel for channel in seen if channel.is_im]
        several = [channel for channel in seen if channel.is_mpim]
        items = [_heading("Channels"), *self._items(mine, current, unread)]
        if several:
            items += [_heading("Direct messages"), *self._items(several, current, unread)]
        items += [_heading("Apps"), self._app(direct, current, unread)]
        if others:
            items += [_heading("Browse channels"), *self._items(others, current, unread)]
        self._list.show(items)

    def _app(self, direct: list[Channel], current: str, unread: dict[str, int]) -> Item:
        name = self._workspace.app.name
        channel_id = direct[0].id if direct else ""
        is_current = current in ("", channel_id)
        rang = unread.get(channel_id)
        href = f"/?as={self._person_id}&tab=home"

        def draw() -> None:
            entry = _link(name, href, is_current, rang)
            entry.on("click.exact.prevent", lambda _: self._ways.open_app())
            with entry:
                put(markup("●", tag="span"), aria_hidden="true").classes("sign")
                markup(escape(name), tag="span").classes("name")
                _count(rang)

        return Item("app", (name, href, is_current, rang), draw)

    def _items(self, channels: list[Channel], current: str, unread: dict[str, int]) -> list[Item]:
        return [
            self._item(channel, channel.id == current, unread.get(channel.id))
            for channel in channels
        ]

    def _item(self, channel: Channel, is_current: bool, rang: int | None) -> Item:
        name = readers.channel_name(self._workspace, channel, self._person_id)
        href = f"/?as={self._person_id}&channel={channel.id}"
        is_muted = channel.id in self._workspace.people[self._person_id].muted
        can_join = not (is_current or self._person_id in channel.members)
        marks = (channel.is_private, channel.is_archived, is_current, rang, can_join, is_muted)

        def draw() -> None:
            with ui.element("div").classes("entry-line"):
                entry = _link(name, href, is_current, rang)
                entry.on("click.exact.prevent", lambda _: self._ways.go(f"{channel.id}/"))
                if is_muted:
                    put(entry.classes("muted"), aria_description=", ".join(_said(rang)))
                with entry:
                    _name_entry(channel, name)
                    if is_muted:
                        put(ui.icon("notifications_off"), aria_hidden="true")
                    _count(rang)
                if can_join:
                    join = controls.button("Join", lambda: self._ways.join(channel.id), "join")
                    put(join, aria_label=f"Join {name}")

        return Item(channel.id, (name, href, marks), draw)

    def _switch(self, person_id: str) -> None:
        people = {
            person.id: f"{person.real_name} · {person.title}"
            for person in self._workspace.people.values()
            if not (person.is_bot or person.is_deleted)
        }
        with ui.element("div").classes("switch"):
            markup("Signed in as", tag="small")
            select = ui.select(
                people,
                value=person_id,
                with_input=True,
                on_change=lambda event: self._ways.sign_in(str(event.value)),
            )
            select.props('outlined dense options-dense behavior="menu" dark')
            put(select, aria_label="Signed in as", transition_duration=0).classes("field")
            second = "Open as another person in a second window"
            controls.icon_button("open_in_new", second, self._ways.open_second)

    def _draw_bell(self) -> None:
        self._bell = controls.icon_button("notifications_none", "Notifications")
        self._bell.on("click", lambda _: self._ways.open_bell())
        with self._bell.classes("bell"):
            self._rang = put(markup("", tag="span"), aria_hidden="true").classes("count")
            self._rang.set_visibility(False)

    def _show_rang(self, count: int) -> None:
        self._rang.set_content(str(count))
        self._rang.set_visibility(count > 0)
        put(self._bell, aria_description=f"{count} unread" if count else "").update()


def _link(name: str, href: str, is_current: bool, rang: int | None) -> ui.element:
    link = put(
        ui.element("a"),
        href=href,
        title=name,
        aria_label=name,
        aria_current="page" if is_current else None,
        aria_description=_unread(rang),
    )
    return link.classes("entry" if rang is None else "entry unread")


def _count(rang: int | None) -> None:
    if rang:
        put(markup(str(rang), tag="span"), aria_hidden="true").classes("count")


def _name_entry(channel: Channel, name: str) -> None:
    put(markup(_sign(channel), tag="span"), aria_hidden="true").classes("sign")
    markup(escape(name.removeprefix("#")), tag="span").classes("name")
    if channel.is_archived:
        markup("archived", tag="small")


def _unread(rang: int | None) -> str | None:
    if not rang:
        return None if rang is None else "unread"
    return f"unread, {rang} notification{'' if rang == 1 else 's'}"


def _said(rang: int | None) -> list[str]:
    return [said for said in ("muted", _unread(rang)) if said]


def _heading(name: str) -> Item:
    return Item(f"heading {name}", name, lambda: _draw_heading(name))


def _draw_heading(name: str) -> None:
    markup(escape(name), tag="h2")


def _sign(channel: Channel) -> str:
    if channel.is_mpim:
        return '<i class="material-icons">group</i>'
    return '<i class="material-icons">lock</i>' if channel.is_private else "#"
