"""How does the record read as one page that needs nothing else?"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from bot.core.record import Cell, Column, Part
from bot.export.cells import is_quoted, words

_WIDEST = 8  # columns; a row with more is shown as a card, as every row is on a phone


def _cards(where: str) -> str:
    """The style in which rows are cards."""
    return f"""
{where} table, {where} caption, {where} tbody {{ display: block; }}
{where} thead {{ position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }}
{where} thead th {{ white-space: nowrap; }}
{where} tr {{ display: block; border: 1px solid var(--line); margin-bottom: .75rem; }}
{where} td {{ display: block; border: 0; }} {where} td:empty {{ display: none; }}
{where} td::before {{ content: attr(data-label); display: block; font-size: .85rem;
  font-weight: 600; }}
"""


_STYLE = f"""
:root {{ color-scheme: light dark; --line: #8886; --soft: #8881; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem;
  overflow-wrap: anywhere; }}
h1 {{ font-size: 1.5rem; line-height: 1.25; }} h2 {{ font-size: 1.2rem; margin-top: 2.5rem; }}
table {{ border-collapse: collapse; width: 100%; }}
caption {{ text-align: left; padding: .25rem 0; }}
th, td {{ border: 1px solid var(--line); padding: .35rem .5rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; white-space: pre-line;
  min-width: min(5.5rem, 10vw); }}
thead th {{ background: var(--soft); }} nav ul {{ columns: 12rem; padding-left: 1.2rem; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }}
dt, summary {{ font-weight: 600; }} dd {{ margin: 0; }} summary {{ cursor: pointer; }}
{_cards(".cards")}
.cards tr {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); }}
.cards td:has(details) {{ grid-column: 1 / -1; }}
@media (max-width: 40rem) {{
  dl {{ grid-template-columns: 1fr; }} nav ul {{ columns: 2; }}
  {_cards("main")}
}}
@media print {{ body {{ max-width: none; }} nav {{ display: none; }}
  tr {{ break-inside: avoid; }} }}
"""
_NOTHING = (None, "")
_CARDS = ' class="cards"'
_WARNING = "Quoted words, which may be harmful. Show"


def page(
    about: str, facts: Mapping[str, str], parts: Sequence[Part], names: Mapping[str, str]
) -> str:
    """The whole record in one HTML file: no script, nothing that is loaded from elsewhere.

    `about` is what it is the record of; `facts` stand at the top, label by label.
    """
    said = "".join(f"<dt>{_text(name)}</dt><dd>{_text(one)}</dd>" for name, one in facts.items())
    links = "".join(f'<li><a href="#{part.name}">{_text(part.title)}</a></li>' for part in parts)
    sections = "".join(_section(part, names) for part in parts)
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>Record of {_text(about)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<main>\n<h1>Record of {_text(about)}</h1>\n<p>Times are in UTC. Quoted words that may "
        f"be harmful are shown when they are opened, and printed when they are open.</p>\n"
        f'<dl>{said}</dl>\n<nav aria-label="Parts"><ul>{links}</ul></nav>\n{sections}'
        "</main>\n</body>\n</html>\n"
    )


def _section(part: Part, names: Mapping[str, str]) -> str:
    shown = _said(part)
    is_wide = len(shown.columns) > _WIDEST
    head = f'<section id="{part.name}"{_CARDS if is_wide else ""}>\n'
    head += f"<h2>{_text(part.title)}</h2>\n"
    if not part.rows:
        return f"{head}<p>Nothing is recorded.</p>\n</section>\n"
    columns = "".join(f'<th scope="col">{_text(one.label)}</th>' for one in shown.columns)
    rows = "".join(_row(row, shown.columns, names) for row in shown.rows)
    return (
        f"{head}<table>\n<caption>{_text(part.title)}, {len(part.rows):,} "
        f"{'line' if len(part.rows) == 1 else 'lines'}</caption>\n"
        f"<thead><tr>{columns}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</section>\n"
    )


def _said(part: Part) -> Part:
    """The part without the columns in which nothing stands."""
    kept = [
        at for at in range(len(part.columns)) if any(row[at] not in _NOTHING for row in part.rows)
    ]
    rows = tuple(tuple(row[at] for at in kept) for row in part.rows)
    return Part(part.name, part.title, tuple(part.columns[at] for at in kept), rows)


def _row(row: tuple[Cell, ...], columns: Sequence[Column], names: Mapping[str, str]) -> str:
    return (
        f"<tr>{''.join(_cell(c, one, names) for c, one in zip(row, columns, strict=True))}</tr>\n"
    )


def _cell(cell: Cell, column: Column, names: Mapping[str, str]) -> str:
    # A narrow column breaks evidence_first between its words, not within one.
    shown = _text(words(cell, column, names)).replace("_", "_<wbr>")
    if is_quoted(cell, column):
        shown = f"<details><summary>{_WARNING}</summary><div>{shown}</div></details>"
    return f'<td data-label="{_text(column.label)}">{shown}</td>'


def _text(text: str) -> str:
    return html.escape(text, quote=True)
