"""What goes wrong here on purpose?"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatchcase

from bot.sandbox.model import Delivery, Json

# What each does, as the README and the command line say it.
OF_CALLS = {
    "latency": "waits `seconds` before anything is done",
    "429": "refuses with HTTP 429 and `Retry-After: seconds`",
    "500": "answers HTTP 500, nothing is done",
    "internal_error": "does it, and answers `internal_error`",
    "fatal_error": "does it, and answers `fatal_error`",
    "timeout": "never answers, nothing is done; the connection ends after `seconds`",
    "timeout_after": "does it and never answers",
    "drop": "closes the connection, nothing is done",
    "drop_after": "does it and closes the connection",
}
OF_DELIVERIES = {
    "lost": "the app never gets it, and nobody repeats it",
    "doubled": "the app gets it twice",
    "delayed": "the app gets it `seconds` late",
    "disconnect": "the Socket Mode connection breaks before the app's ack is read",
}
OUTAGE = "outage"
KINDS = {
    **OF_CALLS,
    **OF_DELIVERIES,
    OUTAGE: "nothing is answered and nothing sent for `seconds`, connections break",
}
_SECONDS = {"latency": 1.0, "429": 1.0, "timeout": 60.0, "timeout_after": 60.0, "delayed": 1.0}
_FORM = (
    "A fault is written METHOD:WHAT[:TIMES][:seconds=N][:chance=0.5][:seed=N], such as "
    "chat.postMessage:429:3."
)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong; `on` is a method, a command or a type of delivery, `*` in it any.

    It strikes `times` times, None for ever, each with the `chance` of 0 to 1, drawn by `seed`.
    `seconds` None means what is usual for the kind, and for an outage until it is cleared.
    """

    on: str
    what: str
    times: int | None = None
    seconds: float | None = None
    chance: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot strike.

        Raises:
            ValueError: with a sentence for people.
        """
        if self.what not in KINDS:
            raise ValueError(f"There is no fault {self.what!r}. There are: {', '.join(KINDS)}.")
        if not self.on or not isinstance(self.on, str):
            raise ValueError(_FORM)
        if self.times is not None and self.times < 1:
            raise ValueError("A fault strikes at least once.")
        if self.seconds is not None and not 0 <= self.seconds <= 86_400:
            raise ValueError("The seconds of a fault are 0 to 86,400.")
        if not 0 < self.chance <= 1:
            raise ValueError("The chance of a fault is above 0 and at most 1.")

    @property
    def lasts(self) -> float:
        """Its seconds, or what is usual."""
        return _SECONDS.get(self.what, 0.0) if self.seconds is None else self.seconds


def parse(spec: str) -> Fault:
    """A fault from its written form, such as "chat.postMessage:429:3".

    Raises:
        ValueError: with a sentence for people.
    """
    on, _, rest = spec.partition(":")
    what, *more = rest.split(":")
    if not (on and what):
        raise ValueError(_FORM)
    given: dict[str, str] = {}
    for part in more:
        name, equals, value = part.partition("=")
        given[name if equals else "times"] = value if equals else part
    read: dict[str, Callable[[str], float]] = {
        "times": int,
        "seconds": float,
        "chance": float,
        "seed": int,
    }
    try:
        options: Json = {name: read[name](value) for name, value in given.items()}
    except (KeyError, ValueError):
        raise ValueError(_FORM) from None
    return Fault(on, what, **options)


@dataclass
class _Standing:
    """A fault that waits for what it strikes."""

    id: str
    fault: Fault
    ends_at: float | None
    draws: random.Random
    struck: int = 0

    def strikes(self, *names: str) -> bool:
        if not any(fnmatchcase(name, self.fault.on) for name in names):
            return False
        if self.fault.chance < 1 and self.draws.random() >= self.fault.chance:
            return False
        self.struck += 1
        return True

    @property
    def is_spent(self) -> bool:
        return self.fault.times is not None and self.struck >= self.fault.times


@dataclass(frozen=True)
class Struck:
    """What happens to one call or delivery; `what` is empty when it is only `late` (seconds)."""

    what: str = ""
    seconds: float = 0.0
    late: float = 0.0
    slow: str = ""

    @property
    def name(self) -> str | None:
        """The word for the journal, None when nothing happens."""
        return self.what or self.slow or None


UNHURT = Struck()


@dataclass
class Faults:
    """All faults that stand; `tell` hears "faults" after each change.

    `seconds` is a clock that never runs backwards. `on_outage` are called when an outage begins.
    """

    seconds: Callable[[], float]
    tell: Callable[[str], None]
    on_outage: list[Callable[[], None]] = field(default_factory=list)
    _standing: list[_Standing] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, fault: Fault | str) -> str:
        """Let something go wrong from now on; the id under which it is listed.

        Raises:
            ValueError: the written form is not one; a sentence for people.
        """
        wanted = parse(fault) if isinstance(fault, str) else fault
        ends_at = None
        if wanted.what == OUTAGE and wanted.seconds is not None:
            ends_at = self.seconds() + wanted.seconds
        standing = _Standing(f"F{next(self._numbers)}", wanted, ends_at, random.Random(wanted.seed))
        self._standing.append(standing)
        if wanted.what == OUTAGE:
            for begin in self.on_outage:
                begin()
        self.tell("faults")
        return standing.id

    def clear(self, fault_id: str | None = None) -> bool:
        """Let one be, None for all; whether there was any."""
        before = len(self._standing)
        self._standing = [
            each for each in self._standing if fault_id is not None and each.id != fault_id
        ]
        self.tell("faults")
        return len(self._standing) < before

    def listing(self) -> list[Json]:
        """What stands, in the order it was added, with how often each has `struck`."""
        self._end()
        return [
            {"id": each.id, "struck": each.struck, **asdict(each.fault)} for each in self._standing
        ]

    @property
    def is_out(self) -> bool:
        """There is an outage now."""
        self._end()
        return any(each.fault.what == OUTAGE for each in self._standing)

    def on_call(self, method: str) -> Struck:
        """What happens to this call of a method, or to the use of a "response_url"."""
        if not self._standing:
            return UNHURT
        return Struck("drop") if self.is_out else self._strike(OF_CALLS, "latency", method)

    def on_delivery(self, kind: str, payload: Json) -> Struck:
        """What happens to this request to the app."""
        if not self._standing:
            return UNHURT
        if self.is_out:
            return Struck(OUTAGE)
        name = Delivery(kind, payload, None, 0.0, 0.0).name
        return self._strike(OF_DELIVERIES, "delayed", kind, name)

    def _strike(self, kinds: dict[str, str], slow: str, *names: str) -> Struck:
        struck = UNHURT
        for each in list(self._standing):
            what = each.fault.what
            if what not in kinds or (struck.what and what != slow) or not each.strikes(*names):
                continue
            if what == slow:
                struck = replace(struck, late=struck.late + each.fault.lasts, slow=slow)
            else:
                struck = replace(struck, what=what, seconds=each.fault.lasts)
            if each.is_spent:
                self._standing.remove(each)
            self.tell("faults")
        return struck

    def _end(self) -> None:
        now = self.seconds()
        left = [each for each in self._standing if each.ends_at is None or each.ends_at > now]
        if len(left) < len(self._standing):
            self._standing = left
            self.tell("faults")
