"""How do the bytes of a file come in and go out?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox import files, filetypes
from bot.sandbox.model import File, Json
from bot.sandbox.workspace import TEAM_ID, TEAM_NAME, Workspace

# What uploads and downloads are called in the journal and in faults.
UPLOAD, DOWNLOAD = "upload_url", "url_private"
_SHARED_PAGE = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox"


# Tells what a request gives, for the journal.
Read = Callable[[Request], Awaitable[Json]]
# Takes a request to its answer, with the journal and what goes wrong on purpose.
Answered = Callable[[str, Request, Callable[[Json], Response], Read], Awaitable[Response]]


class Transfers:
    """Uploads by ticket, downloads with the app's token, and what people's browsers show."""

    def __init__(self, workspace: Workspace, answered: Answered, token: str) -> None:
        """Serve this workspace's files; `token` is the app's."""
        self._workspace = workspace
        self._answered = answered
        self._token = token

    def routes(self) -> list[BaseRoute]:
        """The routes, for a Starlette or FastAPI application."""
        return [
            Route("/upload/v1/{ticket}", self._upload, methods=["POST"]),
            Route("/files-pri/{place}/{name:path}", self._download, methods=["GET"]),
            Route("/files/{user}/{file}/{name:path}", self._permalink, methods=["GET"]),
            Route("/shown/{ticket}/{name:path}", self._shown, methods=["GET"]),
            Route("/signin", self._sign_in, methods=["GET"]),
        ]

    async def _upload(self, request: Request) -> Response:
        ticket, sent = request.path_params["ticket"], []

        async def read(request: Request) -> Json:
            sent.append(await _bytes(request))
            return {"bytes": len(sent[0])}

        return await self._answered(UPLOAD, request, lambda _: self._take(ticket, sent[0]), read)

    def _take(self, ticket: str, sent: bytes) -> Response:
        upload = self._workspace.tickets.upload(ticket)
        if upload is None:
            return PlainTextResponse("No such upload", 404)
        if not sent:
            return PlainTextResponse("No bytes", 400)
        wrong = self._workspace.chosen.wrong_length
        if len(sent) != upload.length and wrong is not None:
            return PlainTextResponse(f"Expected {upload.length} bytes", wrong)
        upload.file.content, upload.is_sent = sent, True
        return PlainTextResponse(f"OK - {len(sent)}")

    async def _download(self, request: Request) -> Response:
        file_id = request.path_params["place"].removeprefix(f"{TEAM_ID}-")
        is_saved = request.path_params["name"].startswith("download/")

        async def read(_: Request) -> Json:
            return {"file": file_id}

        def give(_: Json) -> Response:
            return self._given(request, file_id, is_saved=is_saved)

        return await self._answered(DOWNLOAD, request, give, read)

    def _given(self, request: Request, file_id: str, *, is_saved: bool) -> Response:
        if not self._is_app(request):
            return self._turned_away(request)
        file = self._workspace.files.get(file_id)
        if file is None or file.is_deleted:
            return PlainTextResponse("No such file", 404)
        if not files.sees(self._workspace, self._workspace.app.bot_user_id, file):
            return self._turned_away(request)
        return _sent(file, is_saved=is_saved)

    async def _permalink(self, request: Request) -> Response:
        return self._turned_away(request)

    async def _shown(self, request: Request) -> Response:
        shown = self._workspace.tickets.shown(request.path_params["ticket"])
        person_id, file_id = shown or ("", "")
        file = self._workspace.files.get(file_id)
        if file is None or file.is_deleted or not files.sees(self._workspace, person_id, file):
            return PlainTextResponse("No such file", 404)
        return _sent(file, is_saved="download" in request.query_params)

    async def _sign_in(self, request: Request) -> Response:
        place = escape(request.query_params.get("redir", ""))
        title = f"<title>Sign in to {TEAM_NAME}</title>"
        told = f"<h1>Sign in to {TEAM_NAME}</h1><p>You need to sign in to see {place}</p>"
        return HTMLResponse(f'<!DOCTYPE html><html lang="en">{title}{told}</html>')

    def _is_app(self, request: Request) -> bool:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        is_token = kind.lower() == "bearer" and token.strip() == self._token
        has_scope = "files:read" in self._workspace.app.scopes
        return is_token and has_scope and not self._workspace.token_trouble

    def _turned_away(self, request: Request) -> Response:
        status = self._workspace.chosen.login_page
        if status is None:
            return PlainTextResponse("Forbidden", 403)
        return RedirectResponse(f"/signin?redir={quote(request.url.path, safe='')}", status)


async def _bytes(request: Request) -> bytes:
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type != "multipart/form-data":
        return await request.body()
    try:
        form = await request.form()
    except (HTTPException, ValueError):
        return b""
    for part in form.values():
        if isinstance(part, UploadFile):
            return await part.read()
    return b""


def _sent(file: File, *, is_saved: bool) -> Response:
    kind = filetypes.mime(file.name)
    is_seen = kind.startswith("image/") and not is_saved
    how = "inline" if is_seen else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.name, safe='')}",
        # What somebody else uploaded runs no scripts on this server's pages.
        "Content-Security-Policy": _SHARED_PAGE,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(file.content, media_type=kind, headers=headers)
