"""No text that anyone enters becomes more than text on the keys page: no markup, no script.

Every payload goes through every field. The list and the searches are opened in real Chromium as they
come. All other pages are parsed by it without their Content-Security-Policy, and those with the plain
vectors come to life in it: it must not be the policy that saves us.
"""

from __future__ import annotations

import http.client
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest
from _payloads import VECTORS, payloads
from _wire import another_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from _browser import Site, Visitor
    from playwright.sync_api import Page

    Visit = Callable[..., Visitor]

PAYLOADS = payloads()
ROWS = 20
HARMLESS = "harmless"

# What is not as the page's own templates make it.
STRANGE = """
(page) => {
  const own = new Set(`html head meta title link script body svg symbol path circle rect use g div header
    h1 h2 h3 a main p b small span section form label input button select option fieldset legend table
    thead tbody tr th td nav code time figure figcaption dl dt dd ul li`.split(/\\s+/))
  const found = []
  for (const element of page.querySelectorAll('*')) {
    if (!own.has(element.localName)) found.push(element.outerHTML)
    for (const { name, value } of element.attributes) {
      const leads = /^(href|src|action|formaction)$|:href$/.test(name)
      if (/^(on|style$|srcdoc$)/.test(name) || (leads && !/^[?#]/.test(value))) found.push(element.outerHTML)
    }
  }
  const scripts = [...page.scripts].map((script) => script.getAttribute('src') + script.text)
  if (scripts.length !== 1 || !scripts[0].startsWith('?asset=page.js&v=')) found.push(...scripts)
  return found
}
"""

# Each page is parsed; some come to life in a frame that inherits no policy. Gives what is not as expected.
WITHOUT_POLICY = """
async ([pages, source]) => {
  const strange = eval(source)
  const wrong = []
  const alive = (frame) => new Promise((resolve, reject) => {
    frame.addEventListener('load', () => resolve(frame.contentDocument), { once: true })
    setTimeout(reject, 30_000, 'a frame does not load')
    document.body.append(frame)
  })
  for (const { html, texts, lives } of pages) {
    const frame = document.createElement('iframe')
    frame.srcdoc = html
    const page = lives ? await alive(frame) : new DOMParser().parseFromString(html, 'text/html')
    wrong.push(...strange(page))
    for (const [selector, property, text] of texts) {
      const found = page.querySelector(selector)?.[property]
      if (found !== text) wrong.push(`${selector} ${property}: ${found} instead of ${text}`)
    }
    frame.remove()
  }
  return wrong
}
"""


class Shown(NamedTuple):
    """A page, and what must stand where."""

    html: str
    texts: list[tuple[str, str, str]]
    lives: bool


class Sender:
    """Sends requests as a browser would, without being one: there are many."""

    def __init__(self, site: Site, owner: str) -> None:
        """Sign in by the cookie."""
        self._app = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        self.owner = owner

    def ask(self, target: str, fields: Mapping[str, str] | None = None) -> tuple[int, str, dict[str, str]]:
        """Give status, body and headers of the answer."""
        headers = {"cookie": f"owner={self.owner}", "accept-language": "en"}
        if fields is None:
            self._app.request("GET", target, headers=headers)
        else:
            headers["content-type"] = "application/x-www-form-urlencoded"
            self._app.request("POST", target, urlencode(fields), headers)
        response = self._app.getresponse()
        body = response.read().decode()
        return response.status, body, {name.lower(): value for name, value in response.getheaders()}

    def page(self, **query: str) -> str:
        """Open the page."""
        status, html, _ = self.ask(f"/keys?{urlencode(query)}")
        assert status == 200, query
        return html

    def form(self, dialog: str, key: str = "") -> dict[str, str]:
        """Open a window, and give the hidden fields of its form."""
        return hidden(self.page(dialog=dialog, id=key))

    def close(self) -> None:
        """Let the connection go."""
        self._app.close()


