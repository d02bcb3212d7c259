"""Which rules of Slack's does the workspace know, and how are they listed?"""

from __future__ import annotations

from bot.sandbox.rules import blockkit, channels, manifest, rates, requests, text, webapi
from bot.sandbox.rules.base import Rule

AREAS: dict[str, tuple[Rule, ...]] = {
    "Requests to the app": requests.RULES,
    "Web API": (*webapi.RULES, *rates.RATES),
    "Block Kit": blockkit.RULES,
    "Text": text.RULES,
    "Channels": channels.RULES,
    "Manifest": manifest.RULES,
}
ALL: tuple[Rule, ...] = tuple(rule for rules in AREAS.values() for rule in rules)


_HEAD = "| Rule | Says | Figure | Enforced | Source |"


def table() -> str:
    """All rules as Markdown, a table for each area."""
    return "\n\n".join(f"### {area}\n\n{_table(rules)}" for area, rules in AREAS.items())


def _table(rules: tuple[Rule, ...]) -> str:
    rows = [
        f"| `{rule.id}` | {rule.says} | {_figure(rule)} | {_held(rule)} | {rule.source} |"
        for rule in rules
    ]
    return "\n".join([_HEAD, "|---|---|---|---|---|", *rows])


def _held(rule: Rule) -> str:
    if not rule.where:
        return f"no: {rule.why_not}"
    return f"`{rule.where}`" + ("" if rule.is_verified else f", unverified: `{rule.switch}`")


def _figure(rule: Rule) -> str:
    return "" if rule.value is None else f"{rule.value:,}"
