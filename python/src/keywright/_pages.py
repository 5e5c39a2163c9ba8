"""Pages of a list, and what is on the ones behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. Iterating gives what is on it."""

    data: list[T]
    """What is on it."""

    has_more: bool
    """Whether there is another page behind the last of `data`."""

    _next: Callable[[T], Page[T]] = field(repr=False, compare=False)

    def __iter__(self) -> Iterator[T]:
        """Go through what is on this page."""
        return iter(self.data)

    def __len__(self) -> int:
        """Count what is on this page."""
        return len(self.data)

    def iter_all(self) -> Iterator[T]:
        """Go through this page and all that are behind it; each is asked for when it is reached."""
        page = self
        while True:
            yield from page.data
            if not page.has_more:
                return
            page = page._next(page.data[-1])


@dataclass(frozen=True)
class AsyncPage(Generic[T]):
    """One page of a list. Iterating gives what is on it."""

    data: list[T]
    """What is on it."""

    has_more: bool
    """Whether there is another page behind the last of `data`."""

    _next: Callable[[T], Awaitable[AsyncPage[T]]] = field(repr=False, compare=False)

    def __iter__(self) -> Iterator[T]:
        """Go through what is on this page."""
        return iter(self.data)

    def __len__(self) -> int:
        """Count what is on this page."""
        return len(self.data)

    async def iter_all(self) -> AsyncIterator[T]:
        """Go through this page and all that are behind it; each is asked for when it is reached."""
        page = self
        while True:
            for item in page.data:
                yield item
            if not page.has_more:
                return
            page = await page._next(page.data[-1])
