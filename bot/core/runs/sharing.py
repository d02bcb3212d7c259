"""Which step of an earlier run is the same as this one, so that nobody does it twice?"""

from __future__ import annotations

from bot.core.runs.model import Runs
from runbooks.steps import Approval, FileUpload, Form, Manual, Webhook
from runbooks.steps import Step as Content


def shared(what: Content, runs: Runs) -> tuple[int, int] | None:
    """The run and number of the step that does for both; None where there is none.

    An approval is never shared: it is given for what its own run found out.
    """
    for run in runs.open:
        for step in run.steps:
            if step.left is None and step.same_as is None and covers(step.what, what):
                return run.number, step.n
    return None


def covers(earlier: Content, later: Content) -> bool:
    """Whether doing the earlier step does everything that the later one asks for."""
    if isinstance(later, Approval) or earlier.title != later.title:
        return False
    return _asked(later) <= _asked(earlier)


def _asked(what: Content) -> set[str]:
    return {*_of_kind(what), *(f"record {one.id}" for one in what.records)}


def _of_kind(what: Content) -> set[str]:
    match what:
        case Manual():
            return {"manual", *what.checks, *(["second pair"] if what.second_pair else [])}
        case FileUpload():
            return {"file_upload", *(one.id for one in what.evidence_kinds)}
        case Form():
            return {"form", *(one.id for one in what.fields)}
        case Webhook():
            return {"webhook", *(one.id for one in what.targets), *what.checks}
        case Approval():
            return {"approval"}
