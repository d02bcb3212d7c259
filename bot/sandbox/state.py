"""How does the workspace outlive its process?"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError

from bot.sandbox.model import (
    Canvas,
    Channel,
    File,
    Json,
    Notice,
    Notification,
    Person,
    Policy,
    Scheduled,
    UserGroup,
    View,
)
from bot.sandbox.workspace import Workspace

VERSION = 2
_BYTES = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
_REST_SECONDS = 0.3  # between two writings, so that a busy minute does not write all the time
# What is kept: the workspace's attributes and their types. Keys that are no strings become pairs.
KEPT: dict[str, Any] = {
    "people": dict[str, Person],
    "user_groups": dict[str, UserGroup],
    "channels": dict[str, Channel],
    "views": dict[str, list[View]],
    "homes": dict[str, View],
    "canvases": dict[str, Canvas],
    "scheduled": dict[str, Scheduled],
    "files": dict[str, File],
    "policy": Policy | None,
    "token_trouble": str,
    "notices": dict[str, list[Notice]],
    "entered": dict[tuple[str, str, str], dict[str, dict[str, Json]]],
    "read_until": dict[tuple[str, str], str],
    "read_since": str,
    "_notifications": dict[str, list[Notification]],
    "_numbers": dict[str, int],
    "_last_ts": int,
}
# What is not: it comes from the manifest or the process, or is over with it.
NOT_KEPT = {
    "app",
    "chosen",
    "url",
    "triggers",
    "responses",
    "tickets",
    "elapsed",
    "journal",
    "faults",
    "_clocks",
    "_watchers",
    "_event_takers",
}


class NotKept(ValueError):
    """The file cannot be taken for a state; the message is for people."""


def taken_up(workspace: Workspace, path: Path) -> bool:
    """Fill an empty workspace from the file; False when there is none.

    Raises:
        NotKept: it holds something else, or another version's or another app's state.
        OSError: it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    except UnicodeDecodeError as error:
        raise NotKept(f"{path} is not the state of a workspace. Name another file.") from error
    kept = _checked(path, text, workspace.app.app_id)
    try:
        for name, kind in KEPT.items():
            part = json.dumps(kept.get(name))
            _put(workspace, name, _adapter(kind).validate_json(part))
    except ValidationError as error:
        place = "/".join(str(part) for part in error.errors()[0]["loc"])
        told = f"{path} is damaged at {name}/{place}. Remove it to begin afresh."
        raise NotKept(told) from error
    return True


def save(workspace: Workspace, path: Path) -> None:
    """Write the workspace to the file, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    kept: Json = {"version": VERSION, "app_id": workspace.app.app_id}
    for name, kind in KEPT.items():
        value = getattr(workspace, name)
        pairs = list(value.items()) if _is_keyed_by_tuple(kind) else value
        kept[name] = _adapter(kind).dump_python(pairs, mode="json")
    # Half a surrogate pair, which an app can send, has no bytes in UTF-8.
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    # A process that is killed meanwhile leaves the old file as it was.
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


@contextlib.asynccontextmanager
async def keeping(workspace: Workspace, path: Path) -> AsyncIterator[None]:
    """Write the workspace soon after each change inside `async with`, and at its end."""
    changed = asyncio.Event()
    changed.set()
    stop = workspace.watch(lambda topic: changed.set() if topic != "faults" else None)
    writing = asyncio.create_task(_write_often(workspace, path, changed))
    try:
        yield
    finally:
        stop()
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await writing
        save(workspace, path)


async def _write_often(workspace: Workspace, path: Path, changed: asyncio.Event) -> None:
    while True:
        await changed.wait()
        changed.clear()
        save(workspace, path)
        await asyncio.sleep(_REST_SECONDS)


def _checked(path: Path, text: str, app_id: str) -> Json:
    try:
        kept = json.loads(text)
    except ValueError as error:
        raise NotKept(f"{path} is not the state of a workspace. Name another file.") from error
    if not isinstance(kept, dict) or "version" not in kept:
        raise NotKept(f"{path} is not the state of a workspace. Name another file.")
    if kept["version"] != VERSION:
        raise NotKept(
            f"{path} was written by version {kept['version']} of the sandbox's state, this is "
            f"{VERSION}. Name another file, or remove it to begin afresh."
        )
    if kept.get("app_id") != app_id:
        raise NotKept(
            f"{path} belongs to the app {kept.get('app_id')}, the manifest is of {app_id}. "
            "Name another file."
        )
    return kept


def _put(workspace: Workspace, name: str, value: Any) -> None:
    if name not in vars(workspace):
        raise AttributeError(name)
    present = getattr(workspace, name)
    if isinstance(present, dict):
        present.clear()
        present.update(value)
    else:
        setattr(workspace, name, value)


def _is_keyed_by_tuple(kind: Any) -> bool:
    return str(kind).startswith("dict[tuple")


@functools.cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(_as_json(kind), config=_BYTES)


def _as_json(kind: Any) -> Any:
    if not _is_keyed_by_tuple(kind):
        return kind
    return list[tuple[get_args(kind)]]  # type: ignore[misc]
