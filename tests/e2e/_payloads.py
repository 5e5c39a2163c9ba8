"""What people try in order to get a script into a page: known vectors, behind what breaks out of a
context, and written in other ways. Each is at most as long as a key's name may be.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_NAME = 128

VECTORS = Path(__file__).with_name("xss.txt").read_text(encoding="utf-8").splitlines()

# What the markup around a value may be: an attribute, a cell, a title, a comment, a style.
BREAKERS = ['">', "'>", "</title>", '"/></a></th>', "--></style>"]


def _every(encode: Callable[[str], str]) -> Callable[[str], str]:
    """Write the characters that matter in markup in another way."""
    return lambda text: "".join(encode(letter) if letter in "<>\"'&=()/:" else letter for letter in text)


ENCODINGS: dict[str, Callable[[str], str]] = {
    "in other case": str.swapcase,
    "decimal references": _every(lambda letter: f"&#{ord(letter)};"),
    "hexadecimal references, open": _every(lambda letter: f"&#x{ord(letter):x}"),
    "named references": lambda text: text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;"),
    "percent": _every(lambda letter: f"%{ord(letter):02x}"),
    "percent, twice": _every(lambda letter: f"%25{ord(letter):02X}"),
    "JavaScript's escapes": _every(lambda letter: f"\\u{ord(letter):04x}"),
    "full width": _every(lambda letter: chr(ord(letter) + 0xFEE0)),
    "UTF-7": lambda text: text.replace("<", "+ADw-").replace(">", "+AD4-").replace('"', "+ACI-"),
    "soft hyphens": lambda text: text.replace("script", "scr\u00adipt").replace("<", "<\u200b"),
}


def payloads() -> list[str]:
    """Give all of them, each once."""
    found = dict.fromkeys(VECTORS)
    for vector in VECTORS:
        found.update(dict.fromkeys(breaker + vector for breaker in BREAKERS))
        found.update(dict.fromkeys(encode(vector) for encode in ENCODINGS.values()))
    return [text for text in found if len(text) <= LONGEST_NAME and text == text.strip()]
