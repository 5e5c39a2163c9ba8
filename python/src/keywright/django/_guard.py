"""A key for each view that wants one."""

from __future__ import annotations

import os
import threading
from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from django.conf import settings
from django.http import HttpResponse

from keywright._guard import Guard
from keywright._manager import KeyManager
from keywright._native import ApiKey, Authorization, RequestParts
from keywright.errors import InvalidStateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    View = Callable[..., Any]

V = TypeVar("V", bound="Callable[..., Any]")

_PLACE = "_keywright_api_key"
_lock = threading.Lock()
_opened: dict[str | None, KeyManager] = {}
_guards: dict[tuple[Any, ...], Guard] = {}


def options() -> dict[str, Any]:
    """Give the project's settings."""
    return getattr(settings, "KEYWRIGHT", {})


def manager() -> KeyManager:
    """Give the project's key manager; it is opened at the first use."""
    store = options().get("STORE")
    name = None if store is None else os.fspath(store)
    with _lock:
        if name not in _opened:
            _opened[name] = KeyManager.open(store)
        return _opened[name]


def guard(cost: int = 1) -> Guard:
    """Give what decides, by the settings; it is made once."""
    given = options()
    proxies = tuple(given.get("TRUSTED_PROXIES", ()))
    how = (given.get("HEADER"), proxies, given.get("ERROR_FORM", "openai"))
    keys = manager()
    place = (keys, cost, *how)
    found = _guards.get(place)
    if found is None:
        found = _guards[place] = Guard(keys, cost, *how)
    return found


def request_parts(request: HttpRequest, body: bytes = b"") -> RequestParts:
    """Give what counts of a request."""
    # Only a literal path, with a raw query: Django keeps no more of what was received.
    target = request.get_full_path()
    peer = request.META.get("REMOTE_ADDR") or None
    return RequestParts(request.method or "GET", target, request.headers.items(), peer=peer, body=body)


@overload
def require_key(view: V, /) -> V: ...


@overload
def require_key(*, scopes: Iterable[str] = (), cost: int = 1) -> Callable[[V], V]: ...


def require_key(view: View | None = None, /, *, scopes: Iterable[str] = (), cost: int = 1) -> object:
    """Let a request reach the view only with a key that is good for it; answer it otherwise.

    The view needs no CSRF token: the key proves the request, and no cookie does.

    Args:
        view: The view, where the decorator stands without brackets.
        scopes: All that the view requires.
        cost: How many usage credits a request costs.
    """
    needed = tuple(scopes)

    def decorate(view: View) -> View:
        wrapper = _awaiting(view, needed, cost) if iscoroutinefunction(view) else _calling(view, needed, cost)
        wrapper.csrf_exempt = True  # type: ignore[attr-defined]
        return wrapper

    return decorate if view is None else decorate(view)


def _calling(view: View, scopes: tuple[str, ...], cost: int) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = guard(cost).decide(request_parts(request), scopes)
        if not answer.allowed:
            return refusal(answer)
        passed(request, answer)
        return told(view(request, *args, **kwargs), answer)

    return guarded


def _awaiting(view: View, scopes: tuple[str, ...], cost: int) -> View:
    @wraps(view)
    async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = await guard(cost).adecide(request_parts(request), scopes)
        if not answer.allowed:
            return refusal(answer)
        passed(request, answer)
        return told(await view(request, *args, **kwargs), answer)

    return guarded


def api_key(request: Any) -> ApiKey:
    """Give the key that was proven for this request."""
    key = getattr(request, _PLACE, None)
    if not isinstance(key, ApiKey):
        raise InvalidStateError("no key was proven for this request", "put @require_key on the view")
    return key


def passed(request: HttpRequest, answer: Authorization) -> None:
    """Keep the proven key with its request."""
    setattr(request, _PLACE, answer.key)


def refusal(answer: Authorization) -> HttpResponse:
    """Give the response for a request that may not pass."""
    headers = {**dict(answer.headers), "content-length": str(len(answer.body))}
    return HttpResponse(
        answer.body, status=answer.status, content_type=headers.pop("content-type"), headers=headers
    )


def told(response: object, answer: Authorization) -> HttpResponseBase:
    """Add what the key's limits say to a response."""
    whole = cast("HttpResponseBase", response)
    for name, value in answer.headers:
        whole.headers[name] = value
    return whole
