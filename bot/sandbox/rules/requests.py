"""Which rules of Slack hold for what the app is asked?"""

from __future__ import annotations

from bot.sandbox.rules.base import Rule

RULES: tuple[Rule, ...] = ()
