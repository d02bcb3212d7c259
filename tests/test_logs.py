"""Does a line of the log keep to what it may say?"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs
from bot.core.failures import Permanent
from bot.settings import Settings

Lines = list[dict[str, object]]
TICKET = "wss://wss-primary.slack.com/link/?ticket=zebrafish"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    yield
    structlog.configure(**before)
    root.handlers = handlers
    root.setLevel(level)


def written(capsys: pytest.CaptureFixture[str]) -> Lines:
    """The lines so far, as JSON."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        "xoxb-123-456-zebrafish",
        "xoxe.xoxp-1-zebrafish",
        "xapp-1-A0-zebrafish",
        "whsec_zebrafish",
        "postgresql://bot:zebrafish@db.example.com/war",
        "smtp://mara%40example.com:zebrafish@mail.example.com:587",
        "Authorization: Bearer zebrafish.of.the.sea",
        "https://hooks.slack.com/commands/T0/1/zebrafish",
        "http://127.0.0.1:3001/response/zebrafish",
        TICKET,
        "the value is hunter2-zebrafish!",
    ],
)
def test_what_opens_something_is_struck_out(capsys: pytest.CaptureFixture[str], text: str) -> None:
    logs.configure(logging.INFO, is_json=True, secrets={"hunter2-zebrafish"})
    structlog.get_logger().warning("modal.not_opened", reason=f"before {text} after")
    [line] = written(capsys)
    assert "zebrafish" not in json.dumps(line)
    assert str(line["reason"]).startswith("before ")
    assert "[redacted]" in str(line["reason"])


def test_no_part_of_a_secret_is_left_where_a_line_is_cut(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(logging.INFO, is_json=True, secrets={"hunter2-zebrafish"})
    structlog.get_logger().warning("modal.not_opened", reason="y" * 290 + "hunter2-zebrafish")
    [line] = written(capsys)
    assert "hunter" not in str(line["reason"])
    assert len(str(line["reason"])) == 300


def test_the_secrets_of_the_environment_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEGAL_WEBHOOK_SECRET", "zebrafish-of-legal")
    monkeypatch.setenv("PAGERDUTY_ROUTING_KEY", "zebrafish-of-the-pager")
    settings = Settings.model_validate({"slack_signing_secret": "zebrafish-of-slack"})
    known = logs.secrets_of(settings)
    assert {
        "zebrafish-of-legal", "zebrafish-of-the-pager", "zebrafish-of-slack",
    } <= known  # fmt: skip


def test_a_key_that_nobody_allowed_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.INFO, is_json=True)
    structlog.get_logger().info("event.refused", kind="message", text="zebrafish", body={"a": 1})
    [line] = written(capsys)
    assert set(line) == {"event", "level", "timestamp", "kind"}


def test_a_value_that_is_no_plain_word_is_named_by_its_type(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(logging.INFO, is_json=True)
    structlog.get_logger().info("bell.not_rung", reason={"text": "zebrafish"}, count=3)
    [line] = written(capsys)
    assert (line["reason"], line["count"]) == ("dict", 3)


def test_an_exception_tells_its_types_and_places_and_our_own_words_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(logging.INFO, is_json=True)
    try:
        try:
            dict[str, int]()["zebrafish"]
        except KeyError as error:
            raise Permanent("chat.postMessage", "not_in_channel") from error
    except Permanent:
        structlog.get_logger().exception("outbox.bug")
    [line] = written(capsys)
    told = str(line["exception"])
    assert "zebrafish" not in json.dumps(line)
    assert "KeyError\n" in told
    assert told.endswith("Permanent: chat.postMessage: not_in_channel")
    assert "tests/test_logs.py" in told


@pytest.mark.parametrize(
    ("said", "given", "kept"),
    [
        ("Unhandled request ({'text': 'zebrafish'})", (), "Unhandled request"),
        ("Sending a message: zebrafish", (), "Sending a message"),
        ("Retrying %s after %s", ("zebrafish", 3), "Retrying %s after %s"),
        ('Task failed\nfuture: <Task exception=KeyError("zebrafish")>', (), "Task failed"),
        ("{'zebrafish': 1}", (), "said"),
    ],
)
def test_a_library_says_what_happened_and_not_to_what(
    capsys: pytest.CaptureFixture[str], said: str, given: tuple[object, ...], kept: str
) -> None:
    logs.configure(logging.DEBUG, is_json=True)
    logging.getLogger("slack_bolt.AsyncApp").warning(said, *given)
    [line] = written(capsys)
    assert (line["event"], line["logger"]) == (kept, "slack_bolt.AsyncApp")
    assert "zebrafish" not in json.dumps(line)


def test_the_settings_choose_form_and_level(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARROOM_LOG_LEVEL", "warning")
    monkeypatch.setenv("WARROOM_LOG_FORMAT", "text")
    logs.configured(Settings.from_environment())
    structlog.get_logger().info("request", kind="command")
    structlog.get_logger().warning("request.refused", status=413)
    said = capsys.readouterr().err
    assert "request.refused" in said
    assert "status=413" in said
    assert "kind" not in said


def test_nobody_in_front_of_it_means_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WARROOM_LOG_FORMAT", raising=False)
    logs.configured(Settings.from_environment())
    structlog.get_logger().info("request", kind="command")
    [line] = written(capsys)
    assert line["kind"] == "command"
