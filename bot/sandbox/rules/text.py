"""Which rules of Slack hold for text and metadata?"""

from __future__ import annotations

from bot.sandbox.rules.base import Rule, limits, listed

_FORMAT = "D:messaging/formatting-message-text"
_METADATA = "D:messaging/message-metadata"
_POST = "D:methods/chat.postMessage"
_UPDATE = "D:methods/chat.update"

_STORED = listed(
    "text.py", _FORMAT,
    ("text.escaped", None, "Only `&`, `<` and `>` are escaped: `&amp;`, `&lt;`, `&gt;`"),
    ("text.links", None, "`<url|text>` and `<mailto:a@b|t>` stay; bare URLs come back as `<url>`"),
    ("text.mentions", None, "`<@U>`, `<#C>`, `<!subteam^S>`, `<!here>`, `<!channel>`, "
     "`<!everyone>` stay as sent"),
    ("text.dates", None, "`<!date^ts^{tokens}^link|fallback>` stays as sent"),
    ("text.names", None, "Top-level text links no names without `link_names`"),
) + listed(
    "shapes.py", _FORMAT,
    ("text.verbatim", None, "Text objects link names, unless `verbatim`"),
) + (
    Rule("text.emoji", "Emoji characters become `:name:`, those the sandbox knows", _FORMAT,
         "emoji.py"),
)  # fmt: skip

_SHOWN = listed(
    "page/mrkdwn.py", _FORMAT,
    ("text.markup", None, "`*bold* _italic_ ~strike~`, code, pre, `>quote`; there are no lists"),
    ("text.private_channel", None, "Who has no access to a channel sees \"private channel\""),
) + listed(
    "page/dates.py", _FORMAT,
    ("text.date_tokens", None, "date_num, date, date_short, date_long, *_pretty, time, time_secs, "
     "ago, in the reader's zone"),
) + listed(
    "notifying.py", _POST,
    ("text.read_out", None, "Notifications read the top-level `text`, not the blocks"),
)  # fmt: skip

_SENT = listed(
    "drafts.py", _POST,
    ("text.cut", 40_000, "Longer `text` is cut by chat.postMessage: characters"),
    ("text.markdown", 12_000, "`markdown_text`: characters, else `msg_too_long`"),
    ("text.markdown.alone", None, "Not with text or blocks: `markdown_text_conflict`"),
    ("text.none", None, "Neither text, blocks, attachments nor markdown_text: `no_text`"),
    ("text.attachments", 100, "Attachments of a message, else `too_many_attachments`"),
    ("text.attachments.blocks", None, "Blocks in attachments are refused as those of messages: "
     "`invalid_attachments` with JSON pointers"),
    ("text.unfurl", None, "`unfurl_links`, `unfurl_media`: true or false are taken"),
) + listed(
    "drafts.py", _UPDATE,
    ("text.update.blocks", None, "Blocks stay only if no text is given; `blocks: []` removes them"),
    ("text.update.names", None, "`link_names` that is omitted is off"),
) + (
    Rule("text.unfurled", "Links unfurl by default", _FORMAT,
         why_not="nothing is fetched from outside this machine"),
)  # fmt: skip

_META = listed(
    "drafts.py", _METADATA,
    ("text.metadata.shape", None, "`event_type` and an object `event_payload`, nothing else: "
     "`invalid_metadata_format`"),
    ("text.metadata.type", None, "`event_type` is alphanumeric"),
    ("text.metadata.values", None, "Values: strings, numbers, booleans, flat objects or lists"),
) + listed(
    "methods/history.py", _METADATA,
    ("text.metadata.read", None, "Only with `include_all_metadata` is the payload given back"),
) + (
    Rule("text.metadata.size", "Larger metadata: `metadata_too_large`; bytes as JSON", _METADATA,
         "drafts.py", 16_000, switch="metadata_bytes"),
    Rule("text.metadata.events", "message_metadata_posted, _updated, _deleted with "
         "metadata.message:read and `metadata_subscriptions`", _METADATA,
         "metadata.py"),
)  # fmt: skip

RULES: tuple[Rule, ...] = (*_STORED, *_SHOWN, *_SENT, *_META)

limit = limits(RULES)
