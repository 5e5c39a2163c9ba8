"""Errors and words are those of the shared tables."""

from __future__ import annotations

import copy
import pickle
from typing import Any, get_args

import pytest

import keywright
from keywright import KeyManager, KeywrightError, _native, _words, errors

from .conftest import shared

TABLE = shared("vectors/errors.json")


@pytest.mark.parametrize("row", TABLE["errors"], ids=lambda row: str(row["code"]))
def test_each_code_has_its_class(row: dict[str, Any]) -> None:
    found = getattr(errors, row["class"])
    assert issubclass(found, KeywrightError)
    assert found is getattr(keywright, row["class"])
    assert found.code == row["code"]
    assert " ".join((found.__doc__ or "").split()) == row["meaning"]


def test_there_are_no_other_classes() -> None:
    classes = {row["class"] for row in TABLE["errors"]}
    assert set(errors.__all__) == {*classes, "KeywrightError"}


def test_verify_codes_are_those_of_the_table() -> None:
    rows = TABLE["verify_codes"] if "verify_codes" in TABLE else TABLE["verify"]
    assert list(get_args(keywright.VerifyCode)) == [row["code"] for row in rows]


def test_words_are_those_of_the_library() -> None:
    native: Any = _native
    words = native.words()
    assert words
    for name, expected in words.items():
        assert list(get_args(getattr(_words, name))) == expected, name


def test_an_error_says_what_happened_and_what_to_do(keys: KeyManager) -> None:
    with pytest.raises(errors.InvalidArgumentError) as caught:
        keys.create("")
    error = caught.value
    assert error.code == "invalid_argument"
    assert isinstance(error, ValueError)
    assert error.message
    assert error.message in str(error)
    assert error.key_id is None


def test_an_error_names_the_key_that_it_is_about(keys: KeyManager) -> None:
    made = keys.create("a", idempotency_key="once")
    assert keys.verify(made.secret)
    with pytest.raises(errors.AlreadyIssuedError) as caught:
        keys.create("a", idempotency_key="once")
    assert caught.value.key_id == made.key.id


def test_an_answer_says_what_a_public_wire_may_say(keys: KeyManager) -> None:
    table = {row["code"]: (row["http"], row["wire"]) for row in TABLE["verify"]}
    made = keys.create("a", scopes=["read"], rate_limit="1/60s")
    answers = [
        keys.verify("nonsense"),
        keys.verify(made.secret, scopes=["write"]),
        keys.verify(made.secret),
        keys.verify(made.secret),
    ]
    assert [it.code for it in answers] == ["malformed", "insufficient_scope", "valid", "rate_limited"]
    for answer in answers:
        assert (answer.http_status, answer.wire_code) == table[answer.code]


@pytest.mark.parametrize("transfer", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_errors_can_be_copied_and_pickled(transfer: Any) -> None:
    error = transfer(errors.NotFoundError("there is no such key", "list them", "key_1"))
    assert type(error) is errors.NotFoundError
    assert (error.message, error.hint, error.key_id) == ("there is no such key", "list them", "key_1")
    assert str(error) == "there is no such key; list them"
