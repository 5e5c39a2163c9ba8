"""An API whose routes want keys, and the page on which its users make them."""

import os
from typing import Annotated

import uvicorn
from fastapi import Cookie, FastAPI, HTTPException, Security
from fastapi.responses import RedirectResponse
from keywright import ApiKey, KeyManager, KeysPage, Permission
from keywright.fastapi import KeyAuth, add_keys_page

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


async def signed_in(owner: Annotated[str | None, Cookie()] = None) -> str:
    if not owner:
        raise HTTPException(401, "Sign in first: /login?owner=ada")
    return owner


permissions = [
    Permission("hello.read", "Say hello", read_only=True),
    Permission("hello.write", "Change the greeting"),
]
add_keys_page(app, "/keys", keys, owner=signed_in, page=KeysPage(permissions=permissions))

if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")), access_log=False)
