"""Which step of an earlier run is the same act as this one, so that nobody does it twice?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from bot.core.runs.model import Run, Runs, Step
from runbooks.steps import Approval, FileUpload, Form, Manual, Webhook, pages
from runbooks.steps import Step as Content

T = TypeVar("T", bound=Any)
_MOST = 10  # of what is ticked off in one step
_MOST_PAGES = 6


def found(what: Content, runs: Runs) -> tuple[Run, Step] | None:
    """The step of an earlier run that is the same act; None where there is none.

    An approval is never shared: it is given for what its own run found out.
    """
    for run in runs.open:
        for step in run.steps:
            if step.left is None and step.same_as is None and _is_same(step.what, what):
                return run, step
    return None


def covers(earlier: Content, later: Content) -> bool:
    """Whether doing the earlier step does everything that the later one asks for."""
    return earlier.type == later.type and _asked(later) <= _asked(earlier)


def both(step: Step, later: Content) -> Content | None:
    """What a step asks for when it is done for another run, too; None where that is too much.

    What somebody said is done, for another to look, asks for no more.
    """
    earlier = step.what
    if step.is_closed or step.claimed_by:
        return None
    more = {name: _joined(getattr(earlier, name), getattr(later, name)) for name in _lists(earlier)}
    for name in ("second_pair", "restricted", "sealed_copy", "redacted_copy"):
        if hasattr(earlier, name):
            more[name] = getattr(earlier, name) or getattr(later, name)
    grown = earlier.model_copy(update={**more, **_of_all(earlier, later)})
    return grown if _fits(grown) else None


def rest(earlier: Content, later: Content) -> Content | None:
    """What the later step still asks for when the earlier is done; None where that is all of it."""
    left = {name: _without(getattr(later, name), getattr(earlier, name)) for name in _lists(later)}
    is_less = any(len(left[name]) < len(getattr(later, name)) for name in left)
    return later.model_copy(update=left) if is_less and any(left.values()) else None


def _is_same(earlier: Content, later: Content) -> bool:
    if isinstance(later, Approval) or earlier.type != later.type:
        return False
    if earlier.shares or later.shares:
        return earlier.shares == later.shares
    return earlier.title == later.title and covers(earlier, later)


def _lists(what: Content) -> tuple[str, ...]:
    """The names of what a step of this kind asks for, piece by piece."""
    match what:
        case Manual():
            return ("checks", "records")
        case FileUpload():
            return ("evidence_kinds", "records")
        case Form():
            return ("fields", "records")
        case Webhook():
            return ("targets", "checks", "records")
        case Approval():
            return ()


def _joined(earlier: T, later: T) -> T:
    if isinstance(earlier, tuple):
        known = {one.id for one in earlier}
        return (*earlier, *(one for one in later if one.id not in known))  # type: ignore[return-value]
    return {**later, **earlier}  # type: ignore[return-value]


def _without(later: T, earlier: T) -> T:
    if isinstance(later, tuple):
        known = {one.id for one in earlier}
        return tuple(one for one in later if one.id not in known)  # type: ignore[return-value]
    return {id_: said for id_, said in later.items() if id_ not in earlier}  # type: ignore[return-value]


def _of_all(earlier: Content, later: Content) -> dict[str, object]:
    """Owners, words and the end of a step that two runs share."""
    ends = earlier.gate.completes_when or later.gate.completes_when
    done = earlier.done_when
    if later.done_when != done:
        done = f"{done} {later.done_when}"
    return {
        "supported_by": (*earlier.supported_by, *later.owner, *later.supported_by),
        "instruction": f"{earlier.instruction}\n\n{later.instruction}",
        "done_when": done,
        "gate": earlier.gate.model_copy(update={"completes_when": ends}),
    }


def _fits(what: Content) -> bool:
    sizes = [len(getattr(what, name)) for name in _lists(what) if name not in {"fields", "records"}]
    asked: Sequence[Any] = (*(what.fields if isinstance(what, Form) else ()), *what.records)
    return max(sizes, default=0) <= _MOST and len(pages(asked)) <= _MOST_PAGES


def _asked(what: Content) -> set[str]:
    asked = {f"{name} {one}" for name in _lists(what) for one in _ids(getattr(what, name))}
    flags = ("second_pair", "restricted", "sealed_copy", "redacted_copy")
    asked |= {name for name in flags if getattr(what, name, False)}
    return asked | ({what.gate.completes_when} if what.gate.completes_when else set())


def _ids(asked: Any) -> list[str]:  # noqa: ANN401 (a mapping by id, or what has one)
    return [*asked] if isinstance(asked, dict) else [getattr(one, "id", one) for one in asked]
