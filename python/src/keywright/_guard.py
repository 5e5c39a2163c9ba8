"""What all adapters to web frameworks share: they hand a request's parts over, and send what comes back."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from keywright._async import AsyncKeyManager
from keywright._manager import KeyManager
from keywright._native import HttpPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from keywright._native import Authorization, RequestParts
    from keywright._words import ErrorForm


def both(keys: KeyManager | AsyncKeyManager) -> tuple[KeyManager, AsyncKeyManager]:
    """Give the managers of both kinds on one opened store."""
    if isinstance(keys, KeyManager):
        return keys, AsyncKeyManager(keys._store)
    if isinstance(keys, AsyncKeyManager):
        return KeyManager(keys._store), keys
    raise TypeError("keys must be a KeyManager or an AsyncKeyManager")


class Guard:
    """What is required of each request's key, and how keys are presented."""

    def __init__(
        self,
        keys: KeyManager | AsyncKeyManager,
        cost: int,
        header: str | None,
        trusted_proxies: Iterable[str],
        error_form: ErrorForm,
    ) -> None:
        """Read the options once."""
        self._keys, self._async = both(keys)
        self._cost = cost
        self._policy = HttpPolicy(header=header, trusted_proxies=trusted_proxies, error_form=error_form)

    def costing(self, cost: int) -> Guard:
        """Give the same for requests that cost another number of credits."""
        other = copy(self)
        other._cost = cost
        return other

    def decide(self, request: RequestParts, scopes: Iterable[str]) -> Authorization:
        """Say whether the request may pass."""
        return self._keys.authorize(request, scopes=scopes, cost=self._cost, policy=self._policy)

    async def adecide(self, request: RequestParts, scopes: Iterable[str]) -> Authorization:
        """Say whether the request may pass, without holding up the event loop."""
        return await self._async.authorize(request, scopes=scopes, cost=self._cost, policy=self._policy)
