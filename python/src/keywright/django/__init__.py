"""Django: `require_key` around a view, or `KeyMiddleware` around all of them; `api_key` in the view.

    # settings.py
    KEYWRIGHT = {"STORE": BASE_DIR / "keywright.db"}

    # views.py
    @require_key(scopes=["invoices.read"])
    def invoices(request):
        return JsonResponse({"owner": api_key(request).owner.id})

# urls.py: the page on which users manage their own keys, behind the project's own login
path("keys", login_required(keys_page(lambda request: str(request.user.pk))))

`keywright.django.drf` has what Django REST framework wants.

Settings, all optional: `STORE` (what `KeyManager.open` takes), `HEADER` (one that holds the key alone,
besides `Authorization: Bearer`), `TRUSTED_PROXIES` (those whose `X-Forwarded-For` counts: CIDR blocks or
addresses, and `unix` for a socket), `ERROR_FORM` (`openai` or `problem`), and for the middleware `SCOPES`.
"""

from keywright.django._guard import api_key, manager, request_parts, require_key
from keywright.django._middleware import KeyMiddleware, key_exempt
from keywright.django._page import keys_page

__all__ = ["KeyMiddleware", "api_key", "key_exempt", "keys_page", "manager", "request_parts", "require_key"]
