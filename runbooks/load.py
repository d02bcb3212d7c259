"""Which policy is in force, and what is wrong with the files that say so?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from runbooks.model import Policy, Severities

SHIPPED = Path(__file__).parent


class Faulty(Exception):
    """A file cannot be used; the sentence names the file, the line and what to do."""


def policy(overlay: Path | None = None) -> Policy:
    """The policy in force. `overlay` is a folder laid over the shipped one, file by file.

    Raises:
        Faulty: a file is missing, is not YAML, or says something that the model refuses.
    """
    return Policy(severities=_severities(_find("policy/severities.yaml", overlay)))


def _find(name: str, overlay: Path | None) -> Path:
    if overlay is not None:
        if not overlay.is_dir():
            raise Faulty(f"WARROOM_CONTENT names {overlay}, which is not a folder.")
        if (overlay / name).is_file():
            return overlay / name
    return SHIPPED / name


def _severities(path: Path) -> Severities:
    try:
        text = path.read_text(encoding="utf-8")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise Faulty(f"{path}: cannot be read ({error}).") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Faulty(f"{path}, line {line}: not valid YAML ({error.problem}).") from error
    try:
        return Severities.model_validate(content)
    except ValidationError as error:
        raise Faulty("\n".join(_tell(path, tree, fault) for fault in error.errors())) from error


def _tell(path: Path, tree: yaml.Node | None, fault: Any) -> str:  # noqa: ANN401 (pydantic's ErrorDetails)
    where = ".".join(str(step) for step in fault["loc"])
    message = str(fault["msg"]).removeprefix("Value error, ")
    line = _line(tree, fault["loc"] or _named(message))
    return f"{path}, line {line}: {where + ': ' if where else ''}{message}."


def _named(message: str) -> tuple[int | str, ...]:
    """The place a validator of the whole file speaks of: its sentence begins with it."""
    steps = message.split(" ", 1)[0].split(".")
    return tuple(int(step) if step.isdigit() else step for step in steps)


def _line(node: yaml.Node | None, steps: tuple[int | str, ...]) -> int:
    """The line of the innermost place on the way that the file has."""
    line = node.start_mark.line + 1 if node else 1
    for step in steps:
        match node:
            case yaml.MappingNode():
                pairs = [pair for pair in node.value if pair[0].value == step]
                if not pairs:
                    return line
                line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
            case yaml.SequenceNode() if isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            case _:
                return line
    return line
