"""What the browser tests share: Chromium, two apps, and visitors. Nothing of it is loaded by other tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _browser import Site, Visitor
    from playwright.sync_api import Browser, BrowserContext


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once; each visitor has a profile of their own."""
    from _browser import chromium

    with chromium() as started:
        yield started


@pytest.fixture(scope="module", params=["fastapi", "express"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start an example."""
    from _apps import running
    from _browser import Site
    from _store import Store

    store = Store(tmp_path_factory.mktemp(request.param) / "keys.db")
    with running(request.param, store.path) as port:
        yield Site(request.param, port, store)


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Open a browser, signed in as an owner."""
    from _browser import DESK, Visitor

    contexts: list[BrowserContext] = []

    def begin(owner: str, **options: Any) -> Visitor:
        usual = {"locale": "en", "viewport": DESK, "reduced_motion": "reduce"}
        context = browser.new_context(**{**usual, **options})
        contexts.append(context)
        return Visitor(context, site, owner)

    yield begin
    for context in contexts:
        context.close()
