"""Can the policy files be used, and what do they say?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.settings import Settings
from runbooks import load
from runbooks.model import Policy, Span

commands = typer.Typer(help="The files under runbooks/policy and WARROOM_CONTENT.")
out = Console(highlight=False, soft_wrap=True)


@commands.callback()
def _policy() -> None:
    """The files under runbooks/policy, and the folder laid over them."""


@commands.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER", help="Laid over the shipped files; WARROOM_CONTENT otherwise."
        ),
    ] = None,
) -> None:
    """Say what the policy comes to, or name file, line and remedy of every fault; then exit 1."""
    settings = Settings.from_environment()
    if folder and not folder.is_dir():
        out.print(escape(f"{folder} is not a folder. Name the one that holds policy/."))
        raise typer.Exit(1)
    try:
        policy = load.policy(folder or settings.warroom_content, settings.warroom_timezone)
    except load.Faulty as fault:
        out.print(escape(str(fault)))
        raise typer.Exit(1) from fault
    out.print(_table(policy), soft_wrap=False)
    out.print("The policy can be used.")


def _table(policy: Policy) -> Table:
    table = Table("severity", "calls", "answer", "mitigate", "update", "classify")
    for one in policy.severities.severities:
        called = (policy.roles.get(role).short for role in (*one.pages, *one.informs))
        spans = (one.acknowledge, one.mitigate, one.update_every, one.classify)
        table.add_row(one.label, ", ".join(called) or "nobody", *map(_span, spans))
    return table


def _span(span: Span | None) -> str:
    return span.text if span else "not owed"
