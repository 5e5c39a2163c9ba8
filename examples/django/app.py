"""An API whose views want keys, and the page on which its users make them; a project in one file."""

import os
import sys

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path
from keywright import KeysPage, Permission
from keywright.django import api_key, keys_page, require_key

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.urandom(32),  # a demo signs nothing that has to last
    KEYWRIGHT={"STORE": os.environ.get("KEYWRIGHT_STORE", "keywright.db")},
)


@require_key(scopes=["hello.read"])
def hello(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"hello": api_key(request).name})


def login(request: HttpRequest) -> HttpResponse:
    """A demo login: your app has its own."""
    response = HttpResponseRedirect("/keys")
    response.set_cookie("owner", request.GET["owner"], httponly=True, samesite="Lax")
    return response


def signed_in(request: HttpRequest) -> str:
    owner = request.COOKIES.get("owner")
    if not owner:
        raise PermissionDenied("Sign in first: /login?owner=ada")
    return owner


permissions = [
    Permission("hello.read", "Say hello", read_only=True),
    Permission("hello.write", "Change the greeting"),
]
urlpatterns = [
    path("hello", hello),
    path("login", login),
    path("keys", keys_page(signed_in, KeysPage(permissions=permissions))),
]

if __name__ == "__main__":
    port = os.environ.get("PORT", "8000")
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", f"127.0.0.1:{port}"])
