"""Does the workspace answer in Slack's form, whatever comes over the wire?"""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.methods import METHODS
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import HandMovedClock, Json, modal, write_manifest
from tests.sandbox.test_anything_goes import NAMES, VALUES

HANGS_AFTER_SECONDS = 10
TOKEN = "xoxb-sandbox"
ODD: list[Any] = [
    None, True, False, -1, 0, 10**40, 1.5, 1e308, "", " ", "x" * 70_000, "9" * 5000, "\x00",
    "\ud800", "￿", "🙂" * 300, "-1", "1e5", "null", "[]", "{}", "[[[[]]]]", "{\"a\":", [], {},
    [None], [[[]]], {"type": None}, {"a": {"b": {"c": []}}}, [{"type": "section"}],
    "C0GENERAL", "U0EXEC", ["U0EXEC", 1, None], "1.1", "1" * 400 + ".1", "١.١", "../../etc",
]  # fmt: skip


class Served:
    """A workspace on a thread of its own, called without an event loop."""

    def __init__(self, manifest: Path) -> None:
        self._sandbox = Sandbox(manifest, now=HandMovedClock().now, rates=False)
        self._is_up, self._is_over = threading.Event(), asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._run()])
        self._thread.start()
        assert self._is_up.wait(HANGS_AFTER_SECONDS)
        address = self._sandbox.workspace.url.removeprefix("http://")
        self._connection = http.client.HTTPConnection(address, timeout=HANGS_AFTER_SECONDS)

    async def _run(self) -> None:
        async with self._sandbox.running():
            self._is_up.set()
            await self._is_over.wait()

    def end(self) -> None:
        """Stop serving."""
        self._connection.close()
        self._loop.call_soon_threadsafe(self._is_over.set)
        self._thread.join(HANGS_AFTER_SECONDS)
        self._loop.close()

    def send(self, method: str, body: bytes, content_type: str, verb: str = "POST") -> Json:
        """The answer, which is Slack's in form."""
        self._sandbox.workspace.token_trouble = ""
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": content_type}
        self._connection.request(verb, f"/api/{method}", body, headers)
        response = self._connection.getresponse()
        answer: Json = json.loads(response.read())
        assert response.status == 200, (method, body[:500], answer)
        assert answer["ok"] in (True, False)
        if not answer["ok"]:
            assert isinstance(answer["error"], str)
            assert method == "api.test" or re.fullmatch(r"[a-z_]+", answer["error"]), answer
        return answer

    def call(self, method: str, arguments: Json) -> Json:
        """The same with arguments as JSON."""
        return self.send(method, json.dumps(arguments).encode(), "application/json")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(write_manifest(tmp_path_factory.mktemp("app")))
    try:
        served.call("conversations.create", {"name": "room"})
        yield served
    finally:
        served.end()


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_method_answers_when_an_argument_is_odd(served: Served, method: str) -> None:
    required = METHODS[method].required
    right: Json = {**dict.fromkeys(required, "C0000000001"), **({"view": modal()})}
    for odd in ODD:
        served.call(method, dict.fromkeys((*required, *NAMES), odd))
        for name in required:
            served.call(method, {**right, name: odd})


@pytest.mark.parametrize("method", sorted(METHODS))
@settings(max_examples=15, deadline=None)
@given(arguments=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8))
def test_a_method_answers_whatever_its_arguments_are(
    served: Served, method: str, arguments: Json
) -> None:
    served.call(method, {**dict.fromkeys(METHODS[method].required, "C0000000001"), **arguments})


@settings(max_examples=150, deadline=None)
@given(
    body=st.binary(max_size=300)
    | st.text(max_size=100).map(lambda text: json.dumps(text).encode())
    | st.builds(lambda deep: b"[" * deep, st.integers(1, 5000)),
    content_type=st.sampled_from([
        "application/json", "application/json; charset=utf-8", "application/json; charset=no",
        "application/x-www-form-urlencoded", "multipart/form-data",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=b", "text/plain",
        "", "a/b;",
    ]),
    method=st.sampled_from(["chat.postMessage", "conversations.info", "no.such", "", "a/b", "%00"]),
)  # fmt: skip
def test_any_body_of_any_type_is_answered(
    served: Served, body: bytes, content_type: str, method: str
) -> None:
    served.send(method, body, content_type)


@settings(max_examples=80, deadline=None)
@given(
    name=st.text(max_size=20),
    middle=st.binary(max_size=100),
    end=st.sampled_from([b"--b--\r\n", b"--b\r\n", b""]),
)
def test_any_multipart_is_answered(served: Served, name: str, middle: bytes, end: bytes) -> None:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
    body = head + middle + b"\r\n" + end
    served.send("chat.postMessage", body, "multipart/form-data; boundary=b")


@pytest.mark.parametrize(
    ("content_type", "wrap"),
    [
        ("application/json", b'{"channel": "C0000000001", "text": "%s"}'),
        ("application/x-www-form-urlencoded", b"channel=C0000000001&text=%s"),
        ("application/x-www-form-urlencoded", b"%s"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n%s\r\n--b--\r\n',
        ),
        ("text/plain", b"%s"),
    ],
)
def test_ten_megabytes_are_answered(served: Served, content_type: str, wrap: bytes) -> None:
    served.send("chat.postMessage", wrap % (b"x" * 10_000_000), content_type)


def test_very_many_fields_are_answered(served: Served) -> None:
    form = b"&".join(b"a%d=1" % number for number in range(50_000))
    served.send("chat.postMessage", form, "application/x-www-form-urlencoded")
    many = {f"a{number}": number for number in range(50_000)}
    served.call("chat.postMessage", many)


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_verbs_are_refused_without_a_word_of_python(served: Served, verb: str) -> None:
    served._connection.request(verb, "/api/auth.test")
    response = served._connection.getresponse()
    assert response.status == 405
    assert b"Traceback" not in response.read()
