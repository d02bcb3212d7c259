"""How does the workspace start, and who holds its parts together?"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.sandbox import manifest as manifests
from bot.sandbox import seed
from bot.sandbox import state as states
from bot.sandbox.chosen import Chosen
from bot.sandbox.control import Control
from bot.sandbox.deliver import Deliver
from bot.sandbox.faults import Faults
from bot.sandbox.hands import Hands
from bot.sandbox.journal import Journal
from bot.sandbox.link import Link
from bot.sandbox.methods.scheduled import posting
from bot.sandbox.model import Call, Delivery
from bot.sandbox.pace import Pace
from bot.sandbox.server import HOST, listen, serving
from bot.sandbox.web import Web, went_wrong
from bot.sandbox.workspace import Clocks, Workspace


class Sandbox:
    """A Slack workspace with one app installed, served on this machine only."""

    def __init__(  # noqa: PLR0913 (each is a choice of its own, all but one by name)
        self,
        manifest: Path,
        *,
        now: Callable[[], datetime],
        app_url: str | None = None,
        latency: timedelta = timedelta(0),
        move: Callable[[timedelta], None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        rates: bool = True,
        chosen: Chosen | None = None,
        state: Path | None = None,
    ) -> None:
        """Read the manifest and fill the workspace; nothing listens yet.

        `now` is aware; `app_url` is where signed requests go, None for Socket Mode;
        every Web API call waits `latency` before it does anything; `move` puts the clock behind
        `now` forward, and None leaves people no way to do that; `monotonic`, in seconds, measures
        triggers, response URLs and rates; without `rates` the app may call as often as it likes;
        `chosen` is what holds where Slack publishes nothing; `state` is the file that keeps the
        workspace over restarts, None for none.

        Raises:
            ValueError: a file is not a manifest, or not a state; a sentence for people.
            OSError: one cannot be read.
        """
        self.now, self.move = now, move
        # When the app has something to do next; whoever runs both sets it, for the page's clock.
        self.next_at: Callable[[], Awaitable[datetime | None]] | None = None
        self.workspace = Workspace(manifests.read(manifest), Clocks(now, monotonic))
        self.workspace.chosen = chosen or Chosen()
        self._state = state
        if state is None or not states.taken_up(self.workspace, state):
            seed.plant(self.workspace)
        self.link = Link(self.workspace)
        self.deliver = Deliver(self.workspace, self.link, app_url)
        self.faults.on_outage.append(self.link.cut)
        pace = Pace(self.workspace.elapsed, self.workspace.chosen) if rates else None
        self._web = Web(self.workspace, self.link, latency, pace)

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose."""
        return self.workspace.faults

    @property
    def journal(self) -> Journal:
        """Every call and every delivery."""
        return self.workspace.journal

    @property
    def calls(self) -> deque[Call]:
        """The last 10,000 Web API calls, oldest first."""
        return self.journal.calls

    @property
    def deliveries(self) -> deque[Delivery]:
        """The last 10,000 requests to the app, oldest first."""
        return self.journal.deliveries

    def as_person(self, person_id: str) -> Hands:
        """What this person can do.

        Raises:
            KeyError: nobody has this id.
        """
        return Hands(self.workspace, self.deliver, self.workspace.people[person_id].id)

    def save(self) -> None:
        """Write the workspace to its file now; without one nothing is done.

        Raises:
            OSError: it cannot be written.
        """
        if self._state is not None:
            states.save(self.workspace, self._state)

    async def serve(self, port: int = 0, *, page: bool = False) -> None:
        """Serve until cancelled; port 0 takes a free one, `workspace.url` tells which."""
        async with self.running(port, page=page):
            await asyncio.get_running_loop().create_future()

    @contextlib.asynccontextmanager
    async def running(self, port: int = 0, *, page: bool = False) -> AsyncIterator[str]:
        """Serve inside `async with`; gives the base URL, such as http://127.0.0.1:4567."""
        with contextlib.closing(listen(port)) as listener:
            self.workspace.url = f"http://{HOST}:{listener.getsockname()[1]}"
            app = self._with_page() if page else self._without_page()
            async with (
                self._kept(),
                posting(self.workspace),
                serving(app, listener, lifespan=page),
            ):
                self.deliver.start()
                try:
                    yield self.workspace.url
                finally:
                    await self.link.close()
                    await self.deliver.close()

    def _kept(self) -> contextlib.AbstractAsyncContextManager[None]:
        if self._state is None:
            return contextlib.nullcontext()
        return states.keeping(self.workspace, self._state)

    def _routes(self) -> list[BaseRoute]:
        return [*self._web.routes(), *Control(self).routes()]

    def _without_page(self) -> Starlette:
        return Starlette(routes=self._routes(), exception_handlers={Exception: went_wrong})

    def _with_page(self) -> Any:
        # NiceGUI and FastAPI are an optional extra: without the page nothing here needs them.
        fastapi = importlib.import_module("fastapi")
        app = fastapi.FastAPI(
            docs_url=None,
            redoc_url=None,
            openapi_url=None,
            exception_handlers={Exception: went_wrong},
        )
        app.router.routes.extend(self._routes())
        importlib.import_module("bot.sandbox.page").mount(app, self)
        return app
