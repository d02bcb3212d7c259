"""What can a test, a script or a drill do to the workspace over HTTP?"""

from __future__ import annotations

import base64
import inspect
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.faults import Fault
from bot.sandbox.files import Taken
from bot.sandbox.hands import Hands
from bot.sandbox.journal import Wanted
from bot.sandbox.model import Json

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox

_HERE = ("127.0.0.1", "localhost", "::1")
_MOST_LISTED = 20_000
_LONGEST_MOVE = 366 * 86_400  # seconds
# What a person can do: every public act of theirs.
ACTS = tuple(
    name for name, act in inspect.getmembers(Hands, inspect.isfunction) if not name.startswith("_")
)

Answer = Callable[[Request], Awaitable[Any]]


class Control:
    """The control API under /control/: JSON in, JSON out, for this machine only."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Control this workspace."""
        self._sandbox = sandbox

    def routes(self) -> list[BaseRoute]:
        """The routes, for a Starlette or FastAPI application."""
        answers: list[tuple[str, str, Answer]] = [
            ("GET", "faults", self._faults),
            ("POST", "faults", self._add_fault),
            ("DELETE", "faults", self._clear_faults),
            ("DELETE", "faults/{id}", self._clear_faults),
            ("POST", "disconnect", self._disconnect),
            ("POST", "ssl_check", self._check_ssl),
            ("GET", "journal", self._journal),
            ("DELETE", "journal", self._clear_journal),
            ("GET", "clock", self._clock),
            ("POST", "clock", self._move_clock),
            ("GET", "people", self._people),
            ("GET", "people/{id}/notifications", self._notifications),
            ("GET", "people/{id}/notices", self._notices),
            ("GET", "people/{id}/views", self._views),
            ("GET", "people/{id}/channels", self._channels),
            ("GET", "people/{id}/channels/{channel}/messages", self._messages),
            ("POST", "people/{id}/{act}", self._act),
            ("POST", "state", self._save),
        ]
        found: list[BaseRoute] = [
            Route(f"/control/{path}", _guarded(answer), methods=[verb])
            for verb, path, answer in answers
        ]
        rest = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return [*found, Route("/control/{rest:path}", _guarded(self._nothing), methods=rest)]

    async def _faults(self, _: Request) -> Json:
        return {"faults": self._sandbox.faults.listing()}

    async def _add_fault(self, request: Request) -> Json:
        given = await _body(request)
        if "fault" in given:
            return {"id": self._sandbox.faults.add(str(given["fault"]))}
        try:
            fault = Fault(**given)
        except TypeError as error:
            names = ", ".join(field.name for field in fields(Fault))
            raise ValueError(f'Give "fault", or of these: {names}.') from error
        return {"id": self._sandbox.faults.add(fault)}

    async def _clear_faults(self, request: Request) -> Json:
        fault_id = request.path_params.get("id")
        if not self._sandbox.faults.clear(fault_id) and fault_id:
            raise LookupError(f"There is no fault {fault_id}.")
        return {}

    async def _disconnect(self, _: Request) -> Json:
        self._sandbox.link.cut()
        return {}

    async def _check_ssl(self, _: Request) -> Json:
        return {"answered": await self._sandbox.deliver.check_ssl()}

    async def _journal(self, request: Request) -> Json:
        asked = request.query_params
        ok = asked.get("ok")
        wanted = Wanted(
            kind=asked.get("kind", ""),
            name=asked.get("name", ""),
            is_failed=None if ok is None else ok not in ("1", "true"),
            after=_number(asked.get("after", "0")),
            limit=min(_number(asked.get("limit", "200")), _MOST_LISTED),
        )
        return {"entries": self._sandbox.journal.listing(wanted)}

    async def _clear_journal(self, _: Request) -> Json:
        self._sandbox.journal.clear()
        return {}

    async def _clock(self, _: Request) -> Json:
        return self._time()

    async def _move_clock(self, request: Request) -> Json:
        if self._sandbox.move is None:
            raise ValueError("This clock cannot be moved.")
        seconds = (await _body(request)).get("seconds")
        if not isinstance(seconds, (int, float)) or not 0 < seconds <= _LONGEST_MOVE:
            raise ValueError('Give "seconds" by which the clock moves on, up to a year.')
        self._sandbox.move(timedelta(seconds=seconds))
        return self._time()

    def _time(self) -> Json:
        return {
            "now": self._sandbox.now().astimezone(UTC).isoformat(),
            "can_move": self._sandbox.move is not None,
        }

    async def _people(self, _: Request) -> Json:
        people = self._sandbox.workspace.people.values()
        acts = {name: _arguments(getattr(Hands, name)) for name in ACTS}
        return {"people": [_json(one) for one in people], "acts": acts}

    async def _notifications(self, request: Request) -> Json:
        person_id = self._person(request)
        return {"notifications": _json(self._sandbox.workspace.notifications(person_id))}

    async def _notices(self, request: Request) -> Json:
        person_id = self._person(request)
        return {"notices": _json(self._sandbox.workspace.notices.get(person_id, []))}

    async def _views(self, request: Request) -> Json:
        person_id, workspace = self._person(request), self._sandbox.workspace
        home = workspace.homes.get(person_id)
        return {"views": _json(workspace.views.get(person_id, [])), "home": _json(home)}

    async def _channels(self, request: Request) -> Json:
        seen = self._sandbox.workspace.channels_seen_by(self._person(request))
        shown = [
            {name: value for name, value in _json(channel).items() if name != "messages"}
            for channel in seen
        ]
        return {"channels": shown}

    async def _messages(self, request: Request) -> Json:
        person_id, channel_id = self._person(request), request.path_params["channel"]
        workspace = self._sandbox.workspace
        if channel_id not in [one.id for one in workspace.channels_seen_by(person_id)]:
            raise LookupError(f"{person_id} sees no channel {channel_id}.")
        return {"messages": _json(workspace.messages_seen_by(channel_id, person_id))}

    async def _act(self, request: Request) -> Json:
        name = request.path_params["act"]
        if name not in ACTS:
            raise LookupError(f"Nobody can {name}. People can: {', '.join(ACTS)}.")
        act = getattr(self._sandbox.as_person(self._person(request)), name)
        done = act(**_fitting(act, await _body(request)))
        return {"result": _json(await done if inspect.isawaitable(done) else done)}

    async def _save(self, _: Request) -> Json:
        self._sandbox.save()
        return {}

    async def _nothing(self, request: Request) -> Json:
        raise LookupError(f"There is no {request.method} {request.url.path} here.")

    def _person(self, request: Request) -> str:
        person_id = str(request.path_params["id"])
        if person_id not in self._sandbox.workspace.people:
            raise LookupError(f"Nobody has the id {person_id}.")
        return person_id


