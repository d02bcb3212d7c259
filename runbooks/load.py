"""Which policy is in force, and what is wrong with the files that say so?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from runbooks.across import mismatches
from runbooks.model import (
    Calendar,
    Classification,
    Evidence,
    Governance,
    Habits,
    Model,
    Paging,
    Policy,
    Rights,
    Roles,
    Severities,
    Stakeholders,
    Titles,
    Webhooks,
)
from runbooks.reading import Faulty, Read, place, read

__all__ = ["FILES", "SHIPPED", "Faulty", "policy"]

SHIPPED = Path(__file__).parent
FILES: Mapping[str, type[Model]] = {
    "severities": Severities,
    "roles": Roles,
    "rights": Rights,
    "calendar": Calendar,
    "stakeholders": Stakeholders,
    "classification": Classification,
    "paging": Paging,
    "habits": Habits,
    "titles": Titles,
    "webhooks": Webhooks,
    "evidence": Evidence,
    "governance": Governance,
}


def policy(overlay: Path | None = None, time_zone: str | None = None) -> Policy:
    """The policy in force. `overlay` is a folder laid over the shipped one, file by file.

    `time_zone` stands in for the calendar's where it is given.

    Raises:
        Faulty: files are missing, are not YAML, or say something that the model refuses.
    """
    faults = list(_unknown_files(overlay))
    files = {name: _file(name, overlay) for name in FILES}
    faults += [fault for one in files.values() for fault in one.faults]
    if faults:
        raise Faulty("\n".join(faults))
    found = Policy.model_validate({name: one.model for name, one in files.items()})
    for wrong in mismatches(found):
        one = files[wrong.file]
        where = ".".join(str(step) for step in wrong.steps)
        faults.append(f"{place(one, wrong.steps)}: {where} {wrong.sentence}.")
    if faults:
        raise Faulty("\n".join(faults))
    if time_zone is None:
        return found
    calendar = found.calendar.model_copy(update={"time_zone": time_zone})
    return found.model_copy(update={"calendar": calendar})


def _unknown_files(overlay: Path | None) -> list[str]:
    if overlay is None:
        return []
    if not overlay.is_dir():
        told = f"WARROOM_CONTENT names {overlay}, which is not a folder."
        return [f"{told} Name the one that holds policy/."]
    known = ", ".join(f"{name}.yaml" for name in FILES)
    misplaced = [
        f"{overlay / name}.yaml, line 1: it is not read here. Move it into {overlay / 'policy'}."
        for name in FILES
        if (overlay / f"{name}.yaml").exists()
    ]
    return misplaced + [
        f"{path}, line 1: no file of this name is read. Rename it to one of {known}, or remove it."
        for path in sorted((overlay / "policy").glob("*"))
        if path.suffix not in {".yaml"} or path.stem not in FILES
    ]


def _file(name: str, overlay: Path | None) -> Read[Model]:
    path = SHIPPED / "policy" / f"{name}.yaml"
    if overlay is not None and (overlay / "policy" / path.name).exists():
        path = overlay / "policy" / path.name
    return read(path, FILES[name])
