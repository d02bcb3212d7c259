"""How is a webhook signed, and how is a signature checked?"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

# The specification's own window against replays.
WINDOW = timedelta(minutes=5)
_PREFIX = "whsec_"


class WrongSignature(Exception):
    """It is not signed with our secret, or it was signed too long ago."""


class EmptySecret(Exception):
    """The secret holds nothing to sign with."""


def headers(secret: str, name: str, sent_at: datetime, text: str) -> dict[str, str]:
    """The three headers of Standard Webhooks; the same name always has the same id.

    Raises:
        EmptySecret: there is nothing to sign with.
    """
    named = webhook_id(name)
    return {
        "webhook-id": named,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": _webhook(secret).sign(named, sent_at, text),
    }


def webhook_id(name: str) -> str:
    """How the other side knows what was sent under this name."""
    return "msg_" + hashlib.sha256(name.encode()).hexdigest()[:27]


def check(secret: str, given: Mapping[str, str], text: str, now: datetime) -> str:
    """The id of a webhook that is signed as Standard Webhooks asks.

    Raises:
        WrongSignature: it is not, or its time is more than five minutes off.
    """
    lower = {name.lower(): value for name, value in given.items()}
    given_id, stamp = lower.get("webhook-id", ""), lower.get("webhook-timestamp", "")
    if not given_id or not stamp:
        raise WrongSignature("webhook-id or webhook-timestamp is missing")
    sent_at = _time(stamp)
    if abs(now - sent_at) > WINDOW:
        raise WrongSignature("webhook-timestamp is more than five minutes off")
    try:
        expected = _webhook(secret).sign(given_id, sent_at, text).split(",", 1)[1]
    except EmptySecret as error:
        raise WrongSignature("no signature fits") from error
    for part in lower.get("webhook-signature", "").split():
        version, _, signature = part.partition(",")
        if version == "v1" and hmac.compare_digest(signature.encode(), expected.encode()):
            return given_id
    raise WrongSignature("no signature fits")


def check_pagerduty(secret: str, given: Mapping[str, str], body: bytes) -> None:
    """Check a PagerDuty V3 webhook: one of its signatures has to be ours.

    https://developer.pagerduty.com/docs/verifying-webhook-signatures

    Raises:
        WrongSignature: none is.
    """
    lower = {name.lower(): value for name, value in given.items()}
    expected = "v1=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    for part in lower.get("x-pagerduty-signature", "").split(","):
        if hmac.compare_digest(part.strip().encode(), expected.encode()):
            return
    raise WrongSignature("no signature fits")


def check_bearer(secret: str, authorization: str) -> None:
    """Check `Authorization: Bearer <secret>`, for those who cannot sign.

    Raises:
        WrongSignature: it is another secret, or none.
    """
    scheme, _, token = authorization.partition(" ")
    # Servers hand headers on as Latin-1; a secret of other letters was sent as UTF-8 bytes.
    sent = token.strip().encode("latin-1", "replace")
    if scheme.lower() != "bearer" or not hmac.compare_digest(sent, secret.encode()):
        raise WrongSignature("the bearer token is another one")


def _time(stamp: str) -> datetime:
    # `²` is a digit to isdigit(), and year 33658 none to datetime: both came in by the header.
    try:
        if not stamp.isascii() or not stamp.isdigit():
            raise ValueError("it is no number of seconds")
        return datetime.fromtimestamp(int(stamp), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise WrongSignature("webhook-timestamp is no time in seconds") from error


def _webhook(secret: str) -> Webhook:
    """The package's own reading of base64, padded or not; other secrets are the bytes they are."""
    bare = secret.removeprefix(_PREFIX)
    if not bare.strip():
        raise EmptySecret
    try:
        key = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except ValueError:
        key = secret.encode()
    return Webhook(key)
