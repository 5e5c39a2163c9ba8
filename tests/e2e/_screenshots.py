"""Makes a picture of every state of the keys page: on a desk in light and in dark, and on a phone.

Run by `cargo xtask screenshots`, with the folder for them. The store is filled with a clock that is set:
six weeks of use pass in a second.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from _apps import running
from _browser import DESK, PHONE, Site, Visitor, chromium
from _states import ACTIVE, DISABLED, ENDING, LONG, REVOKED, ROTATING, STATES
from _store import Store
from keywright import KeyManager, _native

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

DAY = 86_400
DAYS = 42
MANY = 10_000
SERVER = "192.0.2.7"
LOOKS: dict[str, dict[str, Any]] = {
    "": {"viewport": DESK, "color_scheme": "light"},
    "-dark": {"viewport": DESK, "color_scheme": "dark"},
    "-phone": {"viewport": PHONE, "color_scheme": "light", "is_mobile": True, "has_touch": True},
}
# Letters like those that people's own systems have, whatever this machine's first choice is.
LETTERS = "<prefer><family>Inter</family><family>Liberation Sans</family></prefer>"
FONTS = f"""
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <alias binding="same"><family>system-ui</family>{LETTERS}</alias>
  <alias binding="same"><family>sans-serif</family>{LETTERS}</alias>
</fontconfig>
"""
# How often a key is used in a day, and on which day it was made.
USED = {
    ACTIVE: (420, 0),
    LONG: (24, 3),
    ROTATING: (180, 9),
    DISABLED: (60, 12),
    REVOKED: (15, 1),
    ENDING: (40, 30),
}


def fill(path: Path) -> None:
    """Make keys of every kind, and use them."""
    native: Any = _native
    start = int(time.time()) - DAYS * DAY
    clock = native.TestClock(start)
    native.open_store = lambda *args: native.open_for_tests(args, clock, None)
    with KeyManager.open(path) as keys:
        made: dict[tuple[str, str], Any] = {}
        for day in range(DAYS):
            clock.set_ms((start + day * DAY) * 1000)
            for name, (_, first) in USED.items():
                if day == first:
                    made.update(
                        {
                            (owner(look), name): keys.create(name, owner=owner(look), **kind(name))
                            for look in LOOKS
                        }
                    )
            share = (0.5 + day * day % 11 / 20) * (0.2 if day % 7 > 4 else 1)
            for (_, name), one in made.items():
                for _ in range(int(USED[name][0] * share)):
                    keys.verify(one.secret.reveal(), ip=SERVER)
            if day == DAYS - 9:
                for look in LOOKS:
                    keys.disable(made[owner(look), DISABLED].key.id)
                    keys.revoke(made[owner(look), REVOKED].key.id)
        for look in LOOKS:
            old = made[owner(look), ROTATING]
            clock.set_ms((start + DAYS * DAY - 7200) * 1000)
            new = keys.rotate(old.key.id, overlap=DAY)
            clock.set_ms((start + DAYS * DAY - 1800) * 1000)
            for secret in (old.secret, new.secret, made[owner(look), ACTIVE].secret):
                keys.verify(secret.reveal(), ip=SERVER)
        keys.create("My first key", owner="beginner", scopes=["hello.read"])
        for number in range(MANY):
            keys.create(f"device {number:05}", owner="many", scopes=["hello.read"])


def owner(look: str) -> str:
    """Each look has its own: some states change keys."""
    return f"ada{look}"


def kind(name: str) -> dict[str, Any]:
    """What a key may do, and how long."""
    kinds: dict[str, dict[str, Any]] = {
        ACTIVE: {"scopes": ["hello.read"]},
        LONG: {"scopes": ["hello.read"], "allowed_ips": ["192.0.2.0/24"]},
        ROTATING: {"expires_in": 120 * DAY, "metadata": {"team": "data"}},
        DISABLED: {"scopes": ["hello.read", "hello.write"]},
        ENDING: {"scopes": ["hello.read"], "expires_in": 15 * DAY},
    }
    return kinds.get(name, {})


def many(me: Visitor) -> None:
    """List 10,000 keys, sorted."""
    me.go("/keys?sort=name")
    me.names.first.wait_for()


def nowhere(_: Visitor) -> None:
    """Stay on the page that follows a login."""


# States whose owner is another.
OTHERS: dict[str, tuple[str, Callable[[Visitor], None]]] = {
    "empty": ("nobody", nowhere),
    "one key": ("beginner", nowhere),
    "10,000 keys": ("many", many),
}


def shoot(browser: Browser, site: Site, folder: Path) -> int:
    """Look at every state in every way."""
    number = 0
    for look, options in LOOKS.items():
        own = {state: (owner(look), arrive) for state, arrive in STATES.items()}
        for state, (who, arrive) in {**OTHERS, **own}.items():
            context = browser.new_context(
                locale="en", reduced_motion="reduce", device_scale_factor=2, **options
            )
            me = Visitor(context, site, who)
            arrive(me)
            name = state.replace(", ", "-").replace(",", "").replace(" ", "-")
            me.page.screenshot(path=folder / f"{name}{look}.png", caret="initial")
            context.close()
            number += 1
    return number


def main() -> None:
    """Fill a store, start the example, and take pictures."""
    folder = Path(sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with TemporaryDirectory() as temporary:
        fonts = Path(temporary) / "fonts.conf"
        fonts.write_text(FONTS)
        os.environ["FONTCONFIG_FILE"] = str(fonts)
        store = Store(Path(temporary) / "keys.db")
        fill(store.path)
        with running("fastapi", store.path) as port, chromium() as browser:
            number = shoot(browser, Site("fastapi", port, store), folder)
    print(f"{number} pictures in {folder}")


if __name__ == "__main__":
    main()
