"""How does a part of the record read as CSV and as Markdown?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from bot.core.record import Part
from bot.export.cells import words

# What a spreadsheet would run: https://owasp.org/www-community/attacks/CSV_Injection
# At the beginning of a cell, or of what becomes one where `;` parts cells and quotes are none.
_FORMULA = re.compile(
    "(^|[;\t\r\n])(?=[\\s\u00a0\u200b-\u200f\u2060\ufeff]*[=+\\-@|%\uff1d\uff0b\uff0d\uff20])"
)
_MARKED = re.compile(r"([\\`*_{}\[\]()<>#|!~&+-])")
_BREAK = re.compile(r"\r\n|[\r\n\u2028\u2029]")
_MARK = "\ufeff"  # without it a spreadsheet takes UTF-8 for something else


def as_csv(part: Part, names: Mapping[str, str]) -> str:
    """A table for spreadsheets; what one would run as a formula has an apostrophe before it."""
    file = io.StringIO(newline="")
    lines = csv.writer(file, lineterminator="\r\n")
    lines.writerow([column.label for column in part.columns])
    for row in part.rows:
        pairs = zip(row, part.columns, strict=True)
        lines.writerow([harmless(words(cell, column, names)) for cell, column in pairs])
    return _MARK + file.getvalue()


def as_markdown(part: Part, names: Mapping[str, str], about: str) -> str:
    """A table for reading; nothing that was typed can become markup."""
    head = f"# {part.title} of {escaped(about)}\n\nTimes are in UTC.\n\n"
    if not part.rows:
        return f"{head}Nothing is recorded.\n"
    lines = [_line([escaped(column.label) for column in part.columns])]
    lines.append(_line(["---"] * len(part.columns)))
    for row in part.rows:
        pairs = zip(row, part.columns, strict=True)
        lines.append(_line([escaped(words(cell, column, names)) for cell, column in pairs]))
    return head + "".join(lines)


def harmless(text: str) -> str:
    """The text as a spreadsheet leaves it alone."""
    return _FORMULA.sub(r"\1'", text)


def escaped(text: str) -> str:
    """The text as Markdown shows it as it is, on one line of a table."""
    return _BREAK.sub("<br>", _MARKED.sub(r"\\\1", text))


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
