"""Which commands does a person have besides those of whoever runs the bot?"""

from __future__ import annotations

import typer

from bot.terminal import audit, reading, saying, vault

commands = typer.Typer()
for some in (saying.commands, reading.commands, audit.commands, vault.commands):
    commands.add_typer(some)
