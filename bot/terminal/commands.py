"""Which commands does a person have besides those of whoever runs the bot?"""

from __future__ import annotations

import typer

from bot.terminal import audit, reading, runbooks, saying, taking, vault

commands = typer.Typer()
for some in (
    saying.commands, reading.commands, taking.commands, audit.commands, vault.commands,
):  # fmt: skip
    commands.add_typer(some)
commands.add_typer(runbooks.commands, name="runbook")
