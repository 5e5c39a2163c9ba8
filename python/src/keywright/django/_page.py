"""The page on which an owner manages their own keys, as a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from keywright._native import KeysPage
from keywright.django._guard import manager, request_parts
from keywright.django._middleware import key_exempt

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


def keys_page(
    owner: Callable[[HttpRequest], str], page: KeysPage | None = None
) -> Callable[[HttpRequest], HttpResponse]:
    """Make the view. The page has a protection against CSRF of its own.

    Args:
        owner: Gives the name of who has signed in; put `login_required` around the view.
        page: What the page looks like, and what keys may be given.
    """
    shown = page if page is not None else KeysPage()

    def view(request: HttpRequest) -> HttpResponse:
        body = request.read(KeysPage.LARGEST_BODY + 1)
        response = manager().keys_page(owner(request), request_parts(request, body), page=shown)
        headers = dict(response.headers)
        content_type = headers.pop("content-type", None)
        return HttpResponse(response.body, status=response.status, content_type=content_type, headers=headers)

    view.csrf_exempt = True  # type: ignore[attr-defined]
    exempt: Callable[[HttpRequest], HttpResponse] = key_exempt(view)
    return exempt
