"""What is a rule of Slack's, and where does it hold here?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One rule or limit, as Slack's documentation or a measurement says it.

    `where` is the file below `bot/sandbox/` that enforces it, empty when none does; `why_not` then
    says why. `value` is the number where the rule is one: bytes, characters, items or seconds as
    `says` has it. What is not verified was chosen here; `switch` is the field of `chosen.Chosen`
    that turns it off.
    """

    id: str
    says: str
    source: str
    where: str = ""
    value: float | None = None
    why_not: str = ""
    switch: str = ""

    @property
    def is_verified(self) -> bool:
        """Slack's documentation says it, or several who tried."""
        return not self.switch

    @property
    def limit(self) -> int:
        """The number of a rule that is one.

        Raises:
            ValueError: the rule is no number.
        """
        if self.value is None:
            raise ValueError(f"{self.id} is no number")
        return int(self.value)


def listed(where: str, source: str, *rows: tuple[str, float | None, str]) -> tuple[Rule, ...]:
    """Verified rules of one place and source; a row is id, number or None, and what it says."""
    return tuple(Rule(id_, says, source, where, value) for id_, value, says in rows)


def limits(rules: tuple[Rule, ...]) -> Callable[[str], int]:
    """The number of one of these rules, by its id.

    The answer raises KeyError for an id that is none of them.
    """
    by_id = {rule.id: rule for rule in rules}
    return lambda rule_id: by_id[rule_id].limit
