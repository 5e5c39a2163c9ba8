"""The middleware for ASGI, and FastAPI's scheme, in their own test client."""

from typing import Annotated

import pytest
from fastapi import FastAPI, Security, WebSocket
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import WebSocketDenialResponse

from keywright import ApiKey, AsyncKeyManager, InvalidStateError, KeyManager
from keywright.asgi import KeyMiddleware, api_key
from keywright.fastapi import KeyAuth, Refused


async def who(request: Request) -> JSONResponse:
    return JSONResponse({"who": api_key(request).name})


async def greet(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json({"who": api_key(websocket).name})
    await websocket.close()


def bearer(keys: KeyManager, **options: object) -> dict[str, str]:
    made = keys.create("a", **options)  # type: ignore[arg-type] # options of create
    return {"authorization": f"Bearer {made.secret.reveal()}"}


@pytest.fixture
def starlette(keys: KeyManager) -> TestClient:
    inner = Starlette(routes=[Route("/who", who), WebSocketRoute("/greet", greet)])
    guarded = KeyMiddleware(inner, keys, scopes=["read"], trusted_proxies=["unix"])
    return TestClient(Starlette(routes=[Mount("/v1", guarded), Route("/open", who)]))


def test_what_is_mounted_behind_the_middleware_wants_a_key(keys: KeyManager, starlette: TestClient) -> None:
    assert starlette.get("/v1/who").status_code == 401
    assert starlette.get("/v1/nowhere").status_code == 401
    good = bearer(keys, scopes=["read"], rate_limit="5/60s")
    answer = starlette.get("/v1/who", headers=good)
    assert (answer.json(), answer.headers["ratelimit"]) == ({"who": "a"}, '"rate_limit";r=4')
    assert starlette.get("/v1/nowhere", headers=good).status_code == 404
    assert starlette.get("/v1/who", headers=bearer(keys, scopes=[])).status_code == 403


def test_outside_of_it_there_is_no_key(keys: KeyManager, starlette: TestClient) -> None:
    with pytest.raises(InvalidStateError, match="no key was proven"):
        starlette.get("/open", headers=bearer(keys))


def test_a_websocket_wants_a_key_too(keys: KeyManager, starlette: TestClient) -> None:
    with starlette.websocket_connect("/v1/greet", headers=bearer(keys)) as socket:
        assert socket.receive_json() == {"who": "a"}
    with pytest.raises(WebSocketDenialResponse) as refusal, starlette.websocket_connect("/v1/greet"):
        pass
    assert refusal.value.status_code == 401


def application(keys: KeyManager | AsyncKeyManager) -> FastAPI:
    app = FastAPI()
    auth = KeyAuth(app, keys, header="x-api-key")

    @app.get("/read")
    async def read(key: Annotated[ApiKey, Security(auth, scopes=["read"])]) -> dict[str, str]:
        return {"who": key.name}

    @app.get("/dear")
    def dear(key: Annotated[ApiKey, Security(auth.costing(3))]) -> dict[str, str]:
        return {"who": key.name}

    return app


def test_fastapi_gives_the_key_to_the_handler(keys: KeyManager) -> None:
    client = TestClient(application(keys))
    assert client.get("/read").status_code == 401
    assert client.get("/read", headers=bearer(keys, scopes=["read"])).json() == {"who": "a"}
    refused = client.get("/read", headers=bearer(keys, scopes=[]))
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "insufficient_permissions")
    own = {"x-api-key": bearer(keys)["authorization"].removeprefix("Bearer ")}
    assert client.get("/read", headers=own).status_code == 200


def test_a_route_may_cost_more_than_others(keys: KeyManager) -> None:
    client, key = TestClient(application(keys)), bearer(keys, credits=4)
    answer = client.get("/dear", headers=key)
    assert (answer.status_code, answer.headers["ratelimit"]) == (200, '"credits";r=1')
    assert client.get("/dear", headers=key).json()["error"]["code"] == "insufficient_quota"
    assert client.get("/read", headers=key).status_code == 200


def test_openapi_shows_the_scheme(keys: KeyManager) -> None:
    schema = application(keys).openapi()
    assert schema["components"]["securitySchemes"]["API key"]["scheme"] == "bearer"
    assert [*schema["paths"]["/read"]["get"]["security"][0]] == ["API key"]


def test_a_refusal_can_be_answered_otherwise(keys: KeyManager) -> None:
    app = application(keys)

    async def answer(_request: Request, refused: Exception) -> JSONResponse:
        assert isinstance(refused, Refused)
        return JSONResponse({"because": refused.authorization.code}, refused.authorization.status)

    app.add_exception_handler(Refused, answer)
    assert TestClient(app).get("/read").json() == {"because": "missing_credential"}


def test_only_an_opened_store_guards(keys: KeyManager) -> None:
    for wrong in (None, "keys.db", object()):
        with pytest.raises(TypeError, match="KeyManager"):
            KeyAuth(FastAPI(), wrong)  # type: ignore[arg-type] # that is what is tried
    client, key = TestClient(application(keys)), bearer(keys)
    keys.close()
    assert client.get("/read", headers=key).status_code == 503
