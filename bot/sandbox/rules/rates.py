"""How often may the app call which method?"""

from __future__ import annotations

from bot.sandbox.rules.base import Rule

_PAGE = "D:apis/web-api/rate-limits"

REFUSED = Rule(
    "rates.refused",
    "Too many calls: HTTP 429, `Retry-After` in whole seconds, `ratelimited`; nothing is done",
    _PAGE,
    "web.py",
)
APART = Rule(
    "rates.apart",
    "Each method has a rate of its own; that of one spent leaves the others whole",
    _PAGE,
    "pace.py",
)
TIER1 = Rule("rates.tier1", "Tier 1 methods: calls a minute", _PAGE, "pace.py", 1)
TIER2 = Rule("rates.tier2", "Tier 2 methods: calls a minute", _PAGE, "pace.py", 20)
TIER3 = Rule("rates.tier3", "Tier 3 methods: calls a minute", _PAGE, "pace.py", 50)
TIER4 = Rule("rates.tier4", "Tier 4 methods: calls a minute", _PAGE, "pace.py", 100)
SPECIAL = Rule(
    "rates.special",
    '`auth.test` and `chat.getPermalink`: calls a minute ("hundreds"; Slack\'s own SDK says 600)',
    "java",
    "pace.py",
    600,
)
POST = Rule(
    "rates.post", "`chat.postMessage`: messages a second in one channel", _PAGE, "pace.py", 1
)
BURST = Rule(
    "rates.burst",
    "Bursts: a minute's worth of a tier at once (Slack keeps the size secret)",
    _PAGE,
    "pace.py",
    switch="steady_rate",
)
POST_BURST = Rule(
    "rates.post_burst",
    "`chat.postMessage`: messages at once in one channel before 1 a second holds",
    _PAGE,
    "pace.py",
    5,
    switch="posts_at_once",
)
POSTS = Rule(
    "rates.posts",
    '`chat.postMessage`: messages a minute in the workspace ("several hundred")',
    _PAGE,
    "pace.py",
    300,
    switch="posts_a_minute",
)
NEWCOMERS = Rule(
    "rates.newcomers",
    "`conversations.history` and `.replies`: 1 call a minute and 15 messages for apps sold outside "
    "the Marketplace since May 2025",
    f"{_PAGE}, conversations.history",
    why_not="the app here is internal, which keeps tier 3",
)

# By the methods' own pages; those of other methods from java-slack-sdk's MethodsRateLimits.
_METHODS = {
    TIER1: """
        apps.manifest.create apps.manifest.delete apps.manifest.update apps.uninstall rtm.connect
        rtm.start team.externalTeams.disconnect
    """,
    TIER2: """
        auth.teams.list bookmarks.add bookmarks.edit bookmarks.remove canvases.create
        conversations.archive conversations.canvases.create conversations.close
        conversations.create conversations.inviteShared conversations.list conversations.rename
        conversations.setPurpose conversations.setTopic conversations.unarchive
        dnd.endDnd dnd.endSnooze dnd.setSnooze dnd.teamInfo emoji.list
        files.remote.add files.remote.info files.remote.list files.remote.remove
        files.remote.share files.remote.update files.upload
        pins.add pins.list pins.remove reactions.list reactions.remove
        search.all search.files search.messages
        usergroups.create usergroups.disable usergroups.enable usergroups.list usergroups.update
        usergroups.users.list usergroups.users.update users.list users.setPresence
    """,
    TIER3: """
        apps.connections.open auth.revoke bookmarks.list bots.info canvases.access.delete
        canvases.access.set canvases.delete canvases.edit canvases.sections.lookup
        chat.delete chat.deleteScheduledMessage chat.meMessage chat.scheduleMessage
        chat.scheduledMessages.list chat.unfurl chat.update
        conversations.history conversations.info conversations.invite conversations.join
        conversations.kick conversations.leave conversations.mark conversations.open
        conversations.replies dnd.info files.delete files.list files.revokePublicURL
        files.sharedPublicURL functions.completeError
        functions.completeSuccess reactions.add reactions.get team.info team.profile.get
        users.conversations users.getPresence users.lookupByEmail users.profile.set
    """,
    TIER4: """
        api.test apps.event.authorizations.list chat.postEphemeral conversations.members
        dialog.open files.completeUploadExternal files.getUploadURLExternal files.info
        users.info users.profile.get views.open views.publish views.push views.update
    """,
    SPECIAL: "auth.test chat.getPermalink",
}
TIERS: dict[str, Rule] = {name: tier for tier, names in _METHODS.items() for name in names.split()}
# "Special" in the documentation without a number, here as often as one likes.
UNLIMITED = frozenset({"blocks.validate"})

RATES: tuple[Rule, ...] = (
    REFUSED,
    APART,
    TIER1,
    TIER2,
    TIER3,
    TIER4,
    SPECIAL,
    POST,
    BURST,
    POST_BURST,
    POSTS,
    NEWCOMERS,
)
