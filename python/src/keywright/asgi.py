"""ASGI (Starlette, Litestar, Quart, …): `KeyMiddleware` around an app, or a part that is mounted.

    app = Starlette(routes=[Mount("/v1", KeyMiddleware(api, keys, scopes=["invoices.read"]))])

    async def invoices(request):
        return JSONResponse({"owner": api_key(request).owner.id})

It guards everything in the app that it wraps, whatever the path. To require other scopes of some
routes, wrap those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keywright._guard import Guard
from keywright._native import ApiKey, RequestParts
from keywright.errors import InvalidStateError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping

    from keywright import AsyncKeyManager, KeyManager
    from keywright._native import Authorization
    from keywright._words import ErrorForm

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

__all__ = ["KeyMiddleware", "api_key", "request_parts"]

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
    headers = [*_encoded(answer), (b"content-length", str(len(answer.body)).encode())]
    await send({"type": f"{kind}.response.start", "status": answer.status, "headers": headers})
    await send({"type": f"{kind}.response.body", "body": answer.body})


def _encoded(answer: Authorization) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in answer.headers]
