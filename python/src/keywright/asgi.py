"""ASGI (Starlette, Litestar, Quart, …): `KeyMiddleware` around an app, or a part that is mounted.

    app = Starlette(routes=[Mount("/v1", KeyMiddleware(api, keys, scopes=["invoices.read"]))])

    async def invoices(request):
        return JSONResponse({"owner": api_key(request).owner.id})

`KeysPageApp` is the page on which users manage their own keys.

The middleware guards everything in the app that it wraps, whatever the path. To require other scopes of some
routes, wrap those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keywright._async import AsyncKeyManager
from keywright._guard import Guard, both
from keywright._native import ApiKey, KeysPage, RequestParts
from keywright.errors import InvalidStateError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping

    from keywright import KeyManager
    from keywright._native import Authorization
    from keywright._words import ErrorForm

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

__all__ = ["KeyMiddleware", "KeysPageApp", "api_key", "read_body", "request_parts"]

_PLACE = "keywright.api_key"


class KeyMiddleware:
    """Lets a request (or a WebSocket) pass only with a key that is good for it; answers it otherwise."""

    def __init__(
        self,
        app: App,
        keys: KeyManager | AsyncKeyManager,
        *,
        scopes: Iterable[str] = (),
        cost: int = 1,
        header: str | None = None,
        trusted_proxies: Iterable[str] = (),
        error_form: ErrorForm = "openai",
    ) -> None:
        """Guard an app.

        Args:
            app: What is guarded.
            keys: The opened store.
            scopes: All that each request requires.
            cost: How many usage credits each costs.
            header: A header that holds the key alone, besides `Authorization: Bearer`.
            trusted_proxies: The proxies whose `X-Forwarded-For` counts: CIDR blocks or addresses, and
                `unix` for whoever connects without an address.
            error_form: The form of a refusal's body: `openai`, or `problem` for RFC 9457's.
        """
        self.app = app
        self._guard = Guard(keys, cost, header, trusted_proxies, error_form)
        self._scopes = tuple(scopes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what may pass."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        answer = await self._guard.adecide(request_parts(scope), self._scopes)
        if not answer.allowed:
            await _refuse(answer, scope, receive, send)
            return
        scope[_PLACE] = answer.key
        await self.app(scope, receive, _adding(answer, send))


class KeysPageApp:
    """The page on which an owner manages their own keys, as an app: `Route("/keys", KeysPageApp(…))`."""

    def __init__(
        self,
        keys: KeyManager | AsyncKeyManager,
        owner: Callable[[Scope], str | Awaitable[str | None] | None],
        page: KeysPage | None = None,
    ) -> None:
        """Make the app.

        Args:
            keys: The opened store.
            owner: Who has signed in, given the request's scope; None for nobody, which is a 401.
            page: What the page looks like, and what keys may be given.
        """
        self._keys = both(keys)[1]
        self._owner = owner
        self._page = page if page is not None else KeysPage()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the page."""
        owner = self._owner(scope)
        if not isinstance(owner, str | None):
            owner = await owner
        if owner is None:
            await _send(send, 401, [(b"content-type", b"text/plain")], b"Sign in first.")
            return
        request = request_parts(scope, await read_body(receive))
        response = await self._keys.keys_page(owner, request, page=self._page)
        headers = [(name.encode(), value.encode()) for name, value in response.headers]
        await _send(send, response.status, headers, response.body)


async def read_body(receive: Receive) -> bytes:
    """Read a body, as far as the page does: of a larger one just so much that it is refused."""
    body = b""
    more = True
    while more and len(body) <= KeysPage.LARGEST_BODY:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def api_key(request: Any) -> ApiKey:
    """Give the key that was proven for this request: a Starlette or Litestar `Request`, or an ASGI scope."""
    scope: Mapping[str, Any] = request if isinstance(request, dict) else request.scope
    key = scope.get(_PLACE)
    if not isinstance(key, ApiKey):
        raise InvalidStateError("no key was proven for this request", "guard the route with KeyMiddleware")
    return key


def request_parts(scope: Mapping[str, Any], body: bytes = b"") -> RequestParts:
    """Give what counts of an ASGI request."""
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string", b"")
    target = raw_path + b"?" + query if query else raw_path
    client = scope.get("client")
    return RequestParts(
        scope.get("method", "GET"),
        target.decode("latin-1"),
        scope["headers"],
        peer=client[0] if client else None,
        body=body,
    )


def _adding(answer: Authorization, send: Send) -> Send:
    """Add what the key's limits say to the response."""
    headers = _encoded(answer)
    if not headers:
        return send

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *headers]
        await send(message)

    return send_with_headers


async def _refuse(answer: Authorization, scope: Scope, receive: Receive, send: Send) -> None:
    """Send the refusal."""
    kind = "http"
    if scope["type"] == "websocket":
        await receive()
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008})
            return
        kind = "websocket.http"
    await _send(send, answer.status, _encoded(answer), answer.body, kind)


async def _send(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes, kind: str = "http"
) -> None:
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": f"{kind}.response.start", "status": status, "headers": headers})
    await send({"type": f"{kind}.response.body", "body": body})


def _encoded(answer: Authorization) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in answer.headers]
