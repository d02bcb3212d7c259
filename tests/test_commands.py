"""Can every command be typed that a sentence of the bot, or the README, tells people to type?"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import bot.command_line

ROOT = Path(__file__).parent.parent
COMMAND = re.compile(r"`warroom ([^`]+)`|^    warroom ([^;\n]+)", re.MULTILINE)
GIVEN = "7"  # what stands in a sentence for a thing that is only known when it is said


def sentences(path: Path) -> Iterator[str]:
    """The strings of a module, with what is filled in later; those of an f-string together."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.JoinedStr(values=values):
                parts = (part.value if isinstance(part, ast.Constant) else GIVEN for part in values)
                yield "".join(map(str, parts))
            case ast.Constant(value=str(text)):
                yield text


def told() -> Iterator[tuple[str, str]]:
    """Where a command line is named, and what stands behind `warroom`."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for sentence in sentences(path):
            for line in named(sentence):
                yield path.relative_to(ROOT).as_posix(), line
    for line in named((ROOT / "README.md").read_text()):
        yield "README.md", line


def named(text: str) -> Iterator[str]:
    """The command lines in a text, in backticks or on lines of their own."""
    for pair in COMMAND.findall(text):
        yield " ".join("".join(pair).split())


LINES = sorted(set(told()))


def typed(line: str) -> list[str]:
    """The words, with a value for each that stands for one."""
    return [GIVEN if word in {"ID", "{}"} else word for word in shlex.split(line)]


def parse(command: Any, words: list[str]) -> None:  # noqa: ANN401
    """Read the words as the command line does, and carry out nothing; none only name a command."""
    below = getattr(command, "commands", {})
    if below and words and not words[0].startswith("-"):
        assert words[0] in below, f"{command.name} has no {words[0]}"
        parse(below[words[0]], words[1:])
    elif words:
        command.make_context(command.name, [*words])


def test_there_are_sentences_that_name_commands() -> None:
    assert {place for place, _ in LINES} > {"README.md", "bot/live.py", "bot/doctor.py"}


@pytest.mark.parametrize(("place", "line"), LINES)
def test_a_command_that_people_are_told_to_type_can_be_typed(place: str, line: str) -> None:
    parse(get_command(bot.command_line.cli), typed(line))


def arguments(command: Any, name: str) -> Iterator[tuple[str, str, str | None]]:
    """The arguments of a command and of those under it, with how its help calls them."""
    for one in command.params:
        if one.param_type_name == "argument":
            yield name, one.name, one.metavar
    for under, inner in getattr(command, "commands", {}).items():
        yield from arguments(inner, f"{name} {under}")


def test_help_calls_no_argument_as_the_code_does() -> None:
    found = list(arguments(get_command(bot.command_line.cli), "warroom"))
    assert ("warroom outbox drop", "one", "ID") in found
    assert [one for one in found if not one[2] or one[2] == one[1]] == []
