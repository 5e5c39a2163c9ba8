"""Opened stores: how they survive a fork, and how they end.

SQLite keeps notes, for a whole process, of the locks that the process holds. A child of a fork has
the notes and not the locks, so nothing may be open while a process forks. Each store is closed
before, and opened again by the next use, in the parent as in the child.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, cast
from weakref import WeakSet

from keywright import _native
from keywright._log import Log, listener
from keywright._self import Self
from keywright.errors import KeywrightError

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def opened(call: Call[Manager]) -> Store:
    """Finish opening a store. No process forks meanwhile."""
    with _registry.lock:
        return Store(call.wait())


class Store:
    """One opened store, shared by the managers that act on it."""

    def __init__(self, native: Manager) -> None:
        """Keep what was opened."""
        self.native = native
        self.path = native.path
        self.brand = native.brand
        self.closed = False
        self.views: WeakSet[_View] = WeakSet()
        self.switching = threading.RLock()
        self._held = False
        self._open: Manager | None = None
        _registry.stores.add(self)

    def pause(self) -> None:
        """Before a fork: let no thread begin a call."""
        self.switching.acquire()
        self._held = True
        if not self.closed and not isinstance(self.native, _Paused) and self.path is not None:
            self._open = self.native
            self._replace(self.native)

    def let_go(self) -> None:
        """Before a fork: leave nothing open that two processes would share."""
        if self._open is not None:
            with suppress(KeywrightError):
                self._open.close().wait()
            self._open = None

    def go_on(self) -> None:
        """After a fork, in the parent."""
        if self._held:
            self._held = False
            self.switching.release()

    def begin_anew(self) -> None:
        """After a fork, in the child: whoever else held the lock is not there any more."""
        self.switching = threading.RLock()
        self._held = False
        old = self.native
        if not self.closed and not isinstance(old, _Paused):
            # In memory: it stays the parent's.
            old.abandon()
            self._replace(old)

    def _replace(self, old: Manager) -> None:
        self.native = cast("Manager", _Paused(self, old))
        for view in self.views:
            view._native = cast("Manager", _Paused(self, old, view))

    def reopen(self, old: Manager) -> None:
        """Open the store again, once."""
        with self.switching:
            if not isinstance(self.native, _Paused):
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
        if not isinstance(store, Store):
            raise TypeError(f"use {type(self).__name__}.open() to open a store")
        self._store = store
        self._acting = acting
        with store.switching:
            self._native = store.native if acting is None else store.native.acting_as(*acting)
            store.views.add(self)

    @property
    def brand(self) -> str:
        """The mark that this store's secrets begin with."""
        return self._store.brand

    @property
    def path(self) -> str | None:
        """The SQLite file, if the store is one."""
        return self._store.path

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


class _Paused:
    """Stands in for a native object from a fork until the next use."""

    def __init__(self, store: Store, old: Manager, view: _View | None = None) -> None:
        self._store = store
        self._old = old
        self._view = view

    def __getattr__(self, name: str) -> object:
        self._store.reopen(self._old)
        native = self._store.native if self._view is None else self._view._native
        return getattr(native, name)


class _Registry:
    """The stores of this process."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.stores: WeakSet[Store] = WeakSet()
        self.paused: list[Store] = []


_registry = _Registry()


_PATIENCE = 10.0


def _until_quiet(*, wholly: bool) -> None:
    """Wait until no thread is inside the library with the interpreter let go, or at all."""
    deadline = time.monotonic() + _PATIENCE
    while not _native.is_quiet(wholly) and time.monotonic() < deadline:
        time.sleep(0.001)


def _before_fork() -> None:
    _registry.lock.acquire()
    _registry.paused[:] = _registry.stores
    for store in _registry.paused:
        store.pause()
    _until_quiet(wholly=False)
    for store in _registry.paused:
        store.let_go()


def _after_in_parent() -> None:
    for store in _registry.paused:
        store.go_on()
    _registry.paused.clear()
    _registry.lock.release()


def _after_in_child() -> None:
    _native.begin_anew()
    _registry.lock = threading.RLock()
    for store in _registry.paused:
        store.begin_anew()
    _registry.paused.clear()


def _at_exit() -> None:
    """Store last uses, which are a moment behind, and let no thread be caught inside."""
    with _registry.lock:
        stores = list(_registry.stores)
    for store in stores:
        if not store.closed and not isinstance(store.native, _Paused):
            with suppress(KeywrightError):
                store.native.close().wait()
    _native.end()
    _until_quiet(wholly=True)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_in_parent,
        after_in_child=_after_in_child,
    )
atexit.register(_at_exit)
