"""What are the parts of which the kit's messages and modals are made?"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
NOON = 1_795_867_200  # 2026-11-28, 12:00 UTC
# A picture from elsewhere is named, never loaded; this one is whole in its address.
PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='160' height='60'%3E"
    "%3Crect width='160' height='60' fill='%230b5f8a'/%3E%3C/svg%3E"
)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str, **more: Any) -> Json:
    return {"text": plain(text), "value": text.lower().replace(" ", "-"), **more}


def button(text: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": text.lower(), **more}


CONFIRM = {
    "title": plain("Are you sure?"),
    "text": mrkdwn("It *cannot* be undone."),
    "confirm": plain("Do it"),
    "deny": plain("Leave it"),
}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def said(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def line(*leaves: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(leaves)}


def item_list(style: str, indent: int, *lines: str, **more: Any) -> Json:
    items = [line(said(each)) for each in lines]
    return {"type": "rich_text_list", "style": style, "indent": indent, "elements": items, **more}
