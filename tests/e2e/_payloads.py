"""What people try in order to get a script into a page: the vectors of `xss.txt`, behind what breaks out
of a context, and written in other ways. Each is at most as long as a key's name may be.
"""

from __future__ import annotations

from itertools import cycle
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
    "UTF-7": lambda text: "".join(c.encode("utf-7").decode() if c in '<>"' else c for c in text),
    "soft hyphens": lambda text: text.replace("script", "scr\u00adipt").replace("<", "<\u200b"),
}


def payloads() -> list[str]:
    """Give each vector as it is, behind some of what breaks out, and in some of the other ways."""
    breakers, encodings = cycle(BREAKERS), cycle(ENCODINGS.values())
    found: dict[str, None] = {}
    for vector in VECTORS:
        found[vector] = None
        found.update(dict.fromkeys(next(breakers) + vector for _ in range(3)))
        found.update(dict.fromkeys(next(encodings)(vector) for _ in range(4)))
    return [text for text in found if len(text) <= LONGEST_NAME and text == text.strip()]
