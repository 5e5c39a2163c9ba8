"""Django REST framework: `KeyAuthentication` and `HasKey`, and the handler that answers as the wire wants.

class Invoices(APIView):
    authentication_classes = [KeyAuthentication]
    permission_classes = [HasKey]
    key_scopes = ["invoices.read"]

    def get(self, request):
        return Response({"owner": request.auth.owner.id})

REST_FRAMEWORK = {"EXCEPTION_HANDLER": "keywright.django.drf.exception_handler"}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException
from rest_framework.permissions import BasePermission
from rest_framework.views import exception_handler as usual_handler

from keywright._native import ApiKey, Authorization
from keywright.django._guard import guard, passed, refusal, request_parts

if TYPE_CHECKING:
    from django.http import HttpResponse
    from rest_framework.request import Request

__all__ = ["HasKey", "KeyAuthentication", "KeyUser", "Refused", "exception_handler"]


class Refused(APIException):
    """A request that may not pass."""

    def __init__(self, authorization: Authorization) -> None:
        """Keep the answer."""
        super().__init__("the API key was refused", authorization.code)
        self.status_code = authorization.status
        self.authorization = authorization


class KeyUser:
    """Who a request is by: whoever holds the key."""

    is_authenticated = True
    is_active = True
    is_anonymous = False
    is_staff = False
    is_superuser = False

    def __init__(self, key: ApiKey) -> None:
        """Stand for the key's owner."""
        self.key = key
        self.pk = self.id = self.username = key.owner.id

    def __str__(self) -> str:
        """Name the owner."""
        return self.username


class KeyAuthentication(BaseAuthentication):
    """Proves the key of a request, with the view's `key_scopes` and `key_cost`.

    `request.auth` is the key, `request.user` stands for its owner.
    """

    def authenticate(self, request: Request) -> tuple[KeyUser, ApiKey]:
        """Give owner and key, or refuse."""
        view = (request.parser_context or {}).get("view")
        scopes = getattr(view, "key_scopes", ())
        plain = request._request
        answer = guard(getattr(view, "key_cost", 1)).decide(request_parts(plain), scopes)
        key = answer.key
        if key is None:
            raise Refused(answer)
        passed(plain, answer)
        return KeyUser(key), key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the framework gives it
        """Say what a 401 asks for."""
        return 'Bearer realm="api"'


class HasKey(BasePermission):
    """Wants a key that was proven by `KeyAuthentication`."""

    def has_permission(self, request: Request, view: Any) -> bool:  # noqa: ARG002 - likewise
        """Say whether there is one."""
        return isinstance(request.auth, ApiKey)


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Answer a refused key with the same bytes as everywhere; everything else as the framework does."""
    if isinstance(error, Refused):
        return refusal(error.authorization)
    return usual_handler(error, context)
