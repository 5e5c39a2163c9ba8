"""Django and Django REST framework under gunicorn: empty, keywright and djangorestframework-api-key."""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

FOLDER = Path(os.environ.get("BENCH_FOLDER") or sys.argv[1])

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of the benchmark",  # noqa: S106 - it signs nothing
    INSTALLED_APPS=["rest_framework", "rest_framework_api_key"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER / "django.db",
            "CONN_MAX_AGE": None,  # Django's default opens the file anew for each request
            "OPTIONS": {"init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"},
        }
    },
    REST_FRAMEWORK={
        "EXCEPTION_HANDLER": "keywright.django.drf.exception_handler",
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
    KEYWRIGHT={"STORE": FOLDER / "keywright.db"},
)
django.setup()

from keywright.django import api_key, require_key  # noqa: E402 - these want the settings
from keywright.django.drf import HasKey, KeyAuthentication  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402
from rest_framework_api_key.permissions import HasAPIKey  # noqa: E402


def empty(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"hello": "world"})


@require_key(scopes=["hello.read"])
def guarded(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"hello": api_key(request).name})


class Empty(APIView):
    def get(self, _request: Request) -> Response:
        return Response({"hello": "world"})


class Guarded(APIView):
    authentication_classes = [KeyAuthentication]  # noqa: RUF012 - as the framework has it
    permission_classes = [HasKey]  # noqa: RUF012
    key_scopes = ["hello.read"]  # noqa: RUF012

    def get(self, request: Request) -> Response:
        return Response({"hello": request.auth.name})


class Peer(Empty):
    permission_classes = [HasAPIKey]  # noqa: RUF012


urlpatterns = [
    path("empty", empty),
    path("keywright", guarded),
    path("drf-empty", Empty.as_view()),
    path("keywright-drf", Guarded.as_view()),
    path("drf-api-key", Peer.as_view()),
]
application = get_wsgi_application()

if __name__ == "__main__":
    from common import keywright_secrets, tell
    from django.core.management import call_command
    from rest_framework_api_key.models import APIKey

    call_command("migrate", verbosity=0)
    good, unknown = keywright_secrets(FOLDER / "keywright.db")
    _, theirs = APIKey.objects.create_key(name="world")
    tell(
        {
            "keywright": f"Bearer {good}",
            "unknown": f"Bearer {unknown}",
            "drf-api-key": f"Api-Key {theirs}",
        }
    )
    os.environ["BENCH_FOLDER"] = str(FOLDER)
    # One thread that keeps connections open; the default worker closes them after each answer.
    how = ["--worker-class", "gthread", "--threads", "1", "--keep-alive", "30", "--log-level", "warning"]
    here = ["--chdir", str(Path(__file__).parent), "--bind", f"127.0.0.1:{sys.argv[2]}", "django_app"]
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *how, *here])  # noqa: S606 - no shell is wanted
