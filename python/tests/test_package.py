"""What the package brings besides its modules."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import keywright

HERE = Path(__file__).parents[1]


def test_the_licences_are_the_project_s() -> None:
    for name in ("LICENSE-MIT", "LICENSE-APACHE"):
        assert (HERE / name).read_bytes() == (HERE.parent / name).read_bytes()
    assert set(distribution("keywright").metadata.get_all("License-File") or []) == {
        "LICENSE-MIT",
        "LICENSE-APACHE",
    }


def test_it_is_typed_and_needs_no_other_package() -> None:
    folder = Path(keywright.__file__).parent
    assert (folder / "py.typed").exists()
    assert (folder / "_native.pyi").exists()
    assert all("extra == " in it for it in distribution("keywright").requires or [])


def test_the_command_comes_along(tmp_path: Path) -> None:
    environment = {**os.environ, "KEYWRIGHT_OUTPUT": ""}
    environment.pop("KEYWRIGHT_OUTPUT")

    def run(*arguments: str, said: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            arguments, cwd=tmp_path, input=said, env=environment, capture_output=True, check=False
        )

    program = str(Path(sys.executable).parent / "keywright")
    secret = run(program, "create", "demo").stdout
    assert secret.startswith(b"kw_live_kw1")
    verified = run(sys.executable, "-m", "keywright", "verify", said=secret)
    assert verified.returncode == 0
    assert run(program, "verify", said=b"x").returncode == 1
    assert run(program, "nonsense").returncode == 2
    assert run(program, "get", "key_" + "0" * 24).returncode == 3
    assert b"demo" in run(program, "list").stdout
    with keywright.KeyManager.open(tmp_path / "keywright.db") as keys:
        assert keys.verify(secret.strip()).valid


def test_hints_call_the_command_as_it_was_called(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "keywright", "quickstart"]
    told = subprocess.run(words, cwd=tmp_path, capture_output=True, check=True, text=True).stdout
    hint = next(line.strip() for line in told.splitlines() if " get key_" in line)
    assert hint.startswith(f"{sys.executable} -m keywright get key_")
    subprocess.run(["sh", "-c", hint], cwd=tmp_path, capture_output=True, check=True)


def test_importing_it_opens_nothing() -> None:
    program = (
        "import keywright, sys, threading; assert 'asyncio' in sys.modules; print(threading.active_count())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"1\n"
