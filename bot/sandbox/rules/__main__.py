"""How does the table of rules get into the README?"""

from __future__ import annotations

from pathlib import Path

from bot.sandbox import rules

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- rules -->\n", "\n<!-- end of rules -->"


def main() -> None:
    """Write the table between its two marks anew."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}{rules.table()}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