def _guarded(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def guarded(request: Request) -> Response:
        if not _is_from_here(request):
            return _told(403, "This is for programs on this machine.")
        try:
            return JSONResponse({"ok": True, **await answer(request)})
        except LookupError as error:
            return _told(404, str(error.args[0]))
        except ValueError as error:
            return _told(400, str(error))

    return guarded


def _is_from_here(request: Request) -> bool:
    # A page somewhere in the web could otherwise reach it through the browser of whoever reads it.
    if request.url.hostname not in _HERE:
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).hostname in _HERE


def _told(status: int, sentence: str) -> Response:
    return JSONResponse({"ok": False, "error": sentence}, status)


def _number(word: str) -> int:
    if not (word.isascii() and word.isdigit()):
        raise ValueError(f"{word!r} is no whole number.")
    return int(word)


def _fitting(act: Callable[..., Any], given: Json) -> Json:
    """The arguments as the act takes them.

    Raises:
        ValueError: one is missing, unknown or of another type; with how the act is written.
    """
    hints = get_type_hints(act)
    fitting = {name: _fit(value, hints.get(name)) for name, value in given.items()}
    try:
        inspect.signature(act).bind(**fitting)
    except TypeError as error:
        raise ValueError(f"{_written(act)}: {error}.") from error
    wrong = [name for name, value in fitting.items() if not _is(value, hints[name])]
    if wrong:
        raise ValueError(f"{_written(act)}: {', '.join(wrong)} of another type.")
    return fitting


def _written(act: Callable[..., Any]) -> str:
    return f"{act.__name__}{_arguments(act)}"


def _arguments(act: Callable[..., Any]) -> str:
    inside = str(inspect.signature(act)).partition(" -> ")[0]
    return inside.replace("'", "").replace("(self, ", "(").replace("(self)", "()")


def _fit(value: Any, hint: Any) -> Any:
    if hint == Taken and isinstance(value, list):
        return [_taken(each) for each in value]
    # JSON has no tuples.
    return tuple(value) if get_origin(hint) is tuple and isinstance(value, list) else value


def _taken(given: Any) -> tuple[str, bytes]:
    is_pair = isinstance(given, list) and len(given) == 2
    if not is_pair or not all(isinstance(each, str) for each in given):
        raise ValueError("A file is a list of its name and its bytes in base64.")
    name, content = given
    return name, base64.b64decode(content, validate=True)


def _is(value: Any, hint: Any) -> bool:
    if get_origin(hint) is UnionType:
        return any(_is(value, each) for each in get_args(hint))
    if get_origin(hint) is tuple:
        parts = get_args(hint)
        return len(value) == len(parts) and all(map(_is, value, parts))
    return isinstance(value, get_origin(hint) or hint)


async def _body(request: Request) -> Json:
    body = await request.body()
    try:
        given = json.loads(body) if body else {}
    except ValueError:
        raise ValueError("The body is no JSON.") from None
    if not isinstance(given, dict):
        raise ValueError("The body is no JSON object.")
    return given


def _json(value: Any) -> Any:
    """The value in JSON's types."""
    if is_dataclass(value) and not isinstance(value, type):
        return _json(asdict(value))
    if isinstance(value, dict):
        return {str(name): _json(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(each) for each in value]
    if isinstance(value, (set, frozenset)):
        return sorted(_json(each) for each in value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
