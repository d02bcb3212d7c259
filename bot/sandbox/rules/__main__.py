"""How do the table of rules and the list of methods get into the README?"""

from __future__ import annotations

from pathlib import Path

from bot.sandbox import rules
from bot.sandbox.methods import METHODS

README = Path(__file__).parents[1] / "README.md"


def main() -> None:
    """Write what stands between the marks anew."""
    text = README.read_text(encoding="utf-8")
    for name, made in (("rules", rules.table()), ("methods", methods())):
        before, begin, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- end of {name} -->")
        text = f"{before}{begin}{made}\n{end}{after}"
    README.write_text(text, encoding="utf-8")


def methods() -> str:
    """The Web API's methods, a line for each family."""
    families: dict[str, list[str]] = {}
    for name in sorted(METHODS):
        families.setdefault(name.partition(".")[0], []).append(f"`{name}`")
    return "\n".join(f"- {', '.join(names)}" for names in families.values())


if __name__ == "__main__":
    main()
