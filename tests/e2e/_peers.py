"""Long-lived programs in other languages that are spoken to line by line, in JSON."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

PYTHON_PEER = """
import json, sys
from keywright import KeyManager
keys = KeyManager.open(sys.argv[1])
for line in sys.stdin:
    [(verb, value)] = json.loads(line).items()
    if verb == "verify":
        answer = keys.verify(value).code
    elif verb == "revoke":
        answer = keys.revoke(value).status
    elif verb == "rotate":
        answer = keys.rotate(value).secret.reveal()
    elif verb == "create":
        created = keys.create(value)
        answer = {"id": created.key.id, "secret": created.secret.reveal()}
    print(json.dumps(answer), flush=True)
"""

NODE_PEER = """
import { createInterface } from 'node:readline'
import { KeyManager } from 'keywright'
const keys = await KeyManager.open(process.argv[2])
for await (const line of createInterface({ input: process.stdin })) {
  const [[verb, value]] = Object.entries(JSON.parse(line))
  const answer = await {
    verify: async () => (await keys.verify(value)).code,
    revoke: async () => (await keys.revoke(value)).status,
    rotate: async () => (await keys.rotate(value)).secret.reveal(),
    create: async () => {
      const { key, secret } = await keys.create(value)
      return { id: key.id, secret: secret.reveal() }
    },
  }[verb]()
  process.stdout.write(JSON.stringify(answer) + '\\n')
}
await keys.close()
"""


def clean_environment() -> dict[str, str]:
    """The environment without anything that would change what a store is."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KEYWRIGHT_")}


def without_rust() -> dict[str, str]:
    """The same, with no Rust on the path."""
    environment = clean_environment()
    folders = environment.get("PATH", "").split(os.pathsep)
    kept = [folder for folder in folders if not (Path(folder) / "cargo").exists()]
    environment["PATH"] = os.pathsep.join(kept)
    assert shutil.which("cargo", path=environment["PATH"]) is None
    return environment


class Peer:
    """One program; `ask` sends a line and takes the answer."""

    def __init__(self, command: list[str], cwd: Path | None = None) -> None:
        self._process = subprocess.Popen(
            command,
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=clean_environment(),
        )

    def ask(self, **what: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the peer ended with {self._process.wait(10)}"
        return json.loads(line)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(30) == 0

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def python_peer(store: Path) -> Peer:
    return Peer([os.environ["E2E_PYTHON"], "-c", PYTHON_PEER, str(store)])


def install_tarball(folder: Path) -> None:
    """Installs the packed npm package into an empty folder, with no Rust in reach."""
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    command = ["npm", "install", "--no-audit", "--no-fund", "--offline", os.environ["E2E_TARBALL"]]
    subprocess.run(command, cwd=folder, check=True, env=without_rust(), stdout=subprocess.DEVNULL)


def node_peer(store: Path, folder: Path) -> Peer:
    install_tarball(folder)
    (folder / "peer.mjs").write_text(NODE_PEER)
    return Peer(["node", "peer.mjs", str(store)], cwd=folder)


def kotlin_peer(store: Path) -> Peer:
    """The package's test program, on the classes that its step compiled."""
    return Peer(["java", "-cp", os.environ["E2E_KOTLIN"], "dev.keywright.programs.PeerKt", str(store)])


def swift_peer(store: Path) -> Peer:
    """The program in peers/swift-peer, run where the toolchain is."""
    return Peer([*json.loads(os.environ["E2E_SWIFT"]), str(store)])
