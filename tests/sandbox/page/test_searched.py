"""Is what a person chose from a list theirs, though the app gave another list meanwhile?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from nicegui import Client
from nicegui.page import page

from bot.sandbox.page.searched import Found


@pytest.fixture
def listed() -> Any:
    """Options as the browser has them, of a select that may choose several."""

    def draw(*, multiple: bool) -> tuple[Found, list[dict[str, Any]]]:
        with Client(page("/")):
            drawn = Found({"a": "Audio", "b": "Browser", "c": "Chat"}, multiple=multiple)
        return drawn, [dict(option) for option in drawn.props["options"]]

    return draw


def _told(args: object) -> Any:
    return SimpleNamespace(args=args)


@pytest.mark.parametrize("newer", [{}, {"x": "X-ray", "y": "Y-axis", "z": "Zone"}])
def test_a_choice_from_the_list_before_is_what_it_said(listed: Any, newer: dict[str, str]) -> None:
    drawn, seen = listed(multiple=False)
    drawn.set_options(newer)
    assert drawn._event_args_to_value(_told(seen[2])) == "c"  # noqa: SLF001 (as NiceGUI asks it)
    drawn.set_value("c")
    assert drawn.props["model-value"]["label"] == "Chat"


def test_what_was_chosen_before_stays_beside_it(listed: Any) -> None:
    drawn, seen = listed(multiple=True)
    drawn.set_value(["b"])
    [kept] = drawn.props["model-value"]
    drawn.set_options({"y": "Y-axis", "z": "Zone", "b": "Browser"})
    told = drawn._event_args_to_value(_told([kept, seen[2]]))  # noqa: SLF001 (as NiceGUI asks it)
    assert told == ["b", "c"]


def test_nothing_chosen_is_nothing(listed: Any) -> None:
    assert listed(multiple=False)[0]._event_args_to_value(_told(None)) is None  # noqa: SLF001
    assert listed(multiple=True)[0]._event_args_to_value(_told(None)) == []  # noqa: SLF001
