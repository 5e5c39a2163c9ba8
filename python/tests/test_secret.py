"""A Secret shows itself nowhere."""

from __future__ import annotations

import copy
import gc
import io
import json
import logging
import pickle
import pprint
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest

from keywright import ClosedError, ImportRecord, InvalidArgumentError, KeyManager, Secret

KNOWN = "acme_live_kw1FSNtYRlXbBKw4la0_pmpG6Gl3HdXa9Z8qjQq5EpWJkiecEEe5Err7m7aPspa0CS6J9"
SHOWN = "<Secret acme_live_kw1FSNtYRlXbBKw4la0_…  use .reveal()>"


def test_it_shows_its_public_part() -> None:
    secret = Secret(KNOWN)
    for shown in (
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>80}".strip(),
        f"{secret:>80}",
        "%s" % secret,  # noqa: UP031
        "{}".format(secret),  # noqa: UP032
        pprint.pformat(secret),
    ):
        assert shown == SHOWN
    assert secret.redacted_value == "acme_live_kw1FSNtYRlXbBKw4la0_…"
    assert secret.reveal() == KNOWN


def test_one_of_another_form_shows_nothing() -> None:
    assert repr(Secret("hunter2")) == "<Secret …  use .reveal()>"


def test_containers_show_no_more(keys: KeyManager) -> None:
    made = keys.create("a")
    shown = repr([made, {"secret": made.secret}, ImportRecord("a", secret=made.secret)])
    assert made.secret.reveal() not in shown
    assert made.secret.reveal()[-20:] not in shown
    assert "use .reveal()" in shown


def test_logging_shows_no_more() -> None:
    text = io.StringIO()
    logger = logging.Logger("test")
    logger.addHandler(logging.StreamHandler(text))
    logger.warning("%s %r", Secret(KNOWN), {"secret": Secret(KNOWN)})
    assert text.getvalue().strip() == f"{SHOWN} {{'secret': {SHOWN}}}"


def test_tracebacks_show_no_more() -> None:
    secret = Secret(KNOWN)
    try:
        raise RuntimeError(secret)
    except RuntimeError as error:
        told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert secret.reveal() not in told
    assert SHOWN in told


@pytest.mark.parametrize(
    "leak",
    [
        json.dumps,
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        vars,
        bytes,
        list,
        len,
        lambda it: json.dumps({"secret": it}),
        lambda it: [pickle.dumps(it, protocol) for protocol in range(6)],
        lambda it: it + "",
        lambda it: "" + it,
        lambda it: Path(it),
    ],
)
def test_it_goes_into_nothing(leak: Any) -> None:
    with pytest.raises(TypeError) as caught:
        leak(Secret(KNOWN))
    assert KNOWN[-40:] not in str(caught.value)


def test_it_has_no_attributes_that_hold_it() -> None:
    secret: Any = Secret(KNOWN)
    for name in dir(secret):
        if name not in {"reveal", "close"} and not callable(getattr(secret, name)):
            assert KNOWN not in repr(getattr(secret, name)), name
    with pytest.raises(AttributeError):
        secret.value = "x"
    assert not gc.get_referents(secret) or KNOWN not in gc.get_referents(secret)


def test_it_can_be_closed() -> None:
    secret = Secret(KNOWN)
    secret.close()
    secret.close()
    for use in (secret.reveal, lambda: Secret(secret)):
        with pytest.raises(ClosedError) as caught:
            use()
        assert KNOWN not in str(caught.value)
    assert repr(secret) == SHOWN


def test_a_block_closes_it(keys: KeyManager) -> None:
    made = keys.create("a")
    with made.secret as secret:
        assert keys.verify(secret).valid
    with pytest.raises(ClosedError):
        keys.verify(made.secret)


def test_the_secret_of_a_new_key_is_one_object(keys: KeyManager) -> None:
    made = keys.create("a")
    assert made.secret is made.secret
    assert made.key is made.key


def test_it_is_compared_by_identity() -> None:
    assert Secret(KNOWN) != Secret(KNOWN)
    assert len({Secret(KNOWN), Secret(KNOWN)}) == 2


@pytest.mark.parametrize("value", [b"\xff\xfe", "\ud800", b"\xed\xa0\x80"])
def test_what_is_not_text_can_not_be_kept(value: Any) -> None:
    with pytest.raises(InvalidArgumentError):
        Secret(value)


@pytest.mark.parametrize("value", [None, 3, object(), ["x"], bytearray(b"x")])
def test_what_is_no_secret(value: Any) -> None:
    with pytest.raises(TypeError):
        Secret(value)


def test_bytes_will_do() -> None:
    assert Secret(KNOWN.encode()).reveal() == KNOWN


WHOLE = """
import gc, re
from keywright import KeyManager

def whole(mark):
    # The public part stands in other places too: what follows it there is no secret.
    secret = re.compile(re.escape(mark) + rb"[0-9A-Za-z]{49}")
    found = 0
    for line in open("/proc/self/maps"):
        area, mode = line.split()[:2]
        if mode[:2] == "rw" and "[v" not in line:
            begin, end = (int(part, 16) for part in area.split("-"))
            with open("/proc/self/mem", "rb", 0) as memory:
                memory.seek(begin)
                found += len(secret.findall(memory.read(end - begin)))
    return found

keys = KeyManager.open("memory:")
made = keys.create("a")
mark = made.secret.redacted_value[:-1].encode()
before = whole(mark)
assert keys.verify(made.secret)
made.secret.close()
gc.collect()
print(before, whole(mark))
"""

if Path("/proc/self/mem").exists():

    def test_closing_wipes_it() -> None:
        """Count copies in the memory of a process that never had it as a string."""
        run = subprocess.run([sys.executable, "-c", WHOLE], capture_output=True, text=True, check=True)
        assert run.stdout.split() == ["1", "0"]
