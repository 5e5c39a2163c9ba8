"""A key for every view of a project, but for those that say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keywright.django._guard import guard, options, passed, refusal, request_parts, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from keywright._native import Authorization

_EXEMPT = "_keywright_exempt"
_ANSWER = "_keywright_answer"


class KeyMiddleware:
    """Wants a key for every view, with the setting's `SCOPES`. It decides by the view, not by the path."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand around what comes next."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve, and add what the key's limits say."""
        response = self.get_response(request)
        answer: Authorization | None = getattr(request, _ANSWER, None)
        return response if answer is None else told(response, answer)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """Let the request reach the view only with a key that is good for it."""
        if getattr(view, _EXEMPT, False):
            return None
        answer = guard().decide(request_parts(request), options().get("SCOPES", ()))
        if not answer.allowed:
            return refusal(answer)
        passed(request, answer)
        setattr(request, _ANSWER, answer)
        return None


def key_exempt(view: Any) -> Any:
    """Mark a view that wants no key of the middleware's."""
    setattr(view, _EXEMPT, True)
    return view
