"""An API whose views want keys, and the page on which its users make them; a project in one file."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path
from keywright.django import api_key, require_key

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


urlpatterns = [path("hello", hello), path("login", login)]

if __name__ == "__main__":
    port = os.environ.get("PORT", "8000")
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", f"127.0.0.1:{port}"])
