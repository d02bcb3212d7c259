"""Do values get into what is sent, and nothing but values?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.core.failures import Permanent
from bot.hooks import filling
from bot.hooks.filling import Lacking

VALUES: dict[str, Any] = {"title": 'a "b" ${secret.key}', "count": 3, "is_on": True, "none": None}
SECRET = {"secret.key": "hunter2"}


def test_a_value_that_looks_like_a_template_is_a_value() -> None:
    found = filling.filled({"title": "${title}", "key": "${secret.key}"}, {**VALUES, **SECRET})
    assert found == {"title": 'a "b" ${secret.key}', "key": "hunter2"}


def test_a_value_cannot_leave_the_text_it_stands_in() -> None:
    found = json.dumps(filling.filled({"said": "<${title}>"}, VALUES))
    assert json.loads(found) == {"said": '<a "b" ${secret.key}>'}


def test_a_template_alone_keeps_the_type_and_in_a_text_it_is_written() -> None:
    body = {"a": ["${count}", "${is_on}", "${none}"], "b": "${count} ${is_on} ${none}.", "c": 7}
    assert filling.filled(body, VALUES) == {"a": [3, True, None], "b": "3 true .", "c": 7}


@pytest.mark.parametrize("text", ["$", "$$", "${", "${Title}", "$title", "{title}", "${ti tle}"])
def test_what_is_no_template_stays(text: str) -> None:
    assert filling.text(text, VALUES) == text.replace("$$", "$")


def test_a_template_without_its_value_is_said_by_name() -> None:
    with pytest.raises(Lacking, match="missing"):
        filling.filled({"a": "${missing}"}, VALUES)


def test_a_value_in_an_address_cannot_become_another_place() -> None:
    found = filling.address("https://x.example/${name}/y", {"name": "../../evil?a=b#c@d/é"})
    assert found == "https://x.example/..%2F..%2Fevil%3Fa%3Db%23c%40d%2F%C3%A9/y"


@pytest.mark.parametrize("value", ["a\r\nHost: evil", "a\x00", "é"])
def test_a_value_in_a_header_cannot_become_another(value: str) -> None:
    with pytest.raises(Permanent):
        filling.header("Bearer ${key}", {"key": value})


def test_an_answer_is_known_by_its_paths() -> None:
    answer = filling.answered(b'{"key": "A-1", "list": [{"id": 7}], "deep": {"x": null}}')
    assert answer == {"answer.key": "A-1", "answer.list.0.id": 7}


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff", b"[" * 100_000])
def test_an_answer_that_is_no_json_says_nothing(content: bytes) -> None:
    assert filling.answered(content) == {}
