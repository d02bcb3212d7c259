"""Does the README of the sandbox say what can be asked of it?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.routing import Route

from bot.sandbox import control
from bot.sandbox.control import Control
from bot.sandbox.faults import KINDS
from bot.sandbox.sandbox import Sandbox

README = (Path(control.__file__).parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("what", KINDS)
def test_every_fault_is_in_the_readme(what: str) -> None:
    assert re.search(rf"^\| [^|]*`{what}`", README, re.MULTILINE)


@pytest.mark.parametrize(
    "option",
    ["manifest", "app-url", "port", "headless", "state", "fault", "no-rates", "no-unverified"],
)
def test_every_option_of_the_command_is_in_the_readme(option: str) -> None:
    assert f"| `--{option}" in README


async def test_every_request_of_the_control_api_is_in_the_readme(sandbox: Sandbox) -> None:
    for route in Control(sandbox).routes():
        assert isinstance(route, Route)
        words = [word for word in route.path.split("/")[2:] if not word.startswith("{")]
        (verb,) = (route.methods or set()) - {"HEAD"}
        lines = [line for line in README.splitlines() if f"`{verb} {words[0]}" in line]
        assert any(all(word in line for word in words) for line in lines), route.path
