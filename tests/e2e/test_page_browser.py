"""The keys page in real Chromium, as people use it and as others misuse it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from _browser import STARTED, Site, Visitor, is_accepted
from _wire import listening
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    Visit = Callable[..., Visitor]


# From its making to its end


@contextmanager
def profile(browser: Browser, folder: Path) -> Iterator[BrowserContext]:
    """Start a browser that keeps what browsers keep, in a folder that can be looked through."""
    context = browser.browser_type.launch_persistent_context(
        folder,
        **STARTED,
        locale="en",
        permissions=["clipboard-read", "clipboard-write"],
    )
    try:
        yield context
    finally:
        context.close()


# All that a page can keep, or that is kept of it.
KEPT = """
async () => JSON.stringify([
  document.documentElement.outerHTML, document.cookie, location.href, history.state,
  { ...localStorage }, { ...sessionStorage }, await indexedDB.databases(), await caches.keys(),
  performance.getEntries().map((entry) => entry.name), window.name,
  [...document.querySelectorAll('input, textarea')].map((field) => field.value),
])
"""


def arrive(page: Page, move: Callable[..., object]) -> None:
    """Go somewhere and wait for it; a page that comes back as it was left does not load again."""
    move(wait_until="commit")
    page.wait_for_function("document.readyState === 'complete'")


def test_a_secret_is_copied_and_never_seen_again(site: Site, browser: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    with listening(site.port) as wire, profile(browser, folder) as context:
        me = Visitor(context, site.at(wire.port), "once")
        page = me.page
        secret = me.create("billing")
        assert page.evaluate(KEPT).count(secret) == 1
        me.dialog.get_by_role("button", name="Copy").click()
        expect(me.dialog.get_by_role("status")).to_have_text("Copied to the clipboard")
        assert page.evaluate("navigator.clipboard.readText()") == secret
        me.put_away()
        page.evaluate("navigator.clipboard.writeText('')")
        for move in (page.go_back, page.reload, page.go_forward, page.go_back, page.go_back, page.reload):
            arrive(page, move)
            assert secret not in page.evaluate(KEPT), move.__name__
        key = site.keys("once")[0]["id"]
        for dialog in ("key", "edit", "rotate", "disable", "revoke"):
            me.go(f"/keys?dialog={dialog}&id={key}")
            assert secret not in page.evaluate(KEPT), dialog
        # Not put away, but left by a reload, or for another page.
        others = []
        for leave in (page.reload, lambda wait_until: page.goto("about:blank", wait_until=wait_until)):
            me.go("/keys")
            others.append(me.create("other"))
            arrive(page, leave)
            assert others[-1] not in page.content()
            me.go("/keys")
            for _ in range(4):
                arrive(page, page.go_back)
                assert others[-1] not in page.content()
    for shown in (secret, *others):
        assert wire.said.count(shown.encode()) == 1
        assert shown.encode() not in wire.asked
        kept = [path for path in folder.rglob("*") if path.is_file() and shown.encode() in path.read_bytes()]
        assert kept == []


def test_a_key_lives_as_its_owner_says(site: Site, visit: Visit) -> None:
    me = visit("life")
    first = me.create("billing")
    me.put_away()
    expect(me.names).to_have_text(["billing"])
    assert is_accepted(site, first)

    me.choose("Edit", "billing")
    me.dialog.get_by_label("Name").fill("invoices")
    me.dialog.get_by_text("Restricted").click()
    me.dialog.get_by_label("Say hello").check()
    me.dialog.get_by_label("Change the greeting").check()
    me.confirm("Save changes")
    expect(me.row("invoices")).to_contain_text("Restricted")
    assert is_accepted(site, first)

    me.choose("Rotate", "invoices")
    me.dialog.get_by_label("For 1 hour").check()
    me.dialog.get_by_role("button", name="Create new secret").click()
    expect(me.dialog).to_contain_text("The old secret keeps working until")
    second = me.secret.inner_text()
    me.put_away()
    assert first != second
    assert is_accepted(site, first)
    assert is_accepted(site, second)
    me.row("invoices").get_by_role("link", name="Rotating").click()
    me.confirm("Finish now")
    assert is_accepted(site, second)
    assert not is_accepted(site, first)

    me.choose("Disable", "invoices")
    me.confirm("Disable key")
    assert not is_accepted(site, second)
    me.choose("Enable", "invoices")
    me.confirm("Enable key")
    assert is_accepted(site, second)

    me.choose("Revoke", "invoices")
    me.confirm("Revoke key")
    assert not is_accepted(site, second)
    expect(me.names).to_have_count(0)
    me.page.get_by_role("link", name="Show revoked keys").click()
    expect(me.row("invoices")).to_contain_text("Revoked")
    expect(me.row("invoices").locator(".actions a")).to_have_count(0)


def test_a_rotation_shows_which_secret_is_still_used(site: Site, visit: Visit) -> None:
    me = visit("rotation")
    old = me.create("billing")
    me.put_away()
    me.choose("Rotate", "billing")
    me.dialog.get_by_label("For 24 hours").check()
    me.dialog.get_by_role("button", name="Create new secret").click()
    expect(me.dialog).to_contain_text("The old secret keeps working until")
    new = me.secret.inner_text()
    me.put_away()

    me.row("billing").get_by_role("link", name="Rotating").click()
    second, first = me.dialog.locator(".version").all()
    unused, used = "The old secret has not been used since", "The old secret has been used since"
    expect(me.dialog).to_contain_text(unused)
    for version, number in ((first, "Version 1"), (second, "Version 2")):
        expect(version).to_contain_text(number)
        expect(version).to_contain_text("Last usedNever")

    assert is_accepted(site, new)
    me.reload_until(lambda: "Never" not in second.inner_text())
    expect(me.dialog).to_contain_text(unused)
    expect(first).to_contain_text("Last usedNever")

    assert is_accepted(site, old)
    me.reload_until(lambda: "Never" not in first.inner_text())
    expect(me.dialog).to_contain_text(used)

    me.confirm("Cancel rotation")
    assert is_accepted(site, old)
    assert not is_accepted(site, new)


# Sent twice


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_double_click_makes_one_key(site: Site, visit: Visit, script: bool) -> None:
    owner = f"twice-{script}"
    me = visit(owner, java_script_enabled=script)
    me.begin()
    me.dialog.get_by_label("Name").fill("billing")
    me.dialog.get_by_role("button", name="Create secret key").dblclick()
    expect(me.dialog).to_contain_text("Save your key")
    assert is_accepted(site, me.secret.inner_text())
    assert len(site.keys(owner)) == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_reload_after_create_makes_no_second_key(site: Site, visit: Visit, script: bool) -> None:
    owner = f"again-{script}"
    me = visit(owner, java_script_enabled=script)
    secret = me.create("billing")
    assert is_accepted(site, secret)
    me.page.reload()
    expect(me.page.locator("body")).not_to_contain_text(secret)
    assert [key["name"] for key in site.keys(owner)] == ["billing"]
    assert is_accepted(site, secret)


def test_going_back_to_the_form_and_sending_it_again_makes_no_second_key(site: Site, visit: Visit) -> None:
    me = visit("back")
    secret = me.create("billing")
    assert is_accepted(site, secret)
    arrive(me.page, me.page.go_back)
    me.dialog.get_by_label("Name").fill("billing")
    me.dialog.get_by_role("button", name="Create secret key").click()
    expect(me.dialog).to_contain_text("This key was created already")
    assert len(site.keys("back")) == 1
    assert is_accepted(site, secret)


# Windows close


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_what_a_form_answers_can_be_left(visit: Visit, script: bool) -> None:
    me = visit(f"leave-{script}", java_script_enabled=script)
    secret = me.create("billing")
    me.put_away()
    expect(me.names).to_have_text(["billing"])

    me.choose("Edit", "billing")
    me.dialog.get_by_label("Restricted").check()
    me.dialog.get_by_role("button", name="Save changes").click()
    expect(me.dialog.get_by_role("alert")).to_have_text("Choose at least one permission.")
    me.dialog.get_by_role("link", name="Cancel").click()
    expect(me.dialog).to_have_count(0)

    me.page.get_by_role("searchbox").fill("bill")
    me.page.get_by_role("button", name="Search").click()
    me.choose("Rotate", "billing")
    me.dialog.get_by_label("Not at all").check()
    me.dialog.get_by_role("button", name="Create new secret").click()
    expect(me.dialog).to_contain_text("The old secret no longer works")
    assert me.secret.inner_text() != secret
    me.put_away()
    expect(me.page.get_by_role("searchbox")).to_have_value("bill")
    expect(me.names).to_have_text(["billing"])


def test_what_could_not_be_done_is_told_and_closed_with_esc(site: Site, visit: Visit) -> None:
    me = visit("late")
    me.create("billing")
    me.put_away()
    me.choose("Edit", "billing")
    me.dialog.get_by_label("Name").fill("invoices")
    site.store.run("update", site.keys("late")[0]["id"], "--name", "changed elsewhere")
    me.dialog.get_by_role("button", name="Save changes").click()
    expect(me.dialog).to_contain_text("This key has changed meanwhile")
    me.page.keyboard.press("Escape")
    expect(me.dialog).to_have_count(0)
    expect(me.names).to_have_text(["changed elsewhere"])


# Without a script, without a mouse


def test_without_a_script_a_key_is_made_found_and_revoked(site: Site, visit: Visit) -> None:
    me = visit("plain", java_script_enabled=False)
    secret = me.create("billing")
    expect(me.dialog.get_by_role("button", name="Copy")).to_have_count(0)
    assert is_accepted(site, secret)
    me.put_away()
    me.create("another")
    me.put_away()
    me.page.get_by_role("searchbox").fill("bill")
    me.page.get_by_role("button", name="Search").click()
    expect(me.names).to_have_text(["billing"])
    me.choose("Revoke", "billing")
    me.confirm("Revoke key")
    assert not is_accepted(site, secret)


def test_a_key_is_made_with_the_keyboard_alone(site: Site, visit: Visit) -> None:
    me = visit("keyboard", permissions=["clipboard-read", "clipboard-write"])
    press, focused = me.page.keyboard.press, me.page.locator(":focus")

    def tab_to(text: str) -> None:
        for _ in range(12):
            press("Tab")
            if text in (focused.inner_text() if focused.count() else ""):
                return
        pytest.fail(f"{text} is not reached")

    tab_to("Create new secret key")
    press("Enter")
    expect(focused).to_have_attribute("name", "name")
    press("Escape")
    expect(me.dialog).to_have_count(0)
    tab_to("Create new secret key")
    press("Enter")
    expect(focused).to_have_attribute("name", "name")
    me.page.keyboard.type("billing")
    # The list under the window is out of reach.
    for _ in range(12):
        press("Tab")
        assert focused.count() == 0 or me.dialog.locator(":focus").count() == 1
    me.dialog.get_by_label("Name").focus()
    press("Tab")
    press("ArrowDown")
    press("ArrowDown")
    expect(focused).to_have_attribute("value", "read_only")
    tab_to("Create secret key")
    press("Enter")
    expect(me.dialog).to_contain_text("Save your key")
    expect(focused).to_have_text("Copy")
    press("Enter")
    expect(me.dialog.get_by_role("status")).to_have_text("Copied to the clipboard")
    # A secret is not put away by a slip.
    press("Escape")
    secret = me.secret.inner_text()
    assert me.page.evaluate("navigator.clipboard.readText()") == secret
    assert is_accepted(site, secret)
    tab_to("Done")
    press("Enter")
    expect(me.row("billing")).to_contain_text("Read only")
