"""Does an address to call back do what it was made for, and nothing else?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.failures import Permanent
from bot.hooks.callbacks import Callbacks
from bot.hooks.signing import WrongSignature
from tests.clocks import StillClock
from tests.hooks.test_targets import Owed

BODY = {"incident": 12, "about": "step/3", "target": {"id": "generic"}}


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


def owed(clock: StillClock) -> Owed:
    return Owed(BODY, first_claimed_at=clock.now())


def address(clock: StillClock, secret: str = "a secret") -> str:
    return Callbacks(secret, "https://warroom.example", clock).url(owed(clock))


def token(clock: StillClock, secret: str = "a secret") -> str:
    return address(clock, secret).rpartition("/")[2]


def test_an_address_says_what_it_is_for_and_is_the_same_each_time(clock: StillClock) -> None:
    first, again = address(clock), address(clock)
    assert first == again
    assert first.startswith("https://warroom.example/hooks/callback/")
    read = Callbacks("a secret", None, clock).read(token(clock))
    assert (read.incident, read.about, read.target) == (12, "step/3", "generic")


def test_no_other_address_is_taken(clock: StillClock) -> None:
    back, good = Callbacks("a secret", None, clock), token(clock)
    back.read(good)
    changed = [
        good[:at] + ("A" if letter != "A" else "B") + good[at + 1 :]
        for at, letter in enumerate(good)
    ]
    for one in [*changed, good + "A", good + "=", "", ".", good.split(".")[0], token(clock, "x")]:
        with pytest.raises(WrongSignature):
            back.read(one)


def test_without_a_secret_nothing_fits(clock: StillClock) -> None:
    with pytest.raises(WrongSignature):
        Callbacks(None, None, clock).read(token(clock))
    with pytest.raises(Permanent, match="WARROOM_CALLBACK_SECRET is not set"):
        Callbacks(None, "https://warroom.example", clock).url(owed(clock))
    with pytest.raises(Permanent, match="WARROOM_PUBLIC_URL is not set"):
        Callbacks("a secret", None, clock).url(owed(clock))


def test_an_address_is_good_for_two_weeks(clock: StillClock) -> None:
    back, good = Callbacks("a secret", None, clock), token(clock)
    clock.move(timedelta(days=13, hours=23))
    back.read(good)
    clock.move(timedelta(hours=2))
    with pytest.raises(WrongSignature, match="too old"):
        back.read(good)
