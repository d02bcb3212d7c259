"""Which rules of Slack hold for the app's manifest?"""

from __future__ import annotations

from bot.sandbox.rules.base import Rule

_PAGE = "D:reference/app-manifest"
_WHERE = "manifest.py"


def _most(name: str, says: str, value: int) -> Rule:
    return Rule(f"manifest.{name}", says, _PAGE, _WHERE, value)


def _must(name: str, says: str) -> Rule:
    return Rule(f"manifest.{name}", says, _PAGE, _WHERE)


def _left_out(name: str, says: str, why_not: str, source: str = _PAGE) -> Rule:
    return Rule(f"manifest.{name}", says, source, why_not=why_not)


VERSION = _must("version", "`_metadata.major_version` is 1 or 2")
NEEDED = _must("needed", "The app's name, and all that a shortcut and a slash command are made of")
NAME = _most("name", "`display_information.name`: characters", 35)
DESCRIPTION = _most("description", "`display_information.description`: characters", 140)
LONG_LEAST = _most("long_least", "`long_description`: characters at least", 174)
LONG_MOST = _most("long_most", "`long_description`: characters at most", 4000)
BOT_NAME = _most("bot_name", "`bot_user.display_name`: characters", 80)
SHORTCUTS = _most("shortcuts", "Shortcuts of an app", 10)
SHORTCUT_TYPE = _must("shortcut_type", "A shortcut's `type` is `global` or `message`")
SHORTCUT_ID = _most("shortcut_id", "A shortcut's `callback_id`: characters", 255)
SHORTCUT_SAYS = _most("shortcut_says", "A shortcut's `description`: characters", 150)
COMMANDS = _most("commands", "Slash commands of an app", 50)
COMMAND = _most("command", "A slash command's name: characters", 32)
COMMAND_SAYS = _most("command_says", "A slash command's `description`: characters", 2000)
COMMAND_HINT = _most("command_hint", "A slash command's `usage_hint`: characters", 1000)
UNFURLS = _most("unfurls", "Domains to unfurl", 5)
SCOPES = _most("scopes", "Scopes of one kind (bot, user, their optional ones)", 255)
REDIRECTS = _most("redirects", "Redirect URLs", 1000)
EVENTS = _most("events", "`bot_events`", 100)
RANGES = _most("ranges", "Allowed IP ranges", 10)
RUNTIME = _must("runtime", "`function_runtime` is `remote` or `slack`")
FUNCTION_ID = _most("function_id", "A function's id: characters", 100)
FUNCTION_SNAKE = _must("function_snake", "A function's id is in snake case")
FUNCTION_TITLE = _most("function_title", "A function's `title`: characters", 255)
FUNCTION_DEPLOY = _must("function_deploy", "Functions need `org_deploy_enabled`")
FLAGS = _must("flags", "What is switched on or off is true or false")
KINDS = _must("kinds", "Parts are mappings, lists and texts as the page has them")

RULES: tuple[Rule, ...] = (
    VERSION,
    NEEDED,
    NAME,
    DESCRIPTION,
    LONG_LEAST,
    LONG_MOST,
    BOT_NAME,
    SHORTCUTS,
    SHORTCUT_TYPE,
    SHORTCUT_ID,
    SHORTCUT_SAYS,
    COMMANDS,
    COMMAND,
    COMMAND_SAYS,
    COMMAND_HINT,
    UNFURLS,
    SCOPES,
    REDIRECTS,
    EVENTS,
    RANGES,
    RUNTIME,
    FUNCTION_ID,
    FUNCTION_SNAKE,
    FUNCTION_TITLE,
    FUNCTION_DEPLOY,
    FLAGS,
    KINDS,
    _left_out(
        "function_executed",
        "A function's run is an event, answered by `functions.completeSuccess` or `completeError`",
        "there is no workflow builder here that runs one",
    ),
    _left_out(
        "rotation",
        "With token rotation tokens live 12 h and are refreshed by ones of a single use",
        "tokens here are fixed and good for nothing elsewhere",
    ),
    _left_out(
        "marketplace",
        "Apps on Socket Mode cannot be in the Marketplace",
        "there is no Marketplace here",
    ),
)
