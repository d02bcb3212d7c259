"""Which rules of Slack hold for what the app is asked?"""

from __future__ import annotations

from bot.sandbox.rules import events, sockets
from bot.sandbox.rules.base import Rule, limits, listed

_VERIFYING = "D:authentication/verifying-requests-from-slack"
_COMMANDS = "D:interactivity/implementing-slash-commands"
_USING = "D:interactivity/handling-user-interaction"
_SHORTCUTS = "D:interactivity/implementing-shortcuts"
_PAYLOADS = "D:reference/interaction-payloads"
_OPEN = "D:methods/views.open"

_COMMON = listed(
    "over_http.py", _VERIFYING,
    ("requests.signature", None, "`X-Slack-Signature`: `v0=` and the HMAC-SHA256 of "
     "`v0:timestamp:body`, as Slack's own example has it"),
    ("requests.timestamp", 300, "Signed at the moment of sending: apps refuse what is older, in "
     "seconds"),
) + listed(
    "over_http.py", "D:interactivity",
    ("requests.body.command", None, "A slash command comes as form fields"),
    ("requests.body.interaction", None, "An interaction comes as one form field, `payload`"),
    ("requests.body.event", None, "An event comes as `application/json`"),
) + listed(
    "over_http.py", _USING,
    ("requests.status", 200, "A command or interaction is acked by this HTTP status alone"),
) + listed(
    "over_http.py", _COMMANDS,
    ("requests.ssl_check", None, "`ssl_check=1&token=...` as a form, to be answered with 200"),
) + listed(
    "deliver.py", _COMMANDS,
    ("requests.ack", 3, "Seconds to ack in; after them the person reads `operation_timeout`"),
    ("requests.ack.modal", 3, "Seconds to ack a modal in; after them it stays, with an error"),
    ("requests.once", None, "Commands and interactions are never sent twice"),
) + listed(
    "deliver.py", "D:apis/events-api/using-http-request-urls",
    ("requests.url_verification", None, "A URL gets events only after it gave the `challenge` "
     "back as text, form or JSON"),
)  # fmt: skip

_COMMAND_RULES = listed(
    "payloads.py", _COMMANDS,
    ("command.payload", None, "The fields of a slash command"),
    ("command.text", None, "`text` is everything after the first space"),
    ("command.escape", None, "`should_escape`: people and channels arrive as `<@U...>`, "
     "`<#C...|name>`, those of private channels as `<#C...|>`"),
) + listed(
    "hands.py", _COMMANDS,
    ("command.threads", None, "Slash commands of apps cannot be used in threads"),
) + listed(
    "answers.py", _COMMANDS,
    ("command.reply", None, "The body of the ack is told to the person alone"),
    ("command.in_channel", None, "`in_channel` shows it to all, with the line that was typed"),
    ("command.echo", None, "`in_channel` alone shows the line that was typed"),
) + (
    Rule("command.latest", "Commands have no namespace: the app installed last gets them",
         _COMMANDS, why_not="one app is installed here"),
)  # fmt: skip

_INTERACTIONS = listed(
    "payloads.py", f"{_PAYLOADS}/block_actions-payload",
    ("actions.payload", None, "The fields of block_actions"),
    ("actions.container", None, "`container` of a message and of a view"),
    ("actions.attachment", None, "`container` of an attachment: `message_attachment`"),
    ("actions.state", None, "`state` holds every element that has one, touched or not"),
    ("actions.view", None, "From a view there is no `response_url`"),
    ("actions.deselected", None, "What is no longer chosen arrives as null"),
) + (
    Rule("actions.thread", "`container.thread_ts` of a message in a thread",
         f"{_PAYLOADS}/block_actions-payload", "payloads.py", switch="thread_in_container"),
) + listed(
    "payloads.py", _SHORTCUTS,
    ("shortcut.payload", None, "A global shortcut has neither channel nor response_url"),
    ("message_action.payload", None, "The fields of message_action"),
    ("message_action.parent", None, "What is answered to one in a thread goes to the channel"),
) + listed(
    "hands.py", _SHORTCUTS,
    ("message_action.private", None, "Messages for one person have no shortcuts"),
    ("shortcut.declared", None, "Only the manifest's shortcuts are there"),
) + listed(
    "manifest.py", _SHORTCUTS,
    ("shortcut.global", 5, "Global shortcuts of an app"),
    ("shortcut.message", 5, "Message shortcuts of an app"),
) + listed(
    "payloads.py", f"{_PAYLOADS}/block_suggestion-payload",
    ("suggestion.payload", None, "The fields of block_suggestion, from views and messages"),
) + listed(
    "entries.py", f"{_PAYLOADS}/block_suggestion-payload",
    ("suggestion.options", 100, "Options in the answer"),
    ("suggestion.groups", 100, "Or `option_groups`, as many, each with as many options"),
)  # fmt: skip

_VIEWS = listed(
    "payloads.py", f"{_PAYLOADS}/view-interactions-payload",
    ("submission.payload", None, "The fields of view_submission"),
    ("submission.response_urls", None, "`response_urls` for selects with `response_url_enabled`"),
    ("closed.payload", None, "view_closed: without state; after the x `is_cleared` and the root"),
) + listed(
    "hands.py", f"{_PAYLOADS}/view-interactions-payload",
    ("closed.asked", None, "view_closed is sent only with `notify_on_close`"),
) + listed(
    "answers.py", "D:surfaces/modals",
    ("submission.close", None, "An empty ack closes the view, and shows the one below"),
    ("submission.update", None, "`response_action: update` shows another view in its place"),
    ("submission.push", None, "`push` puts a view on top"),
    ("submission.clear", None, "`clear` closes all"),
    ("submission.errors", None, "`errors` stand at the inputs they name"),
    ("submission.refused", None, "What is none of these is an error to the person"),
) + listed(
    "modals.py", "D:surfaces/modals",
    ("modals.stack", 3, "Views in a stack, else `push_limit_reached`"),
)  # fmt: skip

_TRIGGERS = listed(
    "triggers.py", _OPEN,
    ("trigger.seconds", 3, "Seconds a trigger_id is good for, then `expired_trigger_id`"),
    ("trigger.once", None, "A trigger_id opens one view, then `exchanged_trigger_id`"),
    ("trigger.known", None, "Any other is `invalid_trigger_id`"),
)  # fmt: skip

_RESPONSES = listed(
    "responses.py", _USING,
    ("response_url.uses", 5, "Uses of a response_url"),
    ("response_url.minutes", 30, "Minutes it is good for"),
) + listed(
    "answers.py", _USING,
    ("response_url.private", None, "What is posted is for one person unless `in_channel`"),
    ("response_url.anywhere", None, "It needs neither membership nor a scope"),
    ("response_url.replace", None, "`replace_original` changes the message it came from"),
    ("response_url.delete", None, "`delete_original` takes it away, and stands alone"),
    ("response_url.thread", None, "`thread_ts` answers in a thread"),
    ("response_url.typed", None, "The line a person typed cannot be touched"),
    ("response_url.stays_private", None, "A message for one person never becomes public"),
) + (
    Rule("response_url.spent", "One that is used up answers with HTTP 404", _USING, "web.py", 404,
         switch="spent_response_url"),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    *_COMMON, *_COMMAND_RULES, *_INTERACTIONS, *_VIEWS, *_TRIGGERS, *_RESPONSES,
    *events.RULES, *sockets.RULES,
)  # fmt: skip

limit = limits(RULES)
