"""FastAPI: a security scheme whose value is the proven key.

auth = KeyAuth(app, keys)

@app.get("/invoices")
def invoices(key: Annotated[ApiKey, Security(auth, scopes=["invoices.read"])]):
    return {"owner": key.owner.id}

and the page on which users manage their own keys, behind the app's own login:

add_keys_page(app, "/keys", keys, owner=current_user_id)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.openapi.models import HTTPBearer
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase

from keywright._guard import Guard, both
from keywright._native import ApiKey, Authorization, KeysPage
from keywright.asgi import read_body, request_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from keywright import AsyncKeyManager, KeyManager
    from keywright._words import ErrorForm

__all__ = ["KeyAuth", "Refused", "add_keys_page"]


class Refused(Exception):  # noqa: N818 - it is a refusal, and no fault of anybody's
    """A request that may not pass. Its answer is sent; catch it only to see why."""

    def __init__(self, authorization: Authorization) -> None:
        """Keep the answer."""
        super().__init__(authorization.code)
        self.authorization = authorization


class KeyAuth(SecurityBase):
    """Depends on a key that is good for the request; to be used in `Security(...)` with its scopes."""

    def __init__(
        self,
        app: FastAPI,
        keys: KeyManager | AsyncKeyManager,
        *,
        cost: int = 1,
        header: str | None = None,
        trusted_proxies: Iterable[str] = (),
        error_form: ErrorForm = "openai",
        scheme_name: str = "API key",
    ) -> None:
        """Make the scheme, and tell the app how a refusal is answered.

        Args:
            app: The app whose routes are guarded.
            keys: The opened store.
            cost: How many usage credits each request costs.
            header: A header that holds the key alone, besides `Authorization: Bearer`.
            trusted_proxies: The proxies whose `X-Forwarded-For` counts: CIDR blocks or addresses, and
                `unix` for whoever connects without an address.
            error_form: The form of a refusal's body: `openai`, or `problem` for RFC 9457's.
            scheme_name: What the scheme is called in OpenAPI.
        """
        self.model = HTTPBearer(description="An API key of this service")
        self.scheme_name = scheme_name
        self._guard = Guard(keys, cost, header, trusted_proxies, error_form)
        app.add_exception_handler(Refused, _answer)

    def costing(self, cost: int) -> KeyAuth:
        """Give the same scheme for routes that cost another number of usage credits."""
        other = object.__new__(KeyAuth)
        other.__dict__.update(self.__dict__)
        other._guard = self._guard.costing(cost)
        return other

    async def __call__(self, request: Request, response: Response, security_scopes: SecurityScopes) -> ApiKey:
        """Give the key, or refuse."""
        answer = await self._guard.adecide(request_parts(request.scope), security_scopes.scopes)
        key = answer.key
        if key is None:
            raise Refused(answer)
        for name, value in answer.headers:
            response.headers[name] = value
        return key


def add_keys_page(
    app: FastAPI | APIRouter,
    path: str,
    keys: KeyManager | AsyncKeyManager,
    *,
    owner: Callable[..., Any],
    page: KeysPage | None = None,
) -> None:
    """Put the page on which users manage their own keys at a path.

    Args:
        app: The app, or a router of it.
        path: Where the page is.
        keys: The opened store.
        owner: A dependency that gives the owner's name as a `str`. Where nobody has signed in it
            raises, for example `HTTPException(303, headers={"Location": "/login"})`.
        page: What the page looks like, and what keys may be given.
    """
    store, shown = both(keys)[1], page if page is not None else KeysPage()

    async def keys_page(request: Request, owner: str) -> Response:
        parts = request_parts(request.scope, await read_body(request.receive))
        response = await store.keys_page(owner, parts, page=shown)
        return Response(response.body, response.status, dict(response.headers))

    # The dependency is a value of this call, which an annotation can't name.
    keys_page.__annotations__ = {"request": Request, "owner": Annotated[str, Depends(owner)]}
    app.add_api_route(path, keys_page, methods=["GET", "HEAD", "POST"], include_in_schema=False)


async def _answer(_request: Request, refused: Exception) -> Response:
    assert isinstance(refused, Refused)  # noqa: S101 - only for it is this registered
    authorization = refused.authorization
    return Response(authorization.body, authorization.status, dict(authorization.headers))
