"""What the Python apps share: where the stores are, keywright's two keys, the line that tells them."""

import json
import sys
from pathlib import Path

from keywright import KeyManager

OWN = "a-constant-of-the-app-that-is-as-long-as-a-key-0123456789"


def folder_and_port() -> tuple[Path, int]:
    return Path(sys.argv[1]), int(sys.argv[2])


def keywright_secrets(store: Path) -> tuple[str, str]:
    """A key that is good, and one that is well-formed and of another store."""
    secrets = []
    for place in (str(store), "memory:"):
        with KeyManager.open(place) as keys:
            secrets.append(keys.create("world", scopes=["hello.read"]).secret.reveal())
    return secrets[0], secrets[1]


def tell(authorizations: dict[str, str]) -> None:
    """Say which `Authorization` goes with which kind of key."""
    print("KEYS", json.dumps(authorizations), flush=True)
