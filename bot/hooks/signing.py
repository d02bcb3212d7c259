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


class WrongSignature(Exception):
    """It is not signed with our secret, or it was signed too long ago."""


def headers(secret: str, name: str, sent_at: datetime, text: str) -> dict[str, str]:
    """The three headers of Standard Webhooks; the same name always has the same id."""
    webhook_id = "msg_" + hashlib.sha256(name.encode()).hexdigest()[:27]
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": _webhook(secret).sign(webhook_id, sent_at, text),
    }


def check(secret: str, given: Mapping[str, str], text: str, now: datetime) -> str:
    """The id of a webhook that is signed as Standard Webhooks asks.

    Raises:
        WrongSignature: it is not, or its time is more than five minutes off.
    """
    lower = {name.lower(): value for name, value in given.items()}
    webhook_id, stamp = lower.get("webhook-id", ""), lower.get("webhook-timestamp", "")
    if not webhook_id or not stamp.isdigit() or len(stamp) > 12:
        raise WrongSignature("webhook-id or webhook-timestamp is missing")
    sent_at = datetime.fromtimestamp(int(stamp), UTC)
    if abs(now - sent_at) > WINDOW:
        raise WrongSignature("it was signed more than five minutes ago")
    expected = _webhook(secret).sign(webhook_id, sent_at, text).split(",", 1)[1]
    for part in lower.get("webhook-signature", "").split():
        version, _, signature = part.partition(",")
        if version == "v1" and hmac.compare_digest(signature.encode(), expected.encode()):
            return webhook_id
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


def _webhook(secret: str) -> Webhook:
    """The package wants base64; a secret that is not is taken as the bytes it is."""
    bare = secret.removeprefix("whsec_")
    try:
        return Webhook(base64.b64encode(base64.b64decode(bare, validate=True)).decode())
    except ValueError:
        return Webhook(base64.b64encode(secret.encode()).decode())
