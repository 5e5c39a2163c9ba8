"""Django's decorator and middleware, and what Django REST framework wants."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client, override_settings
from django.urls import path

from keywright import InvalidStateError, KeyManager

settings.configure(
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="for tests",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"],
    MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
    REST_FRAMEWORK={"EXCEPTION_HANDLER": "keywright.django.drf.exception_handler"},
)
django.setup()

from rest_framework.response import Response  # noqa: E402 - Django is set up first
from rest_framework.views import APIView  # noqa: E402

from keywright.django import api_key, key_exempt, manager, require_key  # noqa: E402
from keywright.django.drf import HasKey, KeyAuthentication  # noqa: E402


@require_key(scopes=["read"])
def read(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"who": api_key(request).name})


@require_key
async def later(request: HttpRequest) -> HttpResponse:
    await asyncio.sleep(0)
    return JsonResponse({"who": api_key(request).name})


def plain(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"who": api_key(request).name})


@key_exempt
def public(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("public")


class Rest(APIView):
    """A view of the framework's."""

    authentication_classes = (KeyAuthentication,)
    permission_classes = (HasKey,)
    key_scopes = ("read",)

    def get(self, request: Any) -> Response:
        return Response({"who": request.auth.name, "owner": str(request.user)})


urlpatterns = [
    path("read", read),
    path("later", later),
    path("plain", plain),
    path("public", public),
    path("rest", Rest.as_view()),
]


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyManager]:
    """Give the project's own manager, on a store of the test's."""
    with override_settings(KEYWRIGHT={"STORE": tmp_path / "keys.db", "SCOPES": ["read"]}):
        opened = manager()
        yield opened
        opened.close()


def bearer(keys: KeyManager, **options: Any) -> dict[str, str]:
    return {"authorization": f"Bearer {keys.create('a', owner='cust_42', **options).secret.reveal()}"}


def test_a_view_wants_a_key(keys: KeyManager) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.get("/read").status_code == 401
    answer = client.post("/read", headers=bearer(keys, scopes=["read"], credits=5))
    assert (answer.json(), answer["ratelimit"]) == ({"who": "a"}, '"credits";r=4')
    refused = client.get("/read", headers=bearer(keys, scopes=[]))
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "insufficient_permissions")
    assert client.get("/read?api_key=x").json()["error"]["code"] == "key_in_url"


def test_a_view_may_be_asynchronous(keys: KeyManager) -> None:
    assert Client().get("/later").status_code == 401
    assert Client().get("/later", headers=bearer(keys)).json() == {"who": "a"}


def test_a_view_without_the_decorator_has_no_key(keys: KeyManager) -> None:
    with pytest.raises(InvalidStateError, match="no key was proven"):
        Client().get("/plain", headers=bearer(keys))


def test_the_middleware_decides_by_the_view(keys: KeyManager) -> None:
    with override_settings(MIDDLEWARE=["keywright.django.KeyMiddleware"]):
        client = Client()
        assert client.get("/plain").status_code == 401
        answer = client.get("/plain", headers=bearer(keys, rate_limit="9/1h"))
        assert (answer.json(), answer["ratelimit"]) == ({"who": "a"}, '"rate_limit";r=8')
        assert client.get("/plain", headers=bearer(keys, scopes=[])).status_code == 403
        assert client.get("/public").content == b"public"
        assert client.get("/nowhere").status_code == 404


def test_rest_framework_gets_owner_and_key(keys: KeyManager) -> None:
    client = Client()
    missing = client.get("/rest")
    assert missing.content == client.get("/read").content
    assert (missing.status_code, missing["www-authenticate"]) == (401, 'Bearer realm="api"')
    assert client.get("/rest", headers=bearer(keys)).json() == {"who": "a", "owner": "cust_42"}
    assert client.get("/rest", headers=bearer(keys, scopes=[])).status_code == 403
