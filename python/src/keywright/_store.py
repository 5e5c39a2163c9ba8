"""Opened stores: how they survive a fork, and how they end.

A thread or a connection of the parent's must not be used in the child of a fork. There, each
store's native object is abandoned (letting it go would wait for threads that are not there), and
the first use opens the store anew.
"""

from __future__ import annotations

import atexit
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, cast
from weakref import WeakSet

from keywright import _native
from keywright._log import Log, listener
from keywright.errors import KeywrightError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Self

    from keywright._call import Call
    from keywright._native import Manager, Secret
    from keywright._words import KeyClass


def opening(
    store: str | os.PathLike[str] | None,
    pepper: str | Secret | None,
    pepper_file: str | os.PathLike[str] | None,
    brand: str | None,
    accepted_classes: Iterable[KeyClass] | None,
    must_exist: bool,
    actor: str | None,
    log: Log | None,
) -> Call[Manager]:
    """Begin to open a store."""
    return _native.open_store(
        None if store is None else os.fspath(store),
        pepper,
        None if pepper_file is None else os.fspath(pepper_file),
        brand,
        accepted_classes,
        must_exist,
        actor,
        listener(log),
    )


class Store:
    """One opened store, shared by the managers that act on it."""

    def __init__(self, native: Manager) -> None:
        """Keep what was opened."""
        self.native = native
        self.closed = False
        self.views: WeakSet[_View] = WeakSet()
        self._reopening = threading.Lock()
        _stores.add(self)

    def forked(self) -> None:
        """In the child: let nobody touch the parent's threads and connections."""
        self._reopening = threading.Lock()
        old = self.native
        if self.closed or isinstance(old, _Forked):
            return
        old.abandon()
        forked = cast("Manager", _Forked(self, old))
        self.native = forked
        for view in self.views:
            view._native = cast("Manager", _Forked(self, old, view))

    def reopen(self, old: Manager) -> None:
        """Open the store anew, once."""
        with self._reopening:
            if not isinstance(self.native, _Forked):
                return
            new = old.reopen()
            for view in self.views:
                view._native = new if view._acting is None else new.acting_as(*view._acting)
            self.native = new


class _View:
    """What managers of both kinds have: the store, and who acts."""

    _native: Manager

    def __init__(self, store: Store, acting: tuple[str, str | None] | None = None) -> None:
        """Look at a store as it is, or as someone who acts."""
        self._store = store
        self._acting = acting
        self._native = store.native if acting is None else store.native.acting_as(*acting)
        store.views.add(self)

    @property
    def brand(self) -> str:
        """The mark that this store's secrets begin with."""
        return self._native.brand

    @property
    def path(self) -> str | None:
        """The SQLite file, if the store is one."""
        return self._native.path

    def acting_as(self, actor: str, *, ip: str | None = None) -> Self:
        """Give the same store with someone else acting in the audit trail.

        Args:
            actor: 1 to 128 characters.
            ip: The address that their request came from.
        """
        return type(self)(self._store, (actor, ip))

    def __repr__(self) -> str:
        """Show which store it is."""
        return f"<{type(self).__name__} {self.path or 'memory:'}>"


class _Forked:
    """Stands in for a native object after a fork, until the first use."""

    def __init__(self, store: Store, old: Manager, view: _View | None = None) -> None:
        self._store = store
        self._old = old
        self._view = view

    def __getattr__(self, name: str) -> object:
        self._store.reopen(self._old)
        native = self._store.native if self._view is None else self._view._native
        return getattr(native, name)


_stores: WeakSet[Store] = WeakSet()


def _after_fork() -> None:
    for store in list(_stores):
        store.forked()


def _close_all() -> None:
    """Last uses are stored a moment behind: not so at the end."""
    for store in list(_stores):
        if not isinstance(store.native, _Forked):
            with suppress(KeywrightError):
                store.native.close().wait()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
atexit.register(_close_all)