def hidden(html: str) -> dict[str, str]:
    """Give the hidden fields of a page's form."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))


@pytest.fixture
def sender(site: Site) -> Iterator[Callable[[str], Sender]]:
    """Sign in without a browser."""
    begun: list[Sender] = []

    def begin(owner: str) -> Sender:
        begun.append(Sender(site, owner))
        return begun[-1]

    yield begin
    for one in begun:
        one.close()


@pytest.fixture
def watched(visit: Visit) -> Iterator[Visitor]:
    """Open a browser, and fail if a script ran in it, was stopped from running, or asked another host."""
    me = visit("watched")
    seen: list[str] = []

    def dialog(shown: Any) -> None:
        seen.append(f"{shown.type}: {shown.message}")
        shown.dismiss()

    me.page.on("dialog", dialog)
    me.page.on("popup", lambda page: seen.append(f"popup: {page.url}"))
    me.page.on("console", lambda said: "Content Security" in said.text and seen.append(said.text))
    me.page.on("pageerror", lambda error: seen.append(str(error)))
    me.page.on("request", lambda request: "//127.0.0.1:" in request.url or seen.append(request.url))
    yield me
    assert seen == []


def check_without_policy(page: Page, shown: list[Shown]) -> None:
    """Let Chromium make of each page what it would without a policy."""
    with another_site() as elsewhere:
        elsewhere.html = "<!doctype html><title>frames</title>"
        page.goto(elsewhere.at("127.0.0.1"))
        for at in range(0, len(shown), 100):
            batch = [one._asdict() for one in shown[at : at + 100]]
            assert page.evaluate(WITHOUT_POLICY, [batch, STRANGE]) == []


def test_there_are_enough_of_them() -> None:
    assert len(PAYLOADS) >= 500
    assert len(set(PAYLOADS)) == len(PAYLOADS)


def test_a_script_that_got_in_would_be_noticed(visit: Visit) -> None:
    me = visit("control")
    seen: list[str] = []
    me.page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    with another_site() as elsewhere:
        elsewhere.html = "<!doctype html><title>frames</title>"
        me.page.goto(elsewhere.at("127.0.0.1"))
        page = Shown("<p><img src=x onerror=alert('seen')></p>", [("p", "textContent", "x")], lives=True)
        wrong = me.page.evaluate(WITHOUT_POLICY, [[page._asdict()], STRANGE])
    assert wrong.count('<img src="x" onerror="alert(\'seen\')">') == 3
    assert wrong[-1] == "p textContent:  instead of x"
    assert seen == ["seen"]


def test_a_name_is_text_wherever_it_is_shown(
    site: Site, sender: Callable[[str], Sender], watched: Visitor
) -> None:
    shown: list[Shown] = []
    for at in range(0, len(PAYLOADS), ROWS):
        names = PAYLOADS[at : at + ROWS]
        owner = f"names-{at}"
        me = sender(owner)
        form = me.form("create")
        for number, name in enumerate(names):
            fields = {"name": name, "nonce": str(number), "permissions": "all", "expires": "never"}
            status, html, _ = me.ask("/keys?q=nothing", {**form, **fields})
            assert status == 200, name
            if number % 6 == 0:
                shown.append(Shown(html, [("#secret", "ariaLabel", f"Secret key: {name}")], name in VECTORS))
        listed = names[::-1]
        keys = site.keys(owner)
        assert [key["name"] for key in keys] == listed

        # The list and one window of each owner, as they come.
        watched.go(f"/login?owner={owner}")
        assert watched.names.all_text_contents() == listed
        assert watched.names.evaluate_all("(all) => all.map((name) => name.title)") == listed
        acts = watched.page.locator(".act.revoke")
        labels = acts.evaluate_all("(all) => all.map((act) => act.ariaLabel)")
        assert labels == [f"Revoke “{name}”" for name in listed]
        assert watched.page.evaluate(f"({STRANGE})(document)") == []
        dialog = ("key", "edit", "rotate", "disable", "revoke")[at // ROWS % 5]
        watched.go(f"/keys?dialog={dialog}&id={keys[0]['id']}")
        assert watched.page.evaluate(f"({STRANGE})(document)") == []

        shown.append(Shown(me.page(), [("tbody .name a", "textContent", listed[0])], lives=True))
        for number, key in enumerate(reversed(keys)):
            if number % 6 != 0:
                shown += window(me, key, number % 6)
    assert len(shown) > len(PAYLOADS)
    check_without_policy(watched.page, shown)


def window(me: Sender, key: Mapping[str, Any], kind: int) -> Iterator[Shown]:
    """Open one of the windows about a key, and do what it is for where that is told afterwards."""
    name, lives = key["name"], key["name"] in VECTORS
    action = ("key", "edit", "rotate", "disable", "revoke")[kind - 1]
    html = me.page(dialog=action, id=key["id"], q=key["id"])
    title = ("#dialog-title", "textContent")
    if action == "key":
        yield Shown(html, [(*title, name), ("title", "textContent", f"{name} · API keys")], lives)
    elif action == "edit":
        yield Shown(html, [("#name", "value", name)], lives)
    elif action == "rotate":
        yield Shown(html, [(*title, f"Rotate “{name}”")], lives)
    else:
        yield Shown(html, [(*title, f"{action.title()} “{name}”?"), (".named b", "textContent", name)], lives)
        _, _, headers = me.ask("/keys?q=nothing", hidden(html))
        _, html, _ = me.ask(f"/keys{headers['location']}")
        done = {"disable": "is disabled", "revoke": "was revoked"}[action]
        yield Shown(html, [(".notice span", "textContent", f"“{name}” {done}.")], lives)


def test_what_is_searched_and_what_comes_back_with_an_error_is_text(
    sender: Callable[[str], Sender], watched: Visitor
) -> None:
    me = sender("watched")
    form = me.form("create")
    shown = []
    for payload in PAYLOADS:
        entered = {"name": payload, "nonce": payload.encode()[:64].decode(errors="ignore"), "date": payload}
        fields = {**form, **entered, "permissions": "restricted", "expires": "date", "unknown": payload}
        search = urlencode({"q": payload, "revoked": payload, "unknown": payload, payload: payload})
        status, html, _ = me.ask(f"/keys?{search}", {**fields, payload: payload})
        assert status == 400
        texts = [("#q", "value", payload), ("#name", "value", payload)]
        texts += [("input[name=nonce]", "value", entered["nonce"]), ("#date", "defaultValue", payload[:16])]
        shown.append(Shown(html, texts, payload in VECTORS))
    check_without_policy(watched.page, shown)
    for search in bundles(VECTORS):
        watched.go(f"/keys?q={quote(search)}&{quote(search)}")
        assert watched.page.get_by_role("searchbox").input_value() == search
        assert watched.page.evaluate(f"({STRANGE})(document)") == []


def bundles(payloads: list[str]) -> Iterator[str]:
    """Join them, as many as a search may hold."""
    bundle = ""
    for payload in payloads:
        if bundle and len(bundle) + len(payload) >= 128:
            yield bundle
            bundle = ""
        bundle = f"{bundle} {payload}".strip()
    yield bundle


def test_in_every_other_field_it_changes_no_byte_of_the_answer(
    site: Site, sender: Callable[[str], Sender]
) -> None:
    me = sender("others")
    form = me.form("create")
    create = {**form, "name": "x", "permissions": "all", "expires": "never"}
    me.ask("/keys", create)
    key = site.keys("others")[0]["id"]
    rotate, edit = me.form("rotate", key), me.form("edit", key)
    queries = ["dialog", "id", "sort", "after", "asset", "done", "key", "sig"]
    base = {"dialog": "key", "id": key, "done": "edit", "key": key, "sig": "x"}
    forms = [(create, ["token", "action", "permissions", "expires", "scope"])]
    forms += [({**rotate, "overlap": "0"}, ["id", "version", "overlap"])]
    forms += [({**edit, "name": "y", "permissions": "all", "expires": "keep"}, ["seen", "id"])]
    tries: list[Callable[[str], Any]] = [
        lambda text, name=name: me.ask("/keys?" + urlencode({**base, name: text}))[:2] for name in queries
    ]
    tries += [
        lambda text, fields=fields, name=name: me.ask("/keys", {**fields, name: text})[:2]
        for fields, names in forms
        for name in names
    ]
    before = site.keys("others")
    harmless = [attempt(HARMLESS) for attempt in tries]
    # Each payload in some fields, each field with many payloads.
    for number, payload in enumerate(PAYLOADS):
        for index in range(number % 3, len(tries), 3):
            assert without_tokens(tries[index](payload)) == without_tokens(harmless[index]), (index, payload)
    assert site.keys("others") == before


def without_tokens(answer: tuple[int, str]) -> tuple[int, str]:
    """A window's token and nonce are new each time."""
    return answer[0], re.sub(r'name="(token|nonce)" value="[^"]*"', "", answer[1])


def test_an_owners_name_is_nowhere_on_the_page(sender: Callable[[str], Sender]) -> None:
    me = sender(HARMLESS)
    empty = me.ask("/keys")
    # An app that takes cookies as they are must not be given what no cookie, and no owner, may be.
    for payload in [text for text in PAYLOADS if text.isascii() and len(quote(text, safe="")) <= 128]:
        _, _, headers = me.ask(f"/login?owner={quote(payload)}")
        me.owner = headers["set-cookie"].removeprefix("owner=").split("; ")[0]
        assert me.ask("/keys")[:2] == empty[:2], payload
