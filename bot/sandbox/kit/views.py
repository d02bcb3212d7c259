"""What may a view be, but for its blocks?"""

from __future__ import annotations

from bot.sandbox.kinds import Anything, Flag, Kind, Many, String, Text, Typed, shape
from bot.sandbox.rules.blockkit import limit

_KEPT: dict[str, Kind] = {
    "private_metadata": String(limit("views.private_metadata"), 0),
    "callback_id": String(limit("views.callback_id"), 0),
    "external_id": String(limit("views.external_id"), 0),
}
_BLOCKS = limit("views.blocks")

VIEW = Typed(
    {
        "modal": shape(
            {
                "title": Text(limit("views.title"), is_plain=True),
                "blocks": Many(Anything(), _BLOCKS),
            },
            {
                **_KEPT,
                "submit": Text(limit("views.submit"), is_plain=True),
                "close": Text(limit("views.close"), is_plain=True),
                "clear_on_close": Flag(),
                "notify_on_close": Flag(),
                "submit_disabled": Flag(),
            },
        ),
        "home": shape({"blocks": Many(Anything(), _BLOCKS)}, _KEPT),
    }
)
