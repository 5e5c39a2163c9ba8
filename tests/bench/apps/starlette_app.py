"""Starlette: empty, and the same endpoint inside keywright's ASGI middleware."""

import uvicorn
from common import folder_and_port, keywright_secrets, tell
from keywright import KeyManager
from keywright.asgi import KeyMiddleware, api_key
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

folder, port = folder_and_port()
good, unknown = keywright_secrets(folder / "keywright.db")


async def empty(_request: Request) -> JSONResponse:
    return JSONResponse({"hello": "world"})


async def guarded(request: Request) -> JSONResponse:
    return JSONResponse({"hello": api_key(request).name})


inner = Route("/", guarded)
guard = KeyMiddleware(inner, KeyManager.open(folder / "keywright.db"), scopes=["hello.read"])
app = Starlette(routes=[Route("/empty", empty), Mount("/keywright", guard)])

if __name__ == "__main__":
    tell({"keywright": f"Bearer {good}", "unknown": f"Bearer {unknown}"})
    uvicorn.run(app, port=port, access_log=False, log_level="warning")
