"""Which rules of Slack hold for conversations.*?"""

from __future__ import annotations

from bot.sandbox.rules.base import Rule, listed

_Row = tuple[str, float | None, str]


def _of(method: str, where: str, *rows: _Row) -> tuple[Rule, ...]:
    named = ((f"{method}.{name}", value, says) for name, value, says in rows)
    return listed(f"methods/{where}.py", f"D:methods/{method}", *named)


def _never(method: str, code: str, why: str) -> Rule:
    rule_id, says = f"{method}.{code}", f"`{code}`"
    return Rule(rule_id, says, f"D:methods/{method}", why_not=why)


_ROOMS = (
    *_of(
        "conversations.create", "conversations",
        ("scope", None, "channels:manage, for a private channel groups:write"),
        ("name_taken", None, "`name_taken`, by archived and hidden channels too"),
        ("invalid_name_required", None, "`invalid_name_required`: no name"),
        ("invalid_name_maxlength", None, "`invalid_name_maxlength`: a longer name"),
        ("invalid_name_punctuation", None, "`invalid_name_punctuation`: nothing but punctuation"),
        ("invalid_name_specials", None, "`invalid_name_specials`: uppercase, spaces, other signs"),
        ("restricted_action", None, "`restricted_action`: the admins keep it to themselves"),
        ("invalid_name", None, "`invalid_name`: a name that is no string"),
    ),
    _never("conversations.create", "no_channel", "an empty name is `invalid_name_required` here"),
    *_of(
        "conversations.rename", "conversations",
        ("scope", None, "channels:manage, groups:write"),
        ("not_authorized", None, "`not_authorized`: only who made the channel renames it"),
        ("name_taken", None, "`name_taken`"),
        ("is_archived", None, "`is_archived`"),
    ),
    *_of(
        "conversations.setTopic", "conversations",
        ("scope", None, "channels:manage or channels:write.topic; private groups:*"),
        ("too_long", None, "`too_long`"),
        ("not_in_channel", None, "`not_in_channel`"),
        ("is_archived", None, "`is_archived`"),
    ),
    *_of(
        "conversations.setPurpose", "conversations",
        ("scope", None, "channels:manage or channels:write.topic; private groups:*"),
        ("too_long", None, "`too_long`"),
        ("not_in_channel", None, "`not_in_channel`"),
        ("is_archived", None, "`is_archived`"),
    ),
    *_of(
        "conversations.archive", "conversations",
        ("scope", None, "channels:manage, groups:write"),
        ("already_archived", None, "`already_archived`"),
        ("cant_archive_general", None, "`cant_archive_general`"),
        ("cant_archive_required", None, "`cant_archive_required`: the team needs the channel"),
        ("restricted_action", None, "`restricted_action`: the admins keep it to themselves"),
        ("not_in_channel", None, "`not_in_channel`"),
    ),
)  # fmt: skip

INVITED = Rule(
    "conversations.invite.users", "People in one call: `too_many_users`",
    "D:methods/conversations.invite", "methods/membership.py", 1000,
)  # fmt: skip
INVITED_LISTED = Rule(
    "conversations.invite.listed", "The same page, elsewhere: people in one call",
    "D:methods/conversations.invite", "chosen.py", 100, switch="invited_at_once",
)  # fmt: skip
OPEN_USERS = Rule(
    "conversations.open.users", "People in one conversation: `too_many_users`",
    "D:methods/conversations.open", "methods/direct.py", 8,
)  # fmt: skip

_PEOPLE = (
    INVITED,
    *_of(
        "conversations.invite", "membership",
        ("scope", None, "channels:manage or channels:write.invites; private groups:*"),
        ("already_in_channel", None, "`already_in_channel`"),
        ("cant_invite_self", None, "`cant_invite_self`"),
        ("cant_invite", None, "`cant_invite`: somebody who left"),
        ("user_not_found", None, "`user_not_found`"),
        ("not_in_channel", None, "`not_in_channel`"),
        ("is_archived", None, "`is_archived`"),
        ("ura_max_channels", None, "`ura_max_channels`: a guest of one channel has theirs"),
        ("errors", None, "`errors[]` tells each mistake; one stops all"),
        ("force", None, "With `force` those who can be invited are"),
    ),
    INVITED_LISTED,
    _never("conversations.invite", "user_is_restricted", "a bot is never a guest"),
    *_of(
        "conversations.kick", "membership",
        ("scope", None, "channels:manage, groups:write"),
        ("restricted_action", None, "`restricted_action`: the admins keep it to themselves"),
        ("cant_kick_self", None, "`cant_kick_self`"),
        ("cant_kick_from_general", None, "`cant_kick_from_general`"),
        ("not_in_channel", None, "`not_in_channel`: neither is the app, or they are not"),
    ),
    *_of(
        "conversations.join", "membership",
        ("scope", None, "channels:join"),
        ("is_archived", None, "`is_archived`"),
        ("method_not_supported_for_channel_type", None, "Public channels only"),
        ("warning", None, "Who is inside already gets ok and `warning: already_in_channel`"),
    ),
    OPEN_USERS,
    *_of(
        "conversations.open", "direct",
        ("scope", None, "im:write, for several people mpim:write"),
        ("users_list_not_supplied", None, "`users_list_not_supplied`"),
        ("user_disabled", None, "`user_disabled`: somebody who left"),
    ),
)  # fmt: skip

HISTORY = Rule(
    "conversations.history.limit", "Messages of one page", "D:methods/conversations.history",
    "methods/history.py", 999,
)  # fmt: skip
HISTORY_DEFAULT = Rule(
    "conversations.history.default", "Messages of one page where no limit is given",
    "D:methods/conversations.history", "methods/history.py", 100,
)  # fmt: skip

_READING = (
    HISTORY,
    HISTORY_DEFAULT,
    *_of(
        "conversations.history", "history",
        ("scope", None, "*:history of the kind of channel"),
        ("not_in_channel", None, "`not_in_channel`"),
        ("channel_not_found", None, "`channel_not_found`"),
        ("invalid_ts_latest", None, "`invalid_ts_latest`"),
        ("invalid_ts_oldest", None, "`invalid_ts_oldest`"),
        ("invalid_cursor", None, "`invalid_cursor`"),
    ),
    *listed(
        "methods/history.py", "oas",
        ("conversations.replies.scope", None, "*:history of the kind of channel"),
        ("conversations.replies.thread_not_found", None, "`thread_not_found`"),
    ),
    *listed(
        "methods/conversations.py", "oas",
        ("conversations.info.scope", None, "*:read of the kind of channel"),
        ("conversations.info.channel_not_found", None, "`channel_not_found`"),
    ),
    *_of(
        "conversations.members", "membership",
        ("scope", None, "*:read of the kind of channel"),
        ("channel_not_found", None, "`channel_not_found`"),
        ("invalid_cursor", None, "`invalid_cursor`"),
        ("invalid_limit", None, "`invalid_limit`"),
    ),
    *_of(
        "users.conversations", "conversations",
        ("scope", None, "*:read of the kinds of channel asked for"),
        ("invalid_types", None, "`invalid_types`"),
    ),
)  # fmt: skip

RULES: tuple[Rule, ...] = (*_ROOMS, *_PEOPLE, *_READING)
