"""The keys page is for everybody: axe finds nothing serious in any state, and it fits on a phone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from _browser import DESK, PHONE
from _states import STATES, fill
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from _browser import Site, Visitor
    from playwright.sync_api import Page

    Visit = Callable[..., Visitor]

AXE = Path(os.environ["E2E_NODE_PACKAGE"]) / "node_modules" / "axe-core" / "axe.min.js"
SMALL_PHONE = {"width": 360, "height": 740}

FINDINGS = """
async () => {
  // Colours fade from one to the other.
  await Promise.all(document.getAnimations().map((animation) => animation.finished))
  const { violations } = await axe.run(document, { resultTypes: ['violations'] })
  return violations
    .filter((found) => ['serious', 'critical'].includes(found.impact))
    .flatMap((found) => found.nodes.map((node) => `${found.id}: ${node.html} ${node.failureSummary}`))
}
"""

TOO_WIDE = """
() => {
  const page = document.scrollingElement
  const wide = [...document.querySelectorAll('.dialog, .dialog *, main *')]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
    .filter((element) => !element.closest('.hidden, thead, .key, .version > code'))
  return [page.scrollWidth > page.clientWidth ? 'the page' : '', ...wide.map((element) => element.outerHTML)]
    .filter(Boolean)
}
"""


def findings(page: Page) -> list[str]:
    """Let axe look at the page: on a desk and on a phone, in light and in dark."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            here = f"{size['width']} px, {scheme}"
            found += [f"{here}: {finding}" for finding in page.evaluate(FINDINGS)]
    return found


def test_axe_would_find_something(visit: Visit) -> None:
    me = visit("axe-control")
    me.page.set_content(
        "<html><body bgcolor=white><img src=x><input><font color='#cccccc'>pale</font></body></html>"
    )
    rules = {finding.split(": ")[1] for finding in findings(me.page)}
    assert {"image-alt", "label", "color-contrast", "html-has-lang"} <= rules


def test_a_page_without_keys_is_accessible(visit: Visit) -> None:
    me = visit("nobody")
    expect(me.page.get_by_role("heading", name="Create your first API key")).to_be_visible()
    assert findings(me.page) == []


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible(site: Site, visit: Visit, state: str) -> None:
    owner = f"axe-{list(STATES).index(state)}"
    fill(site, owner)
    me = visit(owner)
    STATES[state](me)
    assert findings(me.page) == []


STICKS_OUT = """
() => [...document.querySelectorAll('.dialog > *, .dialog form *, .dialog .version')]
  .filter((element) => !element.matches('.dialog-head, .act, svg, svg *, option'))
  .filter((element) => {
    const room = element.closest('.dialog')
    const edge = room.getBoundingClientRect().right - parseFloat(getComputedStyle(room).paddingRight)
    return element.getBoundingClientRect().right > edge + 0.5
  })
  .map((element) => element.outerHTML)
"""


def test_nothing_sticks_out_of_a_window(site: Site, visit: Visit) -> None:
    me = visit("windows")
    fill(site, "windows")
    for state, arrive in STATES.items():
        arrive(me)
        for size in (DESK, SMALL_PHONE):
            me.page.set_viewport_size(size)  # type: ignore[arg-type]
            assert me.page.evaluate(STICKS_OUT) == [], (state, size)
        me.page.set_viewport_size(DESK)  # type: ignore[arg-type]


def test_no_state_is_wider_than_a_small_phone(site: Site, visit: Visit) -> None:
    me = visit("small", viewport=SMALL_PHONE, is_mobile=True, has_touch=True)
    assert me.page.evaluate(TOO_WIDE) == []
    fill(site, "small")
    for state, arrive in STATES.items():
        arrive(me)
        assert me.page.evaluate(TOO_WIDE) == [], state
