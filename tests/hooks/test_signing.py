"""Who is believed, and who is not?"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from bot.clock import Clock
from bot.hooks import signing
from bot.hooks.signing import EmptySecret, WrongSignature

NOW = datetime(2026, 3, 2, 3, 40, tzinfo=UTC)
TEXT = json.dumps({"title": "Refusal rate dropped"})
PADDED = base64.b64encode(b"a secret of some length").decode()
SECRETS = [f"whsec_{PADDED}", f"whsec_{PADDED.rstrip('=')}", PADDED, PADDED.rstrip("=")]


@pytest.mark.parametrize("secret", SECRETS)
def test_what_the_package_signs_is_believed_and_what_we_sign_the_package_believes(
    secret: str,
) -> None:
    now = Clock().now()
    package = Webhook(secret if secret.startswith("whsec_") else f"whsec_{secret}")
    given = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(now.timestamp())),
        "Webhook-Signature": package.sign("msg_1", now, TEXT),
    }
    assert signing.check(secret, given, TEXT, now) == "msg_1"
    assert package.verify(TEXT, signing.headers(secret, "one", now, TEXT)) == json.loads(TEXT)


@pytest.mark.parametrize("secret", ["another secret", "hunter222", "whsec_with-dashes", "ключ"])
def test_a_secret_that_is_no_base64_signs_as_the_bytes_it_is(secret: str) -> None:
    given = signing.headers(secret, "one", NOW, TEXT)
    assert signing.check(secret, given, TEXT, NOW)
    assert (
        Webhook(secret.encode()).sign(given["webhook-id"], NOW, TEXT)
        == (given["webhook-signature"])
    )


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_  ", " "])
def test_a_secret_that_holds_nothing_neither_signs_nor_believes(secret: str) -> None:
    given = signing.headers(SECRETS[0], "one", NOW, TEXT)
    with pytest.raises(EmptySecret):
        signing.headers(secret, "one", NOW, TEXT)
    with pytest.raises(WrongSignature):
        signing.check(secret, given, TEXT, NOW)


@pytest.mark.parametrize(
    "stamp",
    ["", "999999999999", "9" * 400, "9" * 5000, "²", "١٧", "-1", "1.5", "1e9", "soon", "0", " "],
)
def test_a_time_that_is_none_is_a_wrong_signature(stamp: str) -> None:
    given = {**signing.headers(SECRETS[0], "one", NOW, TEXT), "webhook-timestamp": stamp}
    with pytest.raises(WrongSignature):
        signing.check(SECRETS[0], given, TEXT, NOW)


@pytest.mark.parametrize(
    "off", [timedelta(minutes=-5, seconds=-1), timedelta(minutes=5, seconds=1)]
)
def test_what_was_signed_at_another_time_is_not_believed(off: timedelta) -> None:
    given = signing.headers(SECRETS[0], "one", NOW, TEXT)
    with pytest.raises(WrongSignature, match="five minutes"):
        signing.check(SECRETS[0], given, TEXT, NOW + off)
    assert signing.check(SECRETS[0], given, TEXT, NOW + off * 0.9)


@pytest.mark.parametrize("signature", ["", "v1", "v1,", "v1,é", "v2,abc", ",", "v1,AAAA v1,BBBB"])
def test_a_signature_that_is_none_is_not_believed(signature: str) -> None:
    given = {**signing.headers(SECRETS[0], "one", NOW, TEXT), "webhook-signature": signature}
    with pytest.raises(WrongSignature, match="no signature fits"):
        signing.check(SECRETS[0], given, TEXT, NOW)


@pytest.mark.parametrize("said", ["Bearer of-ours", "bearer  of-ours ", "BEARER of-ours"])
def test_a_bearer_who_knows_the_secret_is_believed(said: str) -> None:
    signing.check_bearer("of-ours", said)


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer ", "Bearer of-our", "Basic of-ours", "é \u20ac"]
)
def test_a_bearer_who_does_not_is_not(said: str) -> None:
    with pytest.raises(WrongSignature):
        signing.check_bearer("of-ours", said)
