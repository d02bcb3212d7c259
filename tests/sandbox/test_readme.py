"""Does the README of the sandbox say what can be asked of it?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.routing import Route

from bot.sandbox import control
from bot.sandbox.control import Control
from bot.sandbox.faults import KINDS
from bot.sandbox.rules.__main__ import methods
from bot.sandbox.sandbox import Sandbox

README = (Path(control.__file__).parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("what", KINDS)
def test_every_fault_is_in_the_readme(what: str) -> None:
    assert re.search(rf"^\| [^|]*`{what}`", README, re.MULTILINE)


def test_the_methods_are_in_the_readme_as_they_are() -> None:
    listed = README.partition("<!-- methods -->\n")[2].partition("\n<!-- end of methods -->")[0]
    assert listed == methods(), "python -m bot.sandbox.rules writes them anew"


def test_who_and_what_is_there_at_the_start_is_in_the_readme(sandbox: Sandbox) -> None:
    workspace = sandbox.workspace
    people = {person.id for person in workspace.people.values() if not person.is_bot}
    for known in (people, workspace.channels, workspace.user_groups):
        assert [each for each in known if f"`{each}`" not in README] == []


@pytest.mark.parametrize(
    "option",
    ["manifest", "app-url", "port", "headless", "state", "fault", "no-rates", "no-unverified"],
)
def test_every_option_of_the_command_is_in_the_readme(option: str) -> None:
    assert f"| `--{option}" in README


async def test_every_request_of_the_control_api_is_in_the_readme(sandbox: Sandbox) -> None:
    *routes, _anything_else = Control(sandbox).routes()
    for route in routes:
        assert isinstance(route, Route)
        words = [word for word in route.path.split("/")[2:] if not word.startswith("{")]
        (verb,) = (route.methods or set()) - {"HEAD"}
        lines = [line for line in README.splitlines() if f"`{verb} {words[0]}" in line]
        assert any(all(word in line for word in words) for line in lines), route.path
