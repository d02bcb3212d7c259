"""Which rules of Slack hold for events?"""

from __future__ import annotations

from bot.sandbox.rules.base import Rule, limits, listed

_API = "D:apis/events-api"
_KINDS = "D:reference/events"

_DELIVERY = listed(
    "over_http.py", _API,
    ("events.redirects", 2, "Redirects that are followed"),
    ("events.status", None, "Any 2xx in 3 s acks an event"),
    ("events.no_retry", None, "`x-slack-no-retry: 1` on any other answer: it is not sent again"),
    ("events.reason.http_timeout", None, "`http_timeout`: no answer in 3 s"),
    ("events.reason.too_many_redirects", None, "`too_many_redirects`: a third one"),
    ("events.reason.connection_failed", None, "`connection_failed`: nobody listens, or hangs up"),
    ("events.reason.ssl_error", None, "`ssl_error`: no TLS, or a certificate nobody vouches for"),
    ("events.reason.http_error", None, "`http_error`: not 2xx"),
    ("events.reason.unknown_error", None, "`unknown_error`: anything else, such as half an answer"),
) + listed(
    "deliver.py", _API,
    ("events.callback", None, "The fields around an event, one authorization at most"),
    ("events.retries", 3, "Times an event is sent again"),
    ("events.retries.first", 0, "The first at once"),
    ("events.retries.second", 60, "The second after as many seconds of the workspace's clock"),
    ("events.retries.third", 300, "The third after as many more"),
    ("events.retries.headers", None, "`x-slack-retry-num` and `x-slack-retry-reason` come along"),
    ("events.delayed", 24, "Delayed Events, if switched on: hours it is tried, each hour"),
    ("events.unordered", None, "An event may come twice, with one `event_id`"),
) + listed(
    "tally.py", _API,
    ("events.hourly", 30_000, "Deliveries in 60 min; what is more is not sent"),
    ("events.rate_limited", None, "Instead `app_rate_limited`, once a minute"),
    ("events.disabled.share", 95, "Percent of failures in 60 min above which events end"),
    ("events.disabled.least", 1_000, "Events in 60 min below which they do not"),
)  # fmt: skip

_SUBSCRIBED = listed(
    "subscriptions.py", _API,
    ("events.subscribed", None, "Only what the manifest subscribes to"),
    ("events.scopes", None, "Only with the scope the event needs"),
) + listed(
    "posts.py", _KINDS,
    ("events.membership", None, "Only from channels the app is in"),
)  # fmt: skip

_FIELDS = listed(
    "posts.py", _KINDS,
    ("events.message", None, "message: channel, user, text, ts, event_ts, channel_type"),
    ("events.message_changed", None, "message_changed: hidden, the message and the one before"),
    ("events.message_deleted", None, "message_deleted: hidden, deleted_ts and what it was"),
    ("events.thread_broadcast", None, "thread_broadcast: a message and its `root`"),
    ("events.app_mention", None, "app_mention: user, text, ts, channel, event_ts"),
    ("events.reaction_added", None, "reaction_added: user, reaction, item_user, item, event_ts"),
    ("events.reaction_removed", None, "reaction_removed: the same"),
) + listed(
    "rooms.py", _KINDS,
    ("events.member_joined_channel", None,
     "member_joined_channel: user, channel, channel_type, team, inviter"),
    ("events.member_left_channel", None, "member_left_channel: user, channel, channel_type, team"),
    ("events.channel_archive", None, "channel_archive: channel, user"),
    ("events.pin_added", None, "pin_added: user, channel_id, item, event_ts"),
    ("events.pin_removed", None, "pin_removed: the same and has_pins"),
) + listed(
    "hands.py", _KINDS,
    ("events.app_home_opened", None, "app_home_opened: user, channel, tab, view if there is one"),
)  # fmt: skip

RULES: tuple[Rule, ...] = (*_DELIVERY, *_SUBSCRIBED, *_FIELDS)

limit = limits(RULES)
