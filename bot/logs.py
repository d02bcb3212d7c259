"""What may the log say, and what never?"""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import sys
import traceback
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO

import structlog

from bot.core.failures import Permanent, Retryable
from bot.settings import Settings

# A line says what happened to which incident. What else it carries is dropped, so that no token,
# message, evidence or typed word gets in by a key that nobody thought of.
KEYS = frozenset(
    "event level timestamp request incident effect owed kind outcome milliseconds status facts "
    "logger at reason code count seconds number about see way where fault error exception "
    "person group schedule daily attempt round chain seq".split()
)
_LONGEST_CHARS = 300
_SHORTEST_SECRET_CHARS = 6
_SHOWN = "[redacted]"
_SECRET_NAMES = re.compile(r"(TOKEN|SECRET|PASSWORD|_KEY)$")
_SECRETS = (
    re.compile(r"\bxox[a-z]{1,2}(?:\.xox[a-z])?-[\w.-]+"),
    re.compile(r"\bxapp-[\w.-]+"),
    re.compile(r"\bwhsec_[\w+/=-]+"),
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"),  # user:password@
    re.compile(r"(?i)\b(?:bearer|basic) [\w.~+/=-]{6,}"),
    re.compile(r"\bv[01]=[0-9a-f]{16,}"),
    re.compile(r"\bwss?://\S+"),  # Slack's addresses for Socket Mode hold a ticket
    re.compile(r"https?://hooks\.slack(?:-gov)?\.com/\S+"),
    re.compile(r"https?://\S+/response/\S+"),
)
# Where the words of a library's message end and what it was given begins.
_GIVEN = re.compile(r"""[({\[<"'`=:\n]""")

Line = MutableMapping[str, Any]


def configure(
    level: int, *, is_json: bool, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Log from this level on, our own lines and those of libraries by the same rules.

    `stream` None stands for stderr.
    """
    renderer = structlog.processors.JSONRenderer() if is_json else _console()
    structlog.configure(
        processors=[*_rules(secrets), renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [Foreign()]
    root.setLevel(level if level <= logging.DEBUG else max(level, logging.WARNING))
    # Bolt finds SLACK_BOT_TOKEN by itself and wonders why it is given a client as well.
    logging.getLogger("slack_bolt.AsyncApp").addFilter(
        lambda record: "`token` will be unused" not in record.getMessage()
    )


def configured(settings: Settings) -> None:
    """Log as the settings say; JSON wherever nobody sits in front of it."""
    is_json = settings.warroom_log_format == "json"
    if settings.warroom_log_format is None:
        is_json = not sys.stderr.isatty()
    level = logging.getLevelNamesMapping()[settings.warroom_log_level.upper()]
    configure(level, is_json=is_json, secrets=secrets_of(settings))


def secrets_of(settings: Settings) -> set[str]:
    """Every secret the environment holds, ours and those that the policy's webhooks name."""
    found = {value for name, value in os.environ.items() if _SECRET_NAMES.search(name)}
    for value in settings.model_dump().values():
        if hasattr(value, "get_secret_value"):
            found.add(value.get_secret_value())
    return {secret for secret in found if len(secret) >= _SHORTEST_SECRET_CHARS}


def _console() -> structlog.dev.ConsoleRenderer:
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def _rules(secrets: Iterable[str]) -> list[structlog.types.Processor]:
    known = sorted(secrets, key=len, reverse=True)
    patterns = (*(re.compile(re.escape(one)) for one in known), *_SECRETS)

    def redact(_logger: Any, _method: str, line: Line) -> Line:  # noqa: ANN401 (structlog's shape)
        for key, value in line.items():
            if isinstance(value, str):
                line[key] = _without(value, patterns)
        return line

    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.set_exc_info,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell_fault,
        redact,  # before lines are cut: of a secret across the cut a part would be left
        keep_known,
    ]


def _without(text: str, patterns: Iterable[re.Pattern[str]]) -> str:
    for pattern in patterns:
        text = pattern.sub(_SHOWN, text)
    return text


def keep_known(_logger: Any, _method: str, line: Line) -> Line:  # noqa: ANN401 (structlog's shape)
    """Only what a line may say, as short and plain values."""
    kept: Line = {}
    for key, value in line.items():
        if key not in KEYS:
            continue
        is_long = isinstance(value, str) and key != "exception"
        if is_long:
            kept[key] = value[:_LONGEST_CHARS]
        elif value is None or isinstance(value, str | int | float):
            kept[key] = value
        else:
            kept[key] = type(value).__name__
    return kept


def tell_fault(_logger: Any, _method: str, line: Line) -> Line:  # noqa: ANN401 (structlog's shape)
    """An exception by its types and places; its words only where they are ours.

    What an exception says may be what somebody typed: KeyError, ValueError, SlackApiError.
    """
    given = line.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        line["exception"] = _told(error)
    return line


def _told(error: BaseException) -> str:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = f"{_told(cause)}\n\n" if cause is not None else ""
    lines = ["Traceback (most recent call last):"]
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}')
    lines.append(f"{type(error).__qualname__}{_words_of(error)}")
    return before + "\n".join(lines)


def _words_of(error: BaseException) -> str:
    if isinstance(error, Permanent | Retryable | sqlite3.Error):  # sqlite3 quotes no values
        return f": {error}"
    sentence = getattr(error, "sentence", None)  # of storage, for people
    state = getattr(error, "sqlstate", None)
    return f": {sentence or state}" if sentence or state else ""


class Foreign(logging.Handler):
    """Takes what libraries log: their words, without anything they were given to print."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say it again as a line of ours."""
        # The template of a message with arguments is the library's own; a ready one is cut off
        # where what was put into it begins.
        template = str(record.msg)
        words = template if record.args else _GIVEN.split(template, maxsplit=1)[0]
        structlog.get_logger().log(
            record.levelno,
            words.strip(" -.,") or "said",
            logger=record.name,
            at=f"{record.module}:{record.lineno}",
            exc_info=record.exc_info,
        )
