"""Which runbooks are there, what do they say, and what is wrong with them?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape
from rich.table import Table

from bot import app
from bot.clock import Clock
from bot.core.outcome import Refused
from bot.settings import Settings
from runbooks import library, markdown
from runbooks.clearing import NotClearable, cleared
from runbooks.model import Policy
from runbooks.overlay import Cleared
from runbooks.reading import Faulty
from runbooks.runbook import is_review_overdue
from runbooks.schema import Which, schema
from runbooks.shelf import Book, Library

commands = typer.Typer(help="The runbooks under runbooks/library and WARROOM_CONTENT.")
out = Console(highlight=False, soft_wrap=True)
paper = Console(highlight=False)  # folds at the terminal's width, 80 columns without one

Wanted = Annotated[
    str, typer.Argument(metavar="ID", help="Its id, as `list` shows it, or how it begins.")
]


@commands.callback()
def _runbook() -> None:
    """The runbooks under runbooks/library, and what the folder laid over them changes."""


@commands.command(name="list")
def list_() -> None:
    """List the runbooks: version, severity, minutes, and whether a review is owed."""
    policy, books = _loaded(Settings.from_environment())
    today = _today(policy)
    table = Table()
    table.add_column("runbook", min_width=max(map(len, books.books)))  # an id is copied whole
    for heading in ("version", "severity", "min", "review"):
        table.add_column(heading)
    for book in books.books.values():
        one = book.runbook
        own = " (your own)" if book.is_own else ""
        table.add_row(
            f"{one.id}\n{escape(one.title)}{own}",
            one.version,
            policy.severities.severities[one.severity.rank].label,
            str(one.estimated_minutes),
            _review(book, today),
        )
    paper.print(table)


@commands.command()
def show(wanted: Wanted) -> None:
    """Print a runbook for reading."""
    policy, books = _loaded(Settings.from_environment())
    book = _found(books, wanted)
    today = _today(policy)
    if is_review_overdue(book.runbook, today):
        out.print(escape(f"Its review is overdue: {_review(book, today)}.".replace("\n", " ")))
    paper.print(Markdown(markdown.page(book.runbook, policy)))
    out.print(f"Pinned as {book.pin.id} {book.pin.version}, SHA-256 {book.pin.sha256}")
    if book.pin.overlay_sha256:
        out.print(f"with the folder laid over it, SHA-256 {book.pin.overlay_sha256}")


@commands.command()
def lint(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER", help="Laid over the shipped files; WARROOM_CONTENT otherwise."
        ),
    ] = None,
) -> None:
    """Name file, line and remedy of every fault, then exit 1; or say that all can be used."""
    settings = Settings.from_environment()
    if folder and not folder.is_dir():
        out.print(escape(f"{folder} is not a folder. Name the one that holds library/."))
        raise typer.Exit(1)
    if folder:
        settings = settings.model_copy(update={"warroom_content": folder})
    policy, books = _loaded(settings)
    for book in books.overdue(_today(policy)):
        out.print(f"{book.pin.id}: its review is overdue. Read it, and set last_reviewed.")
    count = len(books.books)
    said = "One runbook can be used." if count == 1 else f"All {count} runbooks can be used."
    out.print(said)


@commands.command()
def export(
    wanted: Wanted,
    as_markdown: Annotated[
        bool, typer.Option("--markdown/--json", help="A page to read, or the model.")
    ] = True,
) -> None:
    """Write a runbook to standard output, as Markdown or as JSON."""
    policy, books = _loaded(Settings.from_environment())
    runbook = _found(books, wanted).runbook
    page = markdown.page(runbook, policy) if as_markdown else runbook.model_dump_json(indent=1)
    typer.echo(page.rstrip())


@commands.command(name="schema")
def schema_(
    is_overlay: Annotated[
        bool, typer.Option("--overlay", help="Of the file laid over a shipped runbook.")
    ] = False,
) -> None:
    """Write the JSON Schema with which an editor completes and checks a runbook."""
    which: Which = "overlay" if is_overlay else "runbook"
    typer.echo(schema(which), nl=False)


@commands.command(name="clear-review")
def clear_review(
    wanted: Wanted,
    marker: Annotated[str, typer.Argument(metavar="MARKER", help="As `show` names it.")],
    by: Annotated[str, typer.Option(help="The practitioner who validated it.")],
    note: Annotated[str, typer.Option(help="What they found.")],
) -> None:
    """Record in WARROOM_CONTENT who validated a marked part of a runbook, today, and what of it."""
    settings = Settings.from_environment()
    policy, books = _loaded(settings)
    book = _found(books, wanted)
    if settings.warroom_content is None:
        raise Refused("Set WARROOM_CONTENT to a folder of yours; the shipped file is not changed.")
    _refuse_marker(book, marker)
    if not (2 <= len(by.strip()) <= 300 and 2 <= len(note.strip()) <= 300):
        raise Refused("Give --by and --note 2 to 300 characters each; both are kept in the file.")
    told = Cleared(cleared_by=by.strip(), cleared_on=_today(policy), note=note.strip())
    path = settings.warroom_content / "library" / f"{book.pin.id}.yaml"
    _write(path, marker, told, settings)
    out.print(escape(f"{marker} of {book.pin.id} is cleared by {told.cleared_by}, in {path}."))


def _refuse_marker(book: Book, marker: str) -> None:
    if book.is_own:
        raise Refused(
            f"{book.pin.id} is a runbook of your own. Write cleared_by, cleared_on and note beside "
            "the marker in its file."
        )
    known = {one.id: one for one in book.runbook.ir_review}
    if marker not in known:
        raise Refused(f"{book.pin.id} has no marker {marker}. Use one of {', '.join(known)}.")
    if not known[marker].is_open:
        one = known[marker]
        raise Refused(f"{marker} was cleared by {one.cleared_by} on {one.cleared_on} already.")


def _write(path: Path, marker: str, told: Cleared, settings: Settings) -> None:
    """Write the file anew; what was there comes back if the result cannot be used."""
    before = path.read_text(encoding="utf-8") if path.exists() else None
    try:
        text = cleared(before or "", marker, told)
    except NotClearable as error:
        raise Refused(f"{path}: {error}") from error
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
    try:
        library.load_library(settings.warroom_content, app.policy(settings))
    except Faulty as fault:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
        raise Refused(f"Nothing was changed: {fault}") from fault


def _loaded(settings: Settings) -> tuple[Policy, Library]:
    policy = app.policy(settings)
    try:
        return policy, library.load_library(settings.warroom_content, policy)
    except Faulty as fault:
        out.print(escape(str(fault)))
        raise typer.Exit(1) from fault


def _found(books: Library, wanted: str) -> Book:
    found = books.find(wanted)
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.pin.id for one in found or books.books.values())
    said = f"{len(found)} runbooks begin with" if found else "There is no runbook"
    raise Refused(f"{said} {wanted}. Use one of {names}.")


def _today(policy: Policy) -> date:
    return Clock().now().astimezone(ZoneInfo(policy.calendar.time_zone)).date()


def _review(book: Book, today: date) -> str:
    one = book.runbook
    said = f"{one.last_reviewed:%Y-%m-%d}"
    if is_review_overdue(one, today):
        days = (today - one.last_reviewed).days - one.review_interval_days
        said += f",\n{days} {'day' if days == 1 else 'days'} overdue"
    count = len(one.open_markers())
    return said + (f"\n{count} open {'marker' if count == 1 else 'markers'}" if count else "")
