"""Which rules of Slack hold for manifest?"""

from __future__ import annotations

from bot.sandbox.rules.base import Rule

RULES: tuple[Rule, ...] = ()
