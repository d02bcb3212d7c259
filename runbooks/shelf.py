"""Which runbooks are there, and which version of each exactly?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from runbooks.runbook import Runbook, is_review_overdue


@dataclass(frozen=True)
class Pin:
    """The exact content of a runbook, for the record of a run.

    `sha256` is of the file's bytes, as `sha256sum` says it; `overlay_sha256` of those of the file
    laid over it, None where there is none.
    """

    id: str
    version: str
    sha256: str
    overlay_sha256: str | None = None


@dataclass(frozen=True)
class Book:
    """A runbook as it holds here, overlay included, with its pin; `is_own` where not shipped."""

    runbook: Runbook
    pin: Pin
    is_own: bool = False


@dataclass(frozen=True)
class Library:
    """All runbooks by id, the shipped ones first."""

    books: Mapping[str, Book]

    def find(self, words: str) -> tuple[Book, ...]:
        """Whom somebody may mean: the one of that id or title, else all that begin with it."""
        wanted = _bare(words.strip())
        names = [(one, (one.pin.id, _bare(one.runbook.title))) for one in self.books.values()]
        exact = tuple(one for one, each in names if wanted in each)
        return exact or tuple(
            one for one, each in names if wanted and any(name.startswith(wanted) for name in each)
        )

    def fitting(self, family: str | None, failure_mode: str | None, rank: int) -> tuple[Book, ...]:
        """Those to offer, the best fit first: by failure mode and family, then by either.

        None where it is not known yet; what fits neither is left out. Among equals: where the mode
        is known, what is made for few of them; else what is made for many; then by severity.
        """
        modes = 1 if failure_mode else -1
        fits = {
            id_: (failure_mode in one.runbook.failure_modes) * 2 + (family in one.runbook.families)
            for id_, one in self.books.items()
        }

        def order(one: Book) -> tuple[int, ...]:
            runbook = one.runbook
            apart = abs(runbook.severity.rank - rank)
            return (
                -fits[one.pin.id], len(runbook.families), modes * len(runbook.failure_modes), apart
            )  # fmt: skip

        return tuple(sorted((one for id_, one in self.books.items() if fits[id_]), key=order))

    def general(self, rank: int) -> tuple[Book, ...]:
        """All of them, for when only the severity is known: what is made for most comes first."""

        def order(one: Book) -> tuple[int, ...]:
            runbook = one.runbook
            apart = abs(runbook.severity.rank - rank)
            return -len(runbook.failure_modes), -len(runbook.families), apart

        return tuple(sorted(self.books.values(), key=order))

    def overdue(self, today: date) -> tuple[Book, ...]:
        """Those whose review is overdue on that day."""
        return tuple(one for one in self.books.values() if is_review_overdue(one.runbook, today))


NO_BOOKS = Library({})


def is_record_owed(runbook: Runbook, governance_tier: int | None) -> bool:
    """Whether an incident of that tier needs a record of the run; a higher tier asks for more.

    None, no tier set, owes none.
    """
    least = runbook.governance_tier_min
    return governance_tier is not None and least is not None and governance_tier >= least


def _bare(title: str) -> str:
    return title.casefold().replace(" ", "-")
