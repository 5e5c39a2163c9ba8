"""A call that has begun in the library: wait for it, or let the event loop go on with it.

The library's threads never enter the interpreter. One that has an answer puts a byte into a pipe
(a `Bell`) which the event loop watches. So nothing is left in the interpreter when it ends, and
nothing of it is missing in the child of a fork.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from typing import Protocol, TypeVar
from weakref import WeakKeyDictionary

from keywright import _native
from keywright.errors import UnsupportedError

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class Call(Protocol[T_co]):
    """A call that has begun: exactly one of `wait`, or `poll` until it is done and `result`."""

    def wait(self) -> T_co:
        """Wait until it is done."""

    def poll(self, bell: _native.Bell, token: int, /) -> bool:
        """Go on as far as it goes; say whether it is done."""

    def result(self) -> T_co:
        """Give what came of it, once it is done."""

    def drop(self) -> None:
        """Let it go. What was submitted may still take place."""


class Waiting:
    """The calls that one event loop waits for."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Watch a new bell. NotImplementedError or UnsupportedError where the loop can't."""
        self._bell = _native.Bell()
        self._tokens = itertools.count(1)
        self._calls: dict[int, tuple[Call[object], asyncio.Future[None]]] = {}
        loop.add_reader(self._bell.fileno(), self._answer)

    async def finish(self, call: Call[T]) -> T:
        """Wait for a call. If the task is cancelled, let the call go."""
        token = next(self._tokens)
        if call.poll(self._bell, token):
            return call.result()
        done = asyncio.get_running_loop().create_future()
        self._calls[token] = (call, done)
        try:
            await done
        except BaseException:
            call.drop()
            raise
        finally:
            del self._calls[token]
        return call.result()

    def _answer(self) -> None:
        """Go on with the calls that can."""
        for token in self._bell.ready():
            call, done = self._calls.get(token, (None, None))
            if call is None or done is None or done.done():
                continue
            try:
                if call.poll(self._bell, token):
                    done.set_result(None)
            except Exception as error:
                done.set_exception(error)


_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Waiting] = WeakKeyDictionary()


async def finish(call: Call[T]) -> T:
    """Wait for a call without holding up the event loop."""
    loop = asyncio.get_running_loop()
    waiting = _loops.get(loop)
    if waiting is None:
        try:
            waiting = Waiting(loop)
        except (NotImplementedError, UnsupportedError):
            # A loop that can't watch a pipe (Windows' default one) lends a thread.
            return await loop.run_in_executor(None, call.wait)
        _loops[loop] = waiting
    return await waiting.finish(call)


def _forget() -> None:
    """The bells are the parent's: its loops listen to them."""
    _loops.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
