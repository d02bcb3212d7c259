"""How fast is a server that reads a call, answers yes and does nothing else?"""

from __future__ import annotations

import asyncio
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


async def _answer(request: Request) -> Response:
    await request.json()
    return JSONResponse({"ok": True, "ts": "1700000000.000100"})


class _Server(uvicorn.Server):
    async def startup(self, sockets: object = None) -> None:
        await super().startup()
        port = self.servers[0].sockets[0].getsockname()[1]
        sys.stdout.write(f"port {port}\n")


if __name__ == "__main__":
    app = Starlette(routes=[Route("/api/{method}", _answer, methods=["POST"])])
    asyncio.run(_Server(uvicorn.Config(app, port=0, loop="asyncio", log_level="warning")).serve())
