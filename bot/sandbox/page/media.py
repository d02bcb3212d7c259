"""How are pictures, videos, calls, remote files and Markdown drawn?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from nicegui import ui

from bot.sandbox.model import Json
from bot.sandbox.page import elements, emoji, mrkdwn
from bot.sandbox.page.controls import markup, put, rich, words
from bot.sandbox.page.mrkdwn import escape
from bot.sandbox.page.surface import Surface

_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5"}  # the channel's name is the h1


def image(block: Json, surface: Surface) -> None:
    """A picture with a title."""
    if block.get("title"):
        markup(escape(words(block["title"]))).classes("hint")
    elements.picture(block, surface)


def video(block: Json, surface: Surface) -> None:
    """Who made which video; it plays where it lies, nothing is loaded from there."""
    title = escape(words(block["title"]))
    url = str(block.get("title_url") or block["video_url"])
    named = (block.get("author_name"), block.get("provider_name"), words(block.get("description")))
    with ui.element("div").classes("card"):
        rich(f"▶ {mrkdwn.link(url, title, surface.reader)}", surface.go).classes("card-title")
        markup(escape(" · ".join(str(each) for each in named if each))).classes("hint")
        markup(escape(f"Video: {block['alt_text']}"), tag="small")


def call(block: Json, surface: Surface) -> None:
    """A call that goes on, or went on."""
    made: Json = (block.get("call") or {}).get("v1") or {}
    name = escape(str(made.get("name") or "Call"))
    url = str(made.get("join_url") or "")
    with ui.element("div").classes("card"):
        _titled("call", name)
        markup(escape(str(block["call_id"])), tag="small")
        if url:
            rich(mrkdwn.link(url, "Join", surface.reader), surface.go)


def file(block: Json, _surface: Surface) -> None:
    """A file that lies elsewhere."""
    with ui.element("div").classes("card"):
        _titled("description", "Remote file")
        markup(escape(str(block["external_id"])), tag="small")


def _titled(icon: str, safe_html: str) -> None:
    with ui.element("div").classes("card-title"):
        put(ui.icon(icon), aria_hidden="true")
        markup(safe_html, tag="span")


def markdown(block: Json, surface: Surface) -> None:
    """Standard Markdown; HTML in it is shown as it was typed, pictures as their words."""
    made = _MARKDOWN.render(emoji.spread(str(block["text"])), {"reader": surface.reader})
    rich(made, surface.go).classes("markdown")


def _open_link(
    renderer: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any
) -> str:  # the names markdown-it-py calls it with
    whole = mrkdwn.link(str(tokens[index].attrGet("href") or ""), "|", env["reader"])
    opened, _, closed = whole.partition("|")
    env.setdefault("closing", []).append(closed)
    return opened


def _close_link(renderer: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    return str(env["closing"].pop())


def _heading(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _HEADINGS.get(token.tag, "h6")


class _Markdown(MarkdownIt):
    def render(self, src: str, env: Any = None) -> str:
        tokens = self.parse(src, env)
        _heading(tokens)
        return str(self.renderer.render(tokens, self.options, env))


_MARKDOWN = _Markdown("commonmark", {"html": False}).enable(["table", "strikethrough"])
_MARKDOWN.disable("image")
_MARKDOWN.add_render_rule("link_open", _open_link)
_MARKDOWN.add_render_rule("link_close", _close_link)
