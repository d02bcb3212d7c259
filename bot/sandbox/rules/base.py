"""What is a rule of Slack's, and where does it hold here?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One rule or limit, as Slack's documentation or a measurement says it.

    `where` is the file below `bot/sandbox/` that enforces it, empty when none does; `why_not` then
    says why. `value` is the number where the rule is one: bytes, characters, items or seconds as
    `says` has it. What is not `is_verified` was chosen here and can be switched off.
    """

    id: str
    says: str
    source: str
    where: str = ""
    value: float | None = None
    why_not: str = ""
    is_verified: bool = True

    @property
    def limit(self) -> int:
        """The number of a rule that is one.

        Raises:
            ValueError: the rule is no number.
        """
        if self.value is None:
            raise ValueError(f"{self.id} is no number")
        return int(self.value)
