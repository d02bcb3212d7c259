"""Which rules of Slack hold for the Web API as a whole, for views.* and for people?"""

from __future__ import annotations

from bot.sandbox.rules import conversations, files, messages
from bot.sandbox.rules.base import Rule, listed

_API = "D:apis/web-api"

_TRANSPORT = (
    *listed(
        "web.py", _API,
        ("webapi.status", None, "A refusal comes with HTTP 200, `ok: false` and `error`"),
        ("webapi.verbs", None, "GET and POST say the same"),
        ("webapi.bodies", None, "Forms, JSON and multipart say the same"),
        ("webapi.token", None, "The token is in the header or among the arguments"),
        ("webapi.unknown_method", None, "`unknown_method` with `req_method`"),
        ("webapi.not_authed", None, "`not_authed`: no token"),
        ("webapi.invalid_auth", None, "`invalid_auth`: a token nobody gave out"),
        ("webapi.not_allowed_token_type", None, "`not_allowed_token_type`"),
        ("webapi.invalid_form_data", None, "`invalid_form_data`: a broken multipart body"),
        ("webapi.invalid_json", None, "`invalid_json`"),
        ("webapi.missing_post_type", None, "`missing_post_type`: a body of no known type"),
        ("webapi.internal_error", None, "`internal_error`, as a fault on purpose"),
        ("webapi.fatal_error", None, "`fatal_error`, as a fault on purpose"),
    ),
    *listed(
        "web.py", _API,
        ("webapi.account_inactive", None, "`account_inactive`, set as `token_trouble`"),
        ("webapi.token_expired", None, "`token_expired`, set as `token_trouble`"),
    ),
    *listed(
        "scopes.py", _API,
        ("webapi.missing_scope", None, "`missing_scope` with `needed` and `provided`"),
    ),
    *listed(
        "arguments.py", _API,
        ("webapi.invalid_arguments", None, "`invalid_arguments` with `response_metadata.messages`"),
    ),
    *listed(
        "methods/look.py", _API,
        ("webapi.cursor", None, "Lists come in pages: `limit`, `cursor`, `next_cursor`"),
        ("webapi.invalid_cursor", None, "`invalid_cursor`"),
        ("webapi.invalid_limit", None, "`invalid_limit`"),
    ),
    *listed(
        "methods/misc.py", "D:methods/auth.revoke",
        ("webapi.token_revoked", None, "`token_revoked`: after auth.revoke"),
    ),
    *(
        Rule(f"webapi.{code}", f"`{code}`", _API, why_not=why)
        for code, why in (
            ("no_permission", "the workspace restricts nobody"),
            ("request_timeout", "faults on purpose drop the connection instead"),
            ("team_access_not_granted", "there is one team"),
        )
    ),
)  # fmt: skip

_CONNECTION = (
    *listed(
        "methods/misc.py", "D:methods/auth.test",
        ("auth.test.no_scope", None, "auth.test asks for no scope"),
    ),
    *listed("methods/misc.py", "oas", ("team.info.scope", None, "team:read")),
    *listed(
        "web.py", "D:methods/apps.connections.open",
        ("apps.connections.open.token", None, "Only with the app token, else refused"),
        ("apps.connections.open.invalid_auth", None, "`invalid_auth`"),
    ),
    Rule(
        "apps.connections.open.forbidden_team", "`forbidden_team`",
        "D:methods/apps.connections.open", why_not="there is one team",
    ),
    *listed(
        "methods/search.py", "oas",
        ("search.messages.token", None, "A bot token cannot search: `not_allowed_token_type`"),
    ),
)  # fmt: skip

VIEW_STACK = Rule(
    "views.push_limit_reached", "Views in a stack: `push_limit_reached`", "D:surfaces/modals",
    "modals.py", 3,
)  # fmt: skip

_VIEWS = (
    *listed(
        "methods/views.py", "D:methods/views.open",
        ("views.no_scope", None, "views.* ask for no scope"),
        ("views.duplicate_external_id", None, "`duplicate_external_id`: in the whole team"),
        ("views.update.hash_conflict", None, "`hash_conflict`: the view changed meanwhile"),
        ("views.update.not_found", None, "`not_found`: no such view is open"),
        ("views.update.external_id", None, "A view is found by its `external_id` too"),
        ("views.publish.not_enabled", None, "`not_enabled`: the manifest has no home tab"),
        ("views.publish.hash_conflict", None, "`hash_conflict`: the Home changed meanwhile"),
    ),
    VIEW_STACK,
)  # fmt: skip

_PEOPLE = (
    *listed(
        "methods/users.py", "oas",
        ("users.info.scope", None, "users:read"),
        ("users.info.user_not_found", None, "`user_not_found`"),
        ("users.list.scope", None, "users:read"),
    ),
    Rule("users.list.limit_required", "`limit_required`", "oas", why_not="few people live here"),
    *listed(
        "shapes.py", "D:methods/users.info",
        ("users.email", None, "Email addresses only with users:read.email"),
    ),
    *listed(
        "methods/users.py", "D:methods/users.lookupByEmail",
        ("users.lookupByEmail.scope", None, "users:read.email"),
        ("users.lookupByEmail.users_not_found", None, "`users_not_found`, of those who left too"),
    ),
    *listed(
        "methods/usergroups.py", "D:methods/usergroups.users.list",
        ("usergroups.users.list.scope", None, "usergroups:read"),
        ("usergroups.users.list.no_such_subteam", None, "`no_such_subteam`"),
        ("usergroups.users.list.plan_upgrade_required", None,
         "`plan_upgrade_required`: a plan without user groups"),
    ),
)  # fmt: skip

CANVAS_CHANGES = Rule(
    "canvases.edit.one", "Changes in one call", "D:methods/canvases.edit", "methods/canvases.py", 1
)

_CANVASES = (
    CANVAS_CHANGES,
    *listed(
        "methods/canvases.py", "D:methods/conversations.canvases.create",
        ("conversations.canvases.create.scope", None, "canvases:write"),
        ("conversations.canvases.create.channel_canvas_already_exists", None,
         "`channel_canvas_already_exists`: one for a channel"),
        ("conversations.canvases.create.team_tier_cannot_create_channel_canvases", None,
         "`team_tier_cannot_create_channel_canvases`: a plan without them"),
    ),
    *listed(
        "methods/canvases.py", "D:methods/canvases.edit",
        ("canvases.edit.scope", None, "canvases:write"),
        ("canvases.edit.canvas_not_found", None, "`canvas_not_found`"),
        ("canvases.edit.canvas_editing_failed", None, "`canvas_editing_failed` with `detail`"),
    ),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    *_TRANSPORT, *_CONNECTION, *conversations.RULES, *messages.RULES, *_VIEWS, *_PEOPLE, *_CANVASES,
    *files.RULES,
)  # fmt: skip
