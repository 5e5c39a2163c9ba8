"""Chromium, and the keys page as people use it in there."""

from __future__ import annotations

import os
import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from _apps import ask
from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from _store import Store
    from playwright.sync_api import Browser, BrowserContext, Locator, Response

# It looks up no other name than this machine's, so that nothing leaves it whatever a test tries.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
STARTED: Any = {
    "executable_path": os.environ.get("E2E_CHROMIUM", "/usr/bin/chromium"),
    "args": FLAGS,
    # Playwright switches the cache off that brings a page back as it was left, but people have it.
    "ignore_default_args": ["--disable-back-forward-cache"],
}

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=15_000)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's own Chromium with a profile that is thrown away."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(**STARTED)
        try:
            yield browser
        finally:
            browser.close()


class Site(NamedTuple):
    """An app that runs, and its store."""

    name: str
    port: int
    store: Store

    @property
    def origin(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def at(self, port: int) -> Site:
        """Give the same, reached by another port."""
        return self._replace(port=port)

    def keys(self, owner: str) -> list[dict[str, Any]]:
        """Look up all keys of an owner, newest first."""
        listed = self.store.run("list", "--owner", owner, "--all", "--limit", "1000")
        return list(listed["data"])  # type: ignore[call-overload]


def is_accepted(site: Site, secret: str) -> bool:
    """Ask the API with a secret."""
    status = ask(site.port, f"Bearer {secret}").status
    assert status in (200, 401)
    return status == 200


class Visitor:
    """Someone with a browser of their own, signed in as an owner."""

    def __init__(self, context: BrowserContext, site: Site, owner: str) -> None:
        """Sign in, which leads to the keys page."""
        context.set_default_timeout(15_000)
        self.context = context
        self.site = site
        self.owner = owner
        self.page = context.new_page()
        self.go(f"/login?owner={owner}")

    def go(self, path: str) -> Response:
        """Go where the address bar says."""
        response = self.page.goto(self.site.origin + path)
        assert response is not None
        return response

    def reload_until(self, is_shown: Callable[[], bool]) -> None:
        """Reload until it is so. That a key was used is stored within a second."""
        deadline = time.monotonic() + 15
        while not is_shown():
            assert time.monotonic() < deadline, self.page.inner_text("body")
            self.page.reload()

    @property
    def dialog(self) -> Locator:
        """The window over the list."""
        return self.page.get_by_role("dialog")

    @property
    def secret(self) -> Locator:
        """The secret that is shown."""
        return self.page.locator("#secret")

    @property
    def names(self) -> Locator:
        """The names of the keys in the list."""
        return self.page.locator("tbody .name a")

    def row(self, name: str) -> Locator:
        """The row of a key."""
        exactly = re.compile(f"^{re.escape(name)}$")
        return self.page.get_by_role("row").filter(has=self.page.locator(".name a", has_text=exactly))

    def begin(self) -> None:
        """Open the form for a new key."""
        self.page.get_by_role("link", name="Create new secret key").first.click()
        expect(self.dialog).to_be_visible()

    def create(self, name: str) -> str:
        """Make a key that may do everything, and give the secret, which is left on the screen."""
        self.begin()
        self.dialog.get_by_label("Name").fill(name)
        self.dialog.get_by_role("button", name="Create secret key").click()
        expect(self.dialog).to_contain_text("Save your key")
        return self.secret.inner_text()

    def put_away(self) -> None:
        """Leave the secret."""
        self.dialog.get_by_role("link", name="Done").click()
        expect(self.dialog).to_have_count(0)

    def choose(self, action: str, name: str) -> None:
        """Open the window for something that can be done to a key: `Edit`, `Rotate`, `Revoke`…"""
        self.page.get_by_role("link", name=f"{action} “{name}”").click()
        expect(self.dialog).to_be_visible()

    def confirm(self, button: str) -> None:
        """Say yes in a window, and wait until the page says what was done."""
        self.dialog.get_by_role("button", name=button).click()
        expect(self.page.locator(".notice").first).to_be_visible()

    def token(self) -> str:
        """Give a token that is good for this visitor's forms."""
        self.go("/keys?dialog=create")
        return str(self.page.locator("input[name=token]").input_value())

    def post(self, fields: Mapping[str, str]) -> Response:
        """Send a form that the page never made, from the page itself."""
        with self.page.expect_navigation() as sent:
            self.page.evaluate(SUBMIT, [list(pair) for pair in fields.items()])
        return sent.value


SUBMIT = """
(pairs) => {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = '?'
  for (const [name, value] of pairs) {
    const field = document.createElement('input')
    Object.assign(field, { type: 'hidden', name, value })
    form.append(field)
  }
  document.body.append(form)
  form.submit()
}
"""
