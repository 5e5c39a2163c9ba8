"""What other people and other sites try on the keys page: nothing of it changes a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from _browser import is_accepted
from _wire import another_site
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _browser import Site, Visitor
    from _wire import Elsewhere

    Visit = Callable[..., Visitor]

NEVER = "key_" + "0" * 24
FORMS = {
    "edit": {"name": "mine now", "permissions": "all", "expires": "keep", "seen": "x"},
    "rotate": {"version": "1", "overlap": "0"},
    "finish": {"version": "2"},
    "cancel": {"version": "2"},
    "disable": {},
    "enable": {},
    "revoke": {},
}


# Two owners


def test_another_owners_key_is_no_key(site: Site, visit: Visit) -> None:
    ada, eve = visit("ada"), visit("eve")
    secrets = [ada.create("plain")]
    ada.put_away()
    secrets.append(ada.create("rotating"))
    ada.put_away()
    ada.choose("Rotate", "rotating")
    ada.dialog.get_by_role("button", name="Create new secret").click()
    secrets.append(ada.secret.inner_text())
    ada.put_away()
    secrets.append(ada.create("disabled"))
    ada.put_away()
    ada.choose("Disable", "disabled")
    ada.confirm("Disable key")
    assert [is_accepted(site, secret) for secret in secrets] == [True, True, True, False]
    before = site.keys("ada")
    token, hers = eve.token(), ada.token()

    for key in before:
        for path in paths(key["id"]):
            assert look(eve, path) == look(eve, path.replace(key["id"], NEVER)), path
        for action, fields in FORMS.items():
            form = {"token": token, "action": action, "id": key["id"], **fields}
            forged = send(eve, form)
            assert forged == send(eve, {**form, "id": NEVER}), action
            assert forged[0] == 404
            # Not even with a form of hers, if it got into other hands.
            assert send(eve, {**form, "token": hers})[0] == 403

    assert [unused(key) for key in site.keys("ada")] == [unused(key) for key in before]
    assert site.keys("eve") == []
    assert [is_accepted(site, secret) for secret in secrets] == [True, True, True, False]


def paths(key: str) -> Iterator[str]:
    """Give every address that is about a key."""
    for dialog in ("key", "edit", "rotate", "disable", "enable", "revoke"):
        yield f"/keys?dialog={dialog}&id={key}"
    yield f"/keys?after={key}"
    yield f"/keys?sort=name&after={key}"
    yield f"/keys?q={key}"
    yield f"/keys?done=revoke&key={key}&sig=x"


def look(me: Visitor, path: str) -> tuple[int, bytes]:
    """Give what an address shows, but for what was asked for itself."""
    response = me.go(path)
    asked = path.rpartition("=")[2].encode()
    return response.status, response.body().replace(asked, b"")


def send(me: Visitor, fields: dict[str, str]) -> tuple[int, bytes]:
    """Send a form that the page never made."""
    me.go("/keys")
    response = me.post(fields)
    return response.status, response.body()


def unused(key: dict[str, Any]) -> dict[str, Any]:
    """Give a key without when it was used, which our own looking changes."""
    versions = [{**version, "last_used_at": None} for version in key["versions"]]
    return {**key, "last_used_at": None, "versions": versions}


# Other sites


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Another site, under two names: the app's own with another port, and another."""
    with another_site() as site:
        yield site


def form(site: Site, fields: dict[str, str], encoding: str = "application/x-www-form-urlencoded") -> str:
    """Write a form that sends itself to the page."""
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    start = f'<form method="post" enctype="{encoding}" action="{site.origin}/keys">'
    return f"<!doctype html>{start}{inputs}</form><script>document.forms[0].submit()</script>"


def everywhere(me: Visitor) -> None:
    """Let the app's cookie go along from every site, as that of a careless app does."""
    me.context.set_extra_http_headers({"cookie": f"owner={me.owner}"})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_other_site_sends_a_form(site: Site, visit: Visit, elsewhere: Elsewhere, host: str) -> None:
    owner = f"csrf-{host.partition('.')[0]}"
    me, eve = visit(owner), visit("eve")
    secret = me.create("billing")
    me.put_away()
    key = site.keys(owner)[0]
    everywhere(me)
    own = me.token()
    tokens = [None, "", "1795722468.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", eve.token(), own]
    create = {"action": "create", "name": "x", "permissions": "all", "expires": "never", "nonce": "n"}
    for fields in (create, {"action": "revoke", "id": key["id"]}):
        for token in tokens:
            sent = fields if token is None else {"token": token, **fields}
            elsewhere.html = form(site, sent)
            refused(me, elsewhere, host)
        for encoding in ("text/plain", "multipart/form-data"):
            elsewhere.html = form(site, {"token": own, **fields}, encoding)
            refused(me, elsewhere, host)
    assert site.keys(owner) == [key]
    # What was refused is well made: from the page itself it works.
    me.go("/keys")
    assert me.post({"token": own, "action": "revoke", "id": key["id"]}).status == 200
    assert not is_accepted(site, secret)


