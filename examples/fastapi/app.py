"""An API whose routes want keys, and the page on which its users make them."""

import os
from typing import Annotated

import uvicorn
from fastapi import FastAPI, Security
from fastapi.responses import RedirectResponse
from keywright import ApiKey, KeyManager
from keywright.fastapi import KeyAuth

app = FastAPI()
keys = KeyManager.open()
auth = KeyAuth(app, keys)


@app.get("/hello")
async def hello(key: Annotated[ApiKey, Security(auth, scopes=["hello.read"])]) -> dict[str, str]:
    return {"hello": key.name}


@app.get("/login")
async def login(owner: str) -> RedirectResponse:
    """A demo login: your app has its own."""
    response = RedirectResponse("/keys", 302)
    response.set_cookie("owner", owner, httponly=True, samesite="lax")
    return response


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")), access_log=False)
