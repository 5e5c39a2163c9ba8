"""Every state that the keys page can be in, and the way there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from _browser import Site, Visitor

# What the keys are called; of each kind there is one.
ACTIVE, ROTATING, DISABLED, ENDING, REVOKED = (
    "Billing service",
    "Data pipeline",
    "Old laptop",
    "Trial with a partner",
    "Website",
)
LONG = "The key of the nightly job that copies all invoices of all customers into the warehouse, and back"


def fill(site: Site, owner: str) -> None:
    """Give an owner a key of each kind."""
    key = {}
    for name, *words in (
        (REVOKED,),
        (DISABLED, "--scopes", "hello.read"),
        (LONG, "--allow-ip", "192.0.2.0/24", "--rate-limit", "100/60s"),
        (ENDING, "--expires-in", "3d"),
        (ROTATING, "--expires-in", "90d", "--metadata", "team=data"),
        (ACTIVE, "--scopes", "hello.read"),
    ):
        key[name] = str(site.store.run("create", name, "--owner", owner, *words)["id"])
    site.store.run("revoke", key[REVOKED], "--yes")
    site.store.run("disable", key[DISABLED])
    site.store.run("rotate", key[ROTATING], "--overlap", "24h")


def _window(action: str, name: str) -> Callable[[Visitor], None]:
    def open_it(me: Visitor) -> None:
        me.go("/keys?revoked=1")
        me.choose(action, name)

    return open_it


def everything(me: Visitor) -> None:
    """List the keys, the revoked ones too."""
    me.go("/keys?revoked=1")
    expect(me.names.first).to_be_visible()


def nothing_found(me: Visitor) -> None:
    """Search for what isn't there."""
    me.go("/keys?q=nothing+of+that+name")
    expect(me.page.get_by_role("heading", name="No keys found")).to_be_visible()


def create(me: Visitor) -> None:
    """Open the form for a new key, with all that it can show."""
    me.go("/keys")
    me.begin()
    me.dialog.get_by_label("Name").fill("Mobile app")
    me.dialog.get_by_label("Restricted").check()
    me.dialog.get_by_label("Expires").select_option("date")


def create_error(me: Visitor) -> None:
    """Send the form without a permission."""
    create(me)
    me.dialog.get_by_label("Expires").select_option("never")
    me.dialog.get_by_role("button", name="Create secret key").click()
    expect(me.dialog.get_by_role("alert")).to_be_visible()


def secret(me: Visitor) -> None:
    """Make a key; its secret is shown."""
    me.go("/keys")
    me.create("Mobile app")


def copied(me: Visitor) -> None:
    """Copy it, too."""
    secret(me)
    me.dialog.get_by_role("button", name="Copy").click()
    expect(me.dialog.get_by_role("status")).not_to_be_empty()


def details(me: Visitor) -> None:
    """Open what there is to know about a key."""
    everything(me)
    me.row(ROTATING).locator(".name a").click()
    expect(me.dialog).to_be_visible()


def progress(me: Visitor) -> None:
    """Look how a rotation gets on."""
    everything(me)
    me.row(ROTATING).get_by_role("link", name="Rotating").click()
    expect(me.dialog).to_be_visible()


def notice(me: Visitor) -> None:
    """Disable a key; the list says so. It is enabled again before."""
    everything(me)
    if me.page.get_by_role("link", name=f"Enable “{ACTIVE}”").count():
        me.choose("Enable", ACTIVE)
        me.confirm("Enable key")
    me.choose("Disable", ACTIVE)
    me.confirm("Disable key")


def message(me: Visitor) -> None:
    """Send a form that is older than a change."""
    everything(me)
    me.choose("Edit", ENDING)
    me.dialog.get_by_label("Expires").select_option("never")
    changed = me.page.locator("input[name=seen]")
    changed.evaluate("(field) => { field.value = 'another' }")
    me.dialog.get_by_role("button", name="Save changes").click()
    expect(me.dialog.get_by_role("alert")).to_be_visible()


def problem(me: Visitor) -> None:
    """Ask for a key that isn't there."""
    me.go("/keys?dialog=key&id=none")
    expect(me.page.get_by_role("heading")).to_have_text("There is no such key")


STATES: dict[str, Callable[[Visitor], None]] = {
    "list": everything,
    "nothing found": nothing_found,
    "create": create,
    "create, error": create_error,
    "details": details,
    "edit": _window("Edit", ACTIVE),
    "rotate": _window("Rotate", ENDING),
    "progress": progress,
    "disable": _window("Disable", ENDING),
    "enable": _window("Enable", DISABLED),
    "revoke": _window("Revoke", ENDING),
    "message": message,
    "problem": problem,
    "notice": notice,
    # These leave a key behind.
    "secret": secret,
    "secret, copied": copied,
}
