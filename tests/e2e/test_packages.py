"""The built wheel in an empty virtual environment and the packed tarball in an empty folder, with no
Rust on the path: `keywright create demo` from each of them, and the library.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from _peers import install_tarball, without_rust

PYTHON_EXAMPLE = """
from keywright import KeyManager
with KeyManager.open("python.db") as keys:
    made = keys.create("demo")
    assert keys.verify(made.secret).code == "valid"
    keys.revoke(made.key.id)
    assert keys.verify(made.secret).code == "revoked"
"""

NODE_EXAMPLE = """
import { KeyManager } from 'keywright'
import { createRequire } from 'node:module'
const keys = await KeyManager.open('node.db')
const { key, secret } = await keys.create('demo')
if ((await keys.verify(secret)).code !== 'valid') throw new Error('not valid')
await keys.revoke(key.id)
if ((await keys.verify(secret)).code !== 'revoked') throw new Error('not revoked')
const required = createRequire(import.meta.url)('keywright')
if (required.KeyManager !== KeyManager) throw new Error('two classes')
"""


def run(command: list[str], cwd: Path) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=without_rust(), stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def check_program(program: list[str], cwd: Path) -> None:
    secret = run([*program, "create", "demo"], cwd)
    # In a pipe the secret stands alone on standard output.
    assert secret.startswith("kw_live_kw1")
    assert secret.count("\n") == 1
    assert (cwd / "keywright.db").exists()
    assert (cwd / "keywright.db.pepper").stat().st_mode & 0o077 == 0
    verify = subprocess.run([*program, "verify"], cwd=cwd, input=secret, env=without_rust(), text=True)
    assert verify.returncode == 0


def test_the_wheel_needs_nothing_else(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    python = venv / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    run([*install, os.environ["E2E_WHEEL"]], tmp_path)
    run([str(python), "-c", PYTHON_EXAMPLE], tmp_path)
    check_program([str(venv / "bin" / "keywright")], tmp_path)


def test_the_npm_package_needs_nothing_else(tmp_path: Path) -> None:
    install_tarball(tmp_path)
    (tmp_path / "example.mjs").write_text(NODE_EXAMPLE)
    run(["node", "example.mjs"], tmp_path)
    check_program(["npx", "--offline", "keywright"], tmp_path)
