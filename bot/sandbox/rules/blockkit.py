"""Which rules of Slack hold for blocks, elements and objects?"""

from __future__ import annotations

from bot.sandbox.rules.base import Rule

RULES: tuple[Rule, ...] = ()
