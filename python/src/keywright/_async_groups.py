"""The groups of methods beside the keys themselves, for asyncio."""

from __future__ import annotations

import builtins
from datetime import datetime, timedelta

from keywright._call import finish
from keywright._groups import Group
from keywright._native import ApiKey, Created, Project, Secret, ServiceAccount, User, Verification
from keywright._pages import AsyncPage
from keywright._words import KeyStatus, RevocationReason


class AsyncProjects(Group):
    """The projects of a store."""

    async def create(
        self,
        name: str,
        *,
        default_lifetime: timedelta | int | None = None,
        max_lifetime: timedelta | int | None = None,
    ) -> Project:
        """Make a project. Its name is unique among those that aren't archived.

        Args:
            name: What people call it.
            default_lifetime: How long a key lives if nothing is said; forever if absent.
            max_lifetime: The longest that a key may live.
        """
        return await finish(self._view._native.projects.create(name, default_lifetime, max_lifetime))

    async def get(self, project: str) -> Project:
        """Give the project of that id or name."""
        return await finish(self._view._native.projects.get(project))

    async def list(self, *, include_archived: bool = False) -> builtins.list[Project]:
        """Give all projects, oldest first."""
        return await finish(self._view._native.projects.list(include_archived))

    async def archive(self, project: str) -> Project:
        """Archive a project for good: it issues nothing more, and its keys are revoked."""
        return await finish(self._view._native.projects.archive(project))


class AsyncServiceAccounts(Group):
    """The service accounts of a store: programs that own keys of one project."""

    async def create(self, name: str, *, project: str | None = None) -> ServiceAccount:
        """Make a service account in a project (by id or name; `default` if absent)."""
        return await finish(self._view._native.service_accounts.create(name, project))

    async def list(self, *, project: str | None = None) -> builtins.list[ServiceAccount]:
        """Give all service accounts (of one project), oldest first."""
        return await finish(self._view._native.service_accounts.list(project))

    async def delete(self, id: str) -> int:
        """Delete a service account and revoke its keys; say how many that were."""
        return await finish(self._view._native.service_accounts.delete(id))


class AsyncUsers(Group):
    """The users of a store: people that own keys."""

    async def create(self, name: str) -> User:
        """Add a user."""
        return await finish(self._view._native.users.create(name))

    async def list(self) -> builtins.list[User]:
        """Give all users, oldest first."""
        return await finish(self._view._native.users.list())

    async def delete(self, id: str) -> int:
        """Delete a user and revoke their keys; say how many that were."""
        return await finish(self._view._native.users.delete(id))


class AsyncAdminKeys(Group):
    """The admin keys of a store: they manage, and are never accepted as data keys."""

    async def create(
        self,
        name: str,
        *,
        expires_in: timedelta | int | None = None,
        expires_at: datetime | None = None,
    ) -> Created:
        """Issue an admin key and show its secret, this once."""
        return await finish(self._view._native.admin_keys.create(name, expires_in, expires_at))

    async def get(self, id: str) -> ApiKey:
        """Give the admin key of that id."""
        return await finish(self._view._native.admin_keys.get(id))

    async def list(
        self,
        *,
        status: KeyStatus | None = None,
        search: str | None = None,
        include_revoked: bool = False,
        after: str | None = None,
        limit: int | None = None,
    ) -> AsyncPage[ApiKey]:
        """Give admin keys, newest first. The options are those of `AsyncKeyManager.list`."""

        async def page(after: str | None) -> AsyncPage[ApiKey]:
            native = self._view._native.admin_keys
            data, has_more = await finish(native.list(status, search, include_revoked, after, limit))
            return AsyncPage(data, has_more, lambda last: page(last.id))

        return await page(after)

    async def revoke(self, id: str, *, reason: RevocationReason = "unspecified") -> ApiKey:
        """Kill an admin key for good. Doing it twice changes nothing."""
        return await finish(self._view._native.admin_keys.revoke(id, reason))

    async def verify(self, secret: str | bytes | Secret) -> Verification:
        """Say whether a presented secret is that of an admin key in good standing."""
        return await finish(self._view._native.admin_keys.verify(secret))
