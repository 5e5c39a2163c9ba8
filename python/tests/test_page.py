"""The keys page as Python has it: its options, and where it is mounted. What it does is tested with it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI, Header, HTTPException
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.routing import Route

from keywright import InvalidArgumentError, KeyManager, KeysPage, Logo, Permission, RequestParts
from keywright.asgi import KeysPageApp
from keywright.fastapi import add_keys_page

SECRET = re.compile(r"\w+_live_kw1\w{16}_\w{49}")


async def signed_in(user: Annotated[str | None, Header()] = None) -> str:
    if user is None:
        raise HTTPException(401, "sign in")
    return user


def named_by_header(scope: Any) -> str | None:
    return dict(scope["headers"]).get(b"user", b"").decode() or None


@pytest.fixture(params=["fastapi", "asgi"])
def client(keys: KeyManager, request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """Mount the page in an app; the user's name stands in a header."""
    page = KeysPage(permissions=[Permission("read", "See things", read_only=True)], title="Keys of mine")
    if request.param == "fastapi":
        app: Any = FastAPI()
        add_keys_page(app, "/keys", keys, owner=signed_in, page=page)
    else:
        by_header = KeysPageApp(
            keys, lambda scope: dict(scope["headers"]).get(b"user", b"").decode() or None, page
        )
        app = Starlette(routes=[Route("/keys", by_header)])
    with TestClient(app, follow_redirects=False) as opened:
        yield opened


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def test_a_key_is_made_shown_once_and_listed(client: TestClient, keys: KeyManager) -> None:
    assert client.get("/keys").status_code == 401
    ada = {"user": "ada"}
    form = fields(client.get("/keys?dialog=create", headers=ada).text)
    body = urlencode(
        {**form, "name": "<b>bold</b>", "permissions": "read_only", "expires": "never", "date": ""}
    )
    typed = {**ada, "content-type": "application/x-www-form-urlencoded"}
    made = client.post("/keys", content=body, headers=typed)
    secret = SECRET.search(made.text)
    assert secret is not None
    answer = keys.verify(secret[0], scopes=["read"])
    assert answer.key is not None
    assert (answer.key.owner.id, answer.key.name) == ("ada", "<b>bold</b>")
    again = client.get("/keys", headers=ada).text
    assert "&#60;b&#62;bold" in again or "&lt;b&gt;bold" in again
    assert secret[0] not in again
    assert "bold" not in client.get("/keys", headers={"user": "eve"}).text


def test_a_body_that_is_too_large_is_not_read(client: TestClient) -> None:
    huge = b"a" * (KeysPage.LARGEST_BODY + 1)
    assert client.post("/keys", content=huge, headers={"user": "ada"}).status_code == 413


def test_the_page_is_there_without_options_and_in_three_languages(keys: KeyManager) -> None:
    for language, title in (("en", "API keys"), ("de", "API-Schlüssel"), ("fr", "Clés")):
        request = RequestParts("GET", "/", [("accept-language", language)])
        response = keys.keys_page("ada", request)
        assert response.status == 200
        assert title in response.body.decode()
        assert "ada" not in repr(response)


@pytest.mark.parametrize(
    "options",
    [
        {"title": ""},
        {"language": "xx"},
        {"permissions": [Permission("Not A Scope", "x")]},
        {"permissions": [Permission("a", "x"), Permission("a", "y")]},
        {"expiries": []},
        {"expiries": [timedelta(hours=5)]},
        {"accent": "red; } body { display: none"},
        {"variables": {"--kw-x": "url(//evil)"}},
        {"logo": Logo(b"", "image/png", "logo")},
        {"logo": Logo(b"x", "text/html", "logo")},
        {"color_scheme": "sepia"},
        {"page_size": 0},
        {"trusted_proxies": ["everyone"]},
    ],
)
def test_options_that_can_not_be_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgumentError):
        KeysPage(**options)
