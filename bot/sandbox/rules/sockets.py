"""Which rules of Slack hold for Socket Mode?"""

from __future__ import annotations

from bot.sandbox.rules.base import Rule, limits, listed

_PAGE = "D:apis/events-api/using-socket-mode"

RULES: tuple[Rule, ...] = listed(
    "web.py", _PAGE,
    ("socket.open", None, "`apps.connections.open` with the app's token gives a `ws` URL with "
     "`ticket` and `app_id`"),
    ("socket.token", None, "The token as an argument is an error"),
) + listed(
    "link.py", _PAGE,
    ("socket.ticket", None, "A ticket opens one connection"),
    ("socket.hello", None, "`hello`: connection_info, num_connections, debug_info"),
    ("socket.life", 3600, "`approximate_connection_time`: seconds"),
    ("socket.debug_reconnects", 360, "The same with `&debug_reconnects=true`"),
    ("socket.connections", 10, "Connections at a time"),
    ("socket.any", None, "Any payload may go to any connection"),
    ("socket.ack", None, "An ack names the `envelope_id`; what is no ack is passed over"),
    ("socket.payload", None, "Its `payload` is the answer where it is accepted"),
    ("socket.warning", 10, "`disconnect` with `warning`: seconds before the end"),
    ("socket.refresh", None, "`disconnect` with `refresh_requested` ends it"),
    ("socket.disabled", None, "`disconnect` with `link_disabled` ends all"),
) + listed(
    "deliver.py", _PAGE,
    ("socket.envelope", None, "envelope_id, type, accepts_response_payload, payload"),
    ("socket.accepts", None, "`accepts_response_payload`: yes for commands and interactions, no "
     "for events"),
    ("socket.seconds", 3, "Seconds to ack in, as over HTTP"),
    ("socket.retries", None, "Events say their `retry_attempt` and `retry_reason`"),
) + (
    Rule("socket.eleventh", "One connection too many is told `too_many_websockets`", _PAGE,
         "link.py", switch="eleventh_connection"),
    Rule("socket.redelivery", "What a connection lost comes over the next once its time is up; "
         "seconds it waits for one", _PAGE, "link.py", 3, switch="redelivery_seconds"),
)  # fmt: skip

limit = limits(RULES)
