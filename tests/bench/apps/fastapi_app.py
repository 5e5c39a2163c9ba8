"""FastAPI: empty, its own HTTPBearer, keywright and keyshield."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Annotated

import uvicorn
from common import OWN, folder_and_port, keywright_secrets, tell
from fastapi import Depends, FastAPI, HTTPException, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from keyshield import ApiKey as KeyshieldKey
from keyshield import ApiKeyService
from keyshield.api import create_depends_api_key
from keyshield.hasher.argon2 import Argon2ApiKeyHasher
from keyshield.repositories.sql import SqlAlchemyApiKeyRepository
from keywright import ApiKey, KeyManager
from keywright.fastapi import KeyAuth
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

folder, port = folder_and_port()
app = FastAPI()
good, unknown = keywright_secrets(folder / "keywright.db")
auth = KeyAuth(app, KeyManager.open(folder / "keywright.db"))

hasher = Argon2ApiKeyHasher(pepper="a pepper of the benchmark")
# One connection: with SQLAlchemy's default of 15 each waits for the others' write of the last use, beyond
# SQLite's five seconds, and nearly every request fails with "database is locked".
engine = create_async_engine(
    f"sqlite+aiosqlite:///{folder / 'keyshield.db'}", pool_size=1, max_overflow=0, pool_timeout=60
)
session_maker = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


@event.listens_for(engine.sync_engine, "connect")
def write_ahead(connection, _record) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def service(session: AsyncSession) -> ApiKeyService:
    """Without the random sleep of 0.1 to 0.3 seconds that is its default."""
    return ApiKeyService(SqlAlchemyApiKeyRepository(session), hasher, min_delay=0, max_delay=0)


async def inject_session() -> AsyncIterator[AsyncSession]:
    async with session_maker() as session, session.begin():
        yield session


async def inject_service(session: Annotated[AsyncSession, Depends(inject_session)]) -> ApiKeyService:
    return service(session)


async def keyshield_secret() -> str:
    async with session_maker() as session, session.begin():
        await SqlAlchemyApiKeyRepository(session).ensure_table(engine)
        _, secret = await service(session).create(name="world", scopes=["hello:read"])
    await engine.dispose()
    return secret


keyshield = create_depends_api_key(inject_service, required_scopes=["hello:read"])


async def own(given: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> None:
    if not secrets.compare_digest(given.credentials.encode(), OWN.encode()):
        raise HTTPException(401)


@app.get("/empty")
async def read_empty() -> dict[str, str]:
    return {"hello": "world"}


@app.get("/own", dependencies=[Depends(own)])
async def read_own() -> dict[str, str]:
    return {"hello": "world"}


@app.get("/keywright")
async def read_keywright(key: Annotated[ApiKey, Security(auth, scopes=["hello.read"])]) -> dict[str, str]:
    return {"hello": key.name}


@app.get("/keyshield")
async def read_keyshield(key: Annotated[KeyshieldKey, Depends(keyshield)]) -> dict[str, str]:
    return {"hello": key.name or ""}


if __name__ == "__main__":
    tell(
        {
            "own": f"Bearer {OWN}",
            "keywright": f"Bearer {good}",
            "unknown": f"Bearer {unknown}",
            "keyshield": f"Bearer {asyncio.run(keyshield_secret())}",
        }
    )
    uvicorn.run(app, port=port, access_log=False, log_level="warning")