def refused(me: Visitor, elsewhere: Elsewhere, host: str) -> None:
    """Open the other site, which leads to the page and to its refusal."""
    with me.page.expect_response(f"{me.site.origin}/keys") as answer:
        me.page.goto(elsewhere.at(host), wait_until="commit")
    assert answer.value.status == 403
    expect(me.page.locator("h1")).to_have_text("That request came from elsewhere")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_other_site_fetches_or_reads_anything(
    site: Site, visit: Visit, elsewhere: Elsewhere, host: str
) -> None:
    owner = f"fetch-{host.partition('.')[0]}"
    me = visit(owner)
    me.create("billing")
    me.put_away()
    key = site.keys(owner)[0]
    own = me.token()
    everywhere(me)
    elsewhere.html = "<!doctype html><title>elsewhere</title>"
    me.page.goto(elsewhere.at(host))
    for fields in (
        {"action": "revoke", "id": key["id"], "token": own},
        {"action": "revoke", "id": key["id"]},
    ):
        for mode in ("no-cors", "cors"):
            with me.page.expect_request(f"{site.origin}/keys"):
                assert me.page.evaluate(FETCH, [f"{site.origin}/keys", fields, mode]) == ""
    assert me.page.evaluate(FETCH, [f"{site.origin}/keys", None, "no-cors"]) == ""
    # Neither as a picture, a script, a style or in a frame.
    assert me.page.evaluate(EMBED, f"{site.origin}/keys") == []
    assert me.page.evaluate(EMBED, f"{site.origin}/keys?asset=page.js") == []
    assert site.keys(owner) == [key]


FETCH = """
async ([url, fields, mode]) => {
  const body = fields && new URLSearchParams(fields)
  try {
    const response = await fetch(url, { method: body ? 'POST' : 'GET', body, mode, credentials: 'include' })
    return await response.text()
  } catch {
    return ''
  }
}
"""

EMBED = """
(url) => Promise.all(['img', 'script', 'link'].map((name) => new Promise((resolve) => {
  const element = document.createElement(name)
  element.onload = () => resolve(name)
  element.onerror = () => resolve('')
  Object.assign(element, { src: url, href: url, rel: 'stylesheet' })
  document.head.append(element)
}))).then((loaded) => loaded.filter(Boolean))
"""


def test_a_link_from_elsewhere_opens_the_list_and_no_window(
    site: Site, visit: Visit, elsewhere: Elsewhere
) -> None:
    me = visit("link")
    me.create("billing")
    me.put_away()
    key = site.keys("link")[0]["id"]
    elsewhere.html = f'<!doctype html><a href="{site.origin}/keys?dialog=revoke&id={key}">Look</a>'
    for host in ("127.0.0.1", "localhost"):
        me.page.goto(elsewhere.at(host))
        me.page.get_by_role("link", name="Look").click()
        expect(me.names).to_have_text(["billing"])
        expect(me.dialog).to_have_count(0)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_other_site_shows_the_page_in_a_frame(
    site: Site, visit: Visit, elsewhere: Elsewhere, host: str
) -> None:
    me = visit("framed")
    everywhere(me)
    url = f"{site.origin}/keys?dialog=create"
    elsewhere.html = (
        f'<!doctype html><iframe src="{url}"></iframe><iframe sandbox src="{url}"></iframe>'
        f'<object data="{url}" type="text/html"></object><embed src="{url}" type="text/html">'
    )
    me.page.goto(elsewhere.at(host))
    assert [frame.url for frame in me.page.frames if frame.url.startswith(site.origin)] == []
    for index in range(2):
        inside = me.page.frame_locator("iframe").nth(index)
        expect(inside.locator("body")).not_to_contain_text("secret key")
        expect(inside.locator("form, input")).to_have_count(0)


def test_not_even_the_apps_own_pages_show_it_in_a_frame(visit: Visit) -> None:
    me = visit("own-frame")
    url = f"{me.site.origin}/keys"
    me.context.route(
        "**/own", lambda route: route.fulfill(body=f'<iframe src="{url}"></iframe>', content_type="text/html")
    )
    me.go("/own")
    inside = me.page.frame_locator("iframe")
    expect(inside.locator("body")).not_to_contain_text("secret key")
    expect(inside.locator("form, a")).to_have_count(0)


def test_a_window_that_opened_it_has_no_hold_on_it(site: Site, visit: Visit, elsewhere: Elsewhere) -> None:
    me = visit("opener")
    elsewhere.html = "<!doctype html><title>elsewhere</title>"
    me.page.goto(elsewhere.at("127.0.0.1"))
    with me.page.expect_popup() as opened:
        me.page.evaluate("(url) => { window.other = window.open(url) }", f"{site.origin}/keys")
    expect(opened.value.locator("h1")).to_have_text("API keys")
    assert me.page.evaluate("other.closed")
    assert opened.value.evaluate("opener === null")
