"""Where does the sandbox workspace show itself to people?"""

from __future__ import annotations

from pathlib import Path

import fastapi
from nicegui import app as nicegui_app
from nicegui import ui

from bot.sandbox.page.focus import KEEPER
from bot.sandbox.page.reading import Marks
from bot.sandbox.page.window import Window
from bot.sandbox.sandbox import Sandbox

_CSS = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")

_BLUE = "#1264a3"


def mount(app: fastapi.FastAPI, sandbox: Sandbox) -> None:
    """Serve the page under `/` and `/archives/`, beside what `app` already answers.

    `/?as=U0SAFETY&channel=C0INCIDENTS` opens a channel as a person; without them the first of each.
    `/?as=U0SAFETY&tab=home` opens the app's Home, `&thread=1700000000.000001` a channel's thread.
    """
    marks = Marks(sandbox.workspace)

    @ui.page("/", title="Sandbox workspace")
    async def _workspace(
        request: fastapi.Request, channel: str = "", tab: str = "", thread: str = ""
    ) -> None:
        window = _open(sandbox, marks, request, channel)
        if tab == "home":
            await window.open_home()
        elif thread:
            await window.show_thread(thread)

    @ui.page("/archives/{channel}", title="Sandbox workspace")
    def _channel(request: fastapi.Request, channel: str) -> None:
        _open(sandbox, marks, request, channel)

    @ui.page("/archives/{channel}/p{digits}", title="Sandbox workspace")
    async def _message(request: fastapi.Request, channel: str, digits: str) -> None:
        window = _open(sandbox, marks, request, channel)
        if window.channel_id == channel:
            await window.go(f"{channel}/{digits[:-6]}.{digits[-6:]}")

    # Without it Quasar draws a bar over the page at every request of the browser.
    nicegui_app.config.quasar_config["loadingBar"]["skipHijack"] = True
    nicegui_app.config.quasar_config["brand"]["primary"] = _BLUE
    ui.run_with(
        app,
        title="Sandbox workspace",
        language="en-US",
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=10,
    )


def _open(sandbox: Sandbox, marks: Marks, request: fastapi.Request, channel_id: str) -> Window:
    people = sandbox.workspace.people
    asked = people.get(request.query_params.get("as", ""))
    is_person = asked is not None and not (asked.is_bot or asked.is_deleted)
    person_id = asked.id if asked is not None and is_person else next(iter(people))
    ui.add_css(_CSS)
    ui.add_body_html(KEEPER)
    return Window(sandbox, marks, person_id, channel_id)
