"""How does another system say that what it was asked is done, once?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import metrics
from bot.clock import Clock
from bot.core import ids
from bot.core.blockkit import shorten
from bot.core.failures import Permanent
from bot.core.outcome import Refused
from bot.core.webhooks import CalledBack, Sent
from bot.engine import NotWritten
from bot.hooks import inbound
from bot.hooks.bodies import Malformed
from bot.hooks.signing import WrongSignature
from bot.settings import Settings, plain

WAY = "callback"
_GOOD_FOR = timedelta(days=14)
_NOTE_CHARS = 500
_FAILED = frozenset({"failed", "failure", "error", "cancelled"})
Take = Callable[[int, CalledBack], Awaitable[bool]]


class Owed(Protocol):
    """One thing as the outbox holds it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def body(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def first_claimed_at(self) -> datetime: ...  # noqa: D102


class Token(BaseModel):
    """What an address stands for; `until` is in seconds since 1970."""

    incident: int
    name: str
    about: str
    target: str
    until: int


class Callbacks:
    """Addresses that say for themselves what they are for, signed, so that nobody makes one up."""

    def __init__(self, secret: str | None, public_url: str | None, clock: Clock) -> None:
        self.secret = secret
        self._public_url = public_url
        self._clock = clock

    @classmethod
    def of(cls, settings: Settings, clock: Clock) -> Callbacks:
        """As the settings say."""
        known = plain(settings.warroom_callback_secret)
        return cls(known, settings.warroom_public_url, clock)

    def url(self, owed: Owed) -> str:
        """The address to call back; the same each time that the same thing is sent.

        Raises:
            Permanent: the settings do not say where this bot is reached, or have no secret.
        """
        if not self._public_url or not self.secret:
            lacking = "WARROOM_CALLBACK_SECRET" if self._public_url else "WARROOM_PUBLIC_URL"
            raise Permanent("settings", f"{lacking} is not set")
        token = Token(
            incident=owed.body["incident"],
            name=owed.name,
            about=owed.body["about"],
            target=owed.body["target"]["id"],
            until=int((owed.first_claimed_at + _GOOD_FOR).timestamp()),
        )
        content = json.dumps(token.model_dump(), sort_keys=True, separators=(",", ":")).encode()
        signed = f"{_text(content)}.{_text(self._seal(content))}"
        return f"{self._public_url}/hooks/{WAY}/{signed}"

    def read(self, signed: str) -> Token:
        """What an address stands for.

        Raises:
            WrongSignature: it is not ours, or too old.
        """
        content, _, seal = signed.partition(".")
        try:
            raw, given = _bytes(content), _bytes(seal)
        except ValueError as error:
            raise WrongSignature("the address is not ours") from error
        # By its text, too: base64 has several for the same bytes, and one address is good once.
        is_written_so = (_text(raw), _text(given)) == (content, seal)
        is_ours = is_written_so and hmac.compare_digest(given, self._seal(raw))
        if not self.secret or not is_ours:
            raise WrongSignature("the address is not ours")
        try:
            token = Token.model_validate_json(raw)
        except ValidationError as error:
            raise WrongSignature("the address is not ours") from error
        if self._clock.now() > datetime.fromtimestamp(token.until, UTC):
            raise WrongSignature("the address is too old")
        return token

    def _seal(self, content: bytes) -> bytes:
        # A name of its own, so that a secret used elsewhere too signs nothing that fits here.
        return hmac.digest((self.secret or "").encode(), b"warroom callback " + content, "sha256")


def routes(callbacks: Callbacks, take: Take) -> list[Route]:
    """The way in for those who were told an address. A look (GET) completes nothing."""

    async def answer(request: Request) -> Response:
        try:
            body = await inbound.read(request, callbacks.secret)
            token = callbacks.read(request.path_params["token"])
            is_new = await take(token.incident, _came(token, body))
        except inbound.Closed:
            return inbound.said(WAY, 404, inbound.CLOSED)
        except inbound.TooLarge:
            return inbound.said(WAY, 413, inbound.TOO_LARGE)
        except (WrongSignature, Malformed) as error:
            return inbound.said(WAY, 401 if isinstance(error, WrongSignature) else 400, f"{error}")
        except NotWritten as error:
            return inbound.said(WAY, 503, str(error))
        except Refused:
            is_new = False
        if not is_new:
            return inbound.said(WAY, 409, "This address was used already, or nothing waits for it.")
        metrics.HOOKS.labels(WAY, "202").inc()
        return JSONResponse({"incident": ids.reference(token.incident)}, status_code=202)

    return [Route(f"/hooks/{WAY}/{{token}}", answer, methods=["POST"])]


def key(token_name: str) -> str:
    """Under which a call-back is written down: twice is once."""
    return f"{WAY} {hashlib.sha256(token_name.encode()).hexdigest()}"


def _came(token: Token, body: bytes) -> CalledBack:
    """What was said; an empty body says that it is done.

    Raises:
        Malformed: it is no JSON object.
    """
    given: Any = {}
    if body.strip():
        try:
            given = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Malformed("The body is not JSON.") from error
    if not isinstance(given, dict):
        raise Malformed("The body is not a JSON object.")
    status, note = given.get("status", "done"), given.get("note")
    said = ids.clean(note) if isinstance(note, str) else ""
    return CalledBack(
        Sent(token.name, token.about, token.target),
        is_done=str(status).casefold() not in _FAILED,
        note=shorten(said, _NOTE_CHARS) or None,
    )


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
