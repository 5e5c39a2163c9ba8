"""The official `openai` package, unmodified, with nothing set but where the server is and the admin key:
every method that it has around admin keys, projects, their keys and service accounts. Each answer is
held against the package's own types, strictly.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import openai
import pytest
from _server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("server") / "keys.db")
    yield started
    assert started.end() == 0


@pytest.fixture(scope="module")
def admin_key(server: Server) -> str:
    return server.admin_key()


def client(server: Server, admin_key: str, **options: Any) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=f"{server.url}/v1",
        api_key="unused",
        admin_api_key=admin_key,
        _strict_response_validation=True,
        **options,
    )


@pytest.fixture(scope="module")
def org(server: Server, admin_key: str) -> Any:
    return client(server, admin_key).admin.organization


def works(server: Server, secret: str) -> bool:
    return server.ask("GET", "/v1/keys/self", secret)[0] == 200


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_environment_is_enough(
    server: Server, admin_key: str, slash: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1{slash}")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", admin_key)
    assert openai.OpenAI().admin.organization.projects.list().data[0].name == "default"


def test_admin_keys(server: Server, org: Any) -> None:
    made = org.admin_api_keys.create(name="ci", expires_in_seconds=3600)
    assert made.value.startswith("kw_admin_kw1")
    assert made.expires_at == made.created_at + 3600
    assert made._request_id.startswith("req_")
    assert works(server, made.value)

    one = org.admin_api_keys.retrieve(made.id)
    assert (one.name, one.redacted_value) == ("ci", made.redacted_value)
    assert one.last_used_at is None or one.last_used_at >= made.created_at
    more = [org.admin_api_keys.create(name=f"more {number}") for number in range(5)]
    listed = [key.id for key in org.admin_api_keys.list(limit=2)]
    assert listed[-6:] == [made.id, *(key.id for key in more)]
    newest = [key.id for key in org.admin_api_keys.list(limit=2, order="desc")]
    assert newest == listed[::-1]

    gone = org.admin_api_keys.delete(made.id)
    assert (gone.id, gone.deleted, gone.object) == (made.id, True, "organization.admin_api_key.deleted")
    assert not works(server, made.value)
    with pytest.raises(openai.NotFoundError):
        org.admin_api_keys.retrieve(made.id)


def test_projects(org: Any) -> None:
    made = [org.projects.create(name=f"project {number}") for number in range(5)]
    first = made[0]
    assert (first.object, first.status, first.archived_at) == ("organization.project", "active", None)
    assert org.projects.retrieve(first.id) == first
    assert org.projects.update(first.id, name="renamed").name == "renamed"
    listed = [project.id for project in org.projects.list(limit=2)]
    assert listed[-5:] == [project.id for project in made]

    archived = org.projects.archive(first.id)
    assert archived.status == "archived"
    assert archived.archived_at >= archived.created_at
    assert first.id not in [project.id for project in org.projects.list(limit=2)]
    assert first.id in [project.id for project in org.projects.list(limit=2, include_archived=True)]
    with pytest.raises(openai.BadRequestError):
        org.projects.update(first.id, name="again")
    default = org.projects.list(limit=1).data[0]
    with pytest.raises(openai.BadRequestError):
        org.projects.update(default.id, name="other")
    with pytest.raises(openai.NotFoundError) as missing:
        org.projects.retrieve("proj_000000000000000000000000")
    assert missing.value.code == "project_not_found"


def test_service_accounts_and_their_keys(server: Server, org: Any) -> None:
    project = org.projects.create(name="service accounts").id
    accounts = org.projects.service_accounts
    made = accounts.create(project, name="bot", expires_in_seconds=3600)
    assert (made.role, made.api_key.name) == ("member", "Secret Key")
    assert made.api_key.expires_at == made.api_key.created_at + 3600
    assert works(server, made.api_key.value)

    alone = accounts.create(project, name="alone", create_service_account_only=True)
    assert alone.api_key is None
    assert accounts.retrieve(alone.id, project_id=project).name == "alone"
    assert accounts.update(alone.id, project_id=project, name="renamed").name == "renamed"
    listed = [account.name for account in accounts.list(project, limit=2)]
    assert listed == ["default", "bot", "renamed"]

    plain = accounts.api_keys.create(alone.id, project_id=project)
    named = accounts.api_keys.create(
        alone.id, project_id=project, name="third", scopes=["api.model.read"], expires_in_seconds=None
    )
    assert (plain.name, named.name, named.expires_at) == ("Secret Key", "third", None)
    assert works(server, plain.value)

    gone = accounts.delete(alone.id, project_id=project)
    assert gone.deleted
    assert not works(server, plain.value)
    assert works(server, made.api_key.value)
    with pytest.raises(openai.NotFoundError):
        accounts.retrieve(alone.id, project_id=project)


def test_project_api_keys(server: Server, org: Any) -> None:
    project = org.projects.create(name="keys").id
    keys = org.projects.api_keys
    made = [org.projects.service_accounts.create(project, name=f"bot {number}") for number in range(5)]
    listed = list(keys.list(project, limit=2))
    assert [key.id for key in listed] == [account.api_key.id for account in made]
    assert [key.owner.service_account.id for key in listed] == [account.id for account in made]
    assert not keys.list(project, owner_project_access="inactive").data

    account = made[0]
    one = keys.retrieve(account.api_key.id, project_id=project)
    assert (one.owner_project_access, one.owner.type) == ("active", "service_account")
    changed = keys.update(one.id, project_id=project, scopes=["api.all.read"], expires_in_seconds=60)
    assert changed.expires_at is not None
    with pytest.raises(openai.BadRequestError):
        keys.update(one.id, project_id=project)

    gone = keys.delete(one.id, project_id=project)
    assert (gone.id, gone.deleted) == (one.id, True)
    assert not works(server, account.api_key.value)
    with pytest.raises(openai.NotFoundError):
        keys.retrieve(one.id, project_id=project)
    # The account itself stays.
    assert org.projects.service_accounts.retrieve(account.id, project_id=project).name == "bot 0"


def test_audit_logs(org: Any, server: Server, admin_key: str) -> None:
    project = org.projects.create(name="audited")
    org.projects.archive(project.id)
    # What OpenAI has no name for isn't in the package's types.
    lenient = openai.OpenAI(base_url=f"{server.url}/v1", api_key="unused", admin_api_key=admin_key)
    logs = lenient.admin.organization.audit_logs
    events = list(logs.list(resource_ids=[project.id], limit=1))
    assert [event.type for event in events] == ["project.archived", "project.created"]
    acting = lenient.admin.organization.admin_api_keys.list(limit=1).data[0]
    assert events[0].actor is not None
    assert events[0].actor.api_key is not None
    assert events[0].actor.api_key.id == acting.id
    none = logs.list(effective_at={"lt": events[-1].effective_at}, resource_ids=[project.id])
    assert not none.data
    strict = org.audit_logs.list(event_types=["project.created", "project.archived"], limit=100)
    assert {event.type for event in strict} == {"project.created", "project.archived"}


def test_refusals_are_the_classes_of_the_package(server: Server, org: Any) -> None:
    project = org.projects.create(name="refusals")
    made = org.projects.service_accounts.create(project.id, name="bot")
    with pytest.raises(openai.AuthenticationError) as dead:
        client(server, "My Admin API Key").admin.organization.projects.list()
    assert (dead.value.status_code, dead.value.code) == (401, "invalid_api_key")
    assert dead.value.request_id
    with pytest.raises(openai.PermissionDeniedError) as lacking:
        client(server, made.api_key.value).admin.organization.projects.list()
    assert lacking.value.code == "insufficient_permissions"
    with pytest.raises(openai.BadRequestError) as bad:
        org.projects.list(limit=1000)
    assert (bad.value.code, bad.value.param) == ("integer_above_max_value", "limit")
    with pytest.raises(openai.NotFoundError):
        org.users.list()


def test_a_true_conflict_is_not_tried_again(server: Server, org: Any, admin_key: str) -> None:
    org.projects.create(name="taken")
    raw = client(server, admin_key, max_retries=5).admin.organization.projects.with_raw_response
    with pytest.raises(openai.ConflictError) as conflict:
        raw.create(name="taken")
    assert conflict.value.response.request.headers["x-stainless-retry-count"] == "0"


def test_a_create_is_repeated_safely_with_an_idempotency_key(server: Server, org: Any) -> None:
    once = {"Idempotency-Key": "the first of its kind"}
    lost = org.admin_api_keys.create(name="once", extra_headers=once)
    got = org.admin_api_keys.create(name="once", extra_headers=once)
    assert lost.id == got.id
    assert not works(server, lost.value)
    assert works(server, got.value)
    with pytest.raises(openai.ConflictError):
        org.admin_api_keys.create(name="once", extra_headers=once)


def test_ids_are_one_part_of_the_path(org: Any) -> None:
    for id_ in ["a/b", "a?b", "a#b", "\u00e9", "%2F"]:
        with pytest.raises(openai.NotFoundError):
            org.admin_api_keys.retrieve(id_)
        with pytest.raises(openai.NotFoundError):
            org.projects.api_keys.list(id_)


def test_async(server: Server, admin_key: str) -> None:
    async def story() -> None:
        async with openai.AsyncOpenAI(
            base_url=f"{server.url}/v1",
            api_key="unused",
            admin_api_key=admin_key,
            _strict_response_validation=True,
        ) as async_client:
            org = async_client.admin.organization
            project = await org.projects.create(name="async")
            accounts = org.projects.service_accounts
            made = await asyncio.gather(
                *(accounts.create(project.id, name=f"bot {number}") for number in range(10))
            )
            listed = [key.id async for key in org.projects.api_keys.list(project.id, limit=3)]
            secrets = [account.api_key for account in made if account.api_key is not None]
            assert sorted(listed) == sorted(key.id for key in secrets)
            await asyncio.gather(
                *(org.projects.api_keys.delete(key.id, project_id=project.id) for key in secrets)
            )
            assert not (await org.projects.api_keys.list(project.id)).data
            assert not any(works(server, key.value) for key in secrets)
            with pytest.raises(openai.NotFoundError):
                await org.projects.retrieve("proj_000000000000000000000000")

    asyncio.run(story())


def test_it_goes_on_after_the_server_was_away(tmp_path: Path) -> None:
    server = Server(tmp_path / "keys.db")
    key = server.admin_key()
    made = client(server, key).admin.organization.projects.create(name="before")
    server.kill()
    with pytest.raises(openai.APIConnectionError):
        client(server, key, max_retries=0).admin.organization.projects.list()
    server.start()
    names = [project.name for project in client(server, key).admin.organization.projects.list()]
    assert names == ["default", made.name]
    assert server.end() == 0
