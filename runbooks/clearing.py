"""How is a review marker cleared in a file that people wrote, without losing their comments?"""

from __future__ import annotations

import json

import yaml

from runbooks.overlay import Cleared


class NotClearable(Exception):
    """The file is written so that a line cannot be added; the sentence says what to do."""


def cleared(text: str, marker: str, by: Cleared) -> str:
    """The overlay's text with the marker cleared; every other line stays as it is.

    Raises:
        NotClearable: `review` is written in braces, in which no line can be added.
    """
    entry = [f"{marker}:", *(f"  {key}: {_quoted(value)}" for key, value in _told(by))]
    lines = text.splitlines()
    tree = yaml.compose(text, Loader=yaml.SafeLoader)
    if tree is not None and not isinstance(tree, yaml.MappingNode):
        raise NotClearable("the file holds no keys. Write `key: value` lines, or remove it.")
    review = (
        next((pair for pair in tree.value if pair[0].value == "review"), None) if tree else None
    )
    if tree is not None and tree.flow_style:
        raise NotClearable("the file is written in braces. Write each key on a line of its own.")
    if review is None:
        added = ["review:", *(f"  {line}" for line in entry)]
        return "\n".join([*lines, *added]) + "\n"
    key, value = review
    if not isinstance(value, yaml.MappingNode) or value.flow_style or not value.value:
        raise NotClearable(
            "review is empty or in braces. Take it out, or write each marker on a line below it."
        )
    first = value.value[0][0].start_mark
    added = [" " * first.column + line for line in entry]
    place = key.start_mark.line + 1
    return "\n".join([*lines[:place], *added, *lines[place:]]) + "\n"


def _told(by: Cleared) -> list[tuple[str, str]]:
    return [
        ("cleared_by", by.cleared_by),
        ("cleared_on", by.cleared_on.isoformat()),
        ("note", by.note),
    ]


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # JSON's strings are YAML's, too
