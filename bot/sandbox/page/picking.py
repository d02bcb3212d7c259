"""How does a person pick files of theirs?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import events, ui

Picked = list[tuple[str, bytes]]
Took = Callable[[Picked], Awaitable[None]]


def hidden(took: Took) -> ui.upload:
    """An uploader nobody sees; `took` gets names and contents."""

    async def read(event: events.MultiUploadEventArguments) -> None:
        picked = [(file.name, await file.read()) for file in event.files]
        drawn.reset()
        await took(picked)

    drawn = ui.upload(multiple=True, auto_upload=True, on_multi_upload=read)
    drawn.style("display: none")
    return drawn


def opens(button: ui.element, uploader: ui.upload) -> None:
    """A click on the button opens the browser's own choice of files."""
    # In the browser at once: it opens nothing for an answer that comes later.
    button.on("click", js_handler=f"() => getElement({uploader.id}).$refs.qRef.pickFiles()")
