"""The groups of methods beside the keys themselves."""

from __future__ import annotations

import builtins
from datetime import datetime, timedelta

from keywright._native import ApiKey, Created, Project, Secret, ServiceAccount, User, Verification
from keywright._pages import Page
from keywright._store import _View
from keywright._words import KeyStatus, RevocationReason


class Group:
    """Some methods of a manager's."""

    __slots__ = ("_view",)

    def __init__(self, view: _View) -> None:
        """Belong to a manager."""
        if not isinstance(view, _View):
            raise TypeError(f"an opened store has its {type(self).__name__}: use KeyManager.open()")
        self._view = view


class Projects(Group):
    """The projects of a store."""

    def create(
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
        return self._view._native.projects.create(name, default_lifetime, max_lifetime).wait()

    def get(self, project: str) -> Project:
        """Give the project of that id or name."""
        return self._view._native.projects.get(project).wait()

    def list(self, *, include_archived: bool = False) -> builtins.list[Project]:
        """Give all projects, oldest first."""
        return self._view._native.projects.list(include_archived).wait()

    def archive(self, project: str) -> Project:
        """Archive a project for good: it issues nothing more, and its keys are revoked."""
        return self._view._native.projects.archive(project).wait()


class ServiceAccounts(Group):
    """The service accounts of a store: programs that own keys of one project."""

    def create(self, name: str, *, project: str | None = None) -> ServiceAccount:
        """Make a service account in a project (by id or name; `default` if absent)."""
        return self._view._native.service_accounts.create(name, project).wait()

    def list(self, *, project: str | None = None) -> builtins.list[ServiceAccount]:
        """Give all service accounts (of one project), oldest first."""
        return self._view._native.service_accounts.list(project).wait()

    def delete(self, id: str) -> int:
        """Delete a service account and revoke its keys; say how many that were."""
        return self._view._native.service_accounts.delete(id).wait()


class Users(Group):
    """The users of a store: people that own keys."""

    def create(self, name: str) -> User:
        """Add a user."""
        return self._view._native.users.create(name).wait()

    def list(self) -> builtins.list[User]:
        """Give all users, oldest first."""
        return self._view._native.users.list().wait()

    def delete(self, id: str) -> int:
        """Delete a user and revoke their keys; say how many that were."""
        return self._view._native.users.delete(id).wait()


class AdminKeys(Group):
    """The admin keys of a store: they manage, and are never accepted as data keys."""

    def create(
        self,
        name: str,
        *,
        expires_in: timedelta | int | None = None,
        expires_at: datetime | None = None,
    ) -> Created:
        """Issue an admin key and show its secret, this once."""
        return self._view._native.admin_keys.create(name, expires_in, expires_at).wait()

    def get(self, id: str) -> ApiKey:
        """Give the admin key of that id."""
        return self._view._native.admin_keys.get(id).wait()

    def list(
        self,
        *,
        status: KeyStatus | None = None,
        search: str | None = None,
        include_revoked: bool = False,
        after: str | None = None,
        limit: int | None = None,
    ) -> Page[ApiKey]:
        """Give admin keys, newest first. The options are those of `KeyManager.list`."""

        def page(after: str | None) -> Page[ApiKey]:
            native = self._view._native.admin_keys
            data, has_more = native.list(status, search, include_revoked, after, limit).wait()
            return Page(data, has_more, lambda last: page(last.id))

        return page(after)

    def revoke(self, id: str, *, reason: RevocationReason = "unspecified") -> ApiKey:
        """Kill an admin key for good. Doing it twice changes nothing."""
        return self._view._native.admin_keys.revoke(id, reason).wait()

    def verify(self, secret: str | bytes | Secret) -> Verification:
        """Say whether a presented secret is that of an admin key in good standing."""
        return self._view._native.admin_keys.verify(secret).wait()
