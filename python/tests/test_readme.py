"""The programs in the README run as they stand."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"
# What stands behind a line `<!-- not run: REASON -->` is left out.
PROGRAMS = re.findall(
    r"(?<!-->\n)^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)
NEEDS = {"TaskGroup": (3, 11)}


@pytest.mark.parametrize(
    "program",
    [it for it in PROGRAMS if all(sys.version_info >= since for word, since in NEEDS.items() if word in it)],
)
def test_it_runs(program: str, tmp_path: Path) -> None:
    assert "from keywright import" in program
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_first_program_does_the_main_job(tmp_path: Path) -> None:
    assert len(PROGRAMS[0].strip().splitlines()) <= 12
    done = subprocess.run([sys.executable, "-c", PROGRAMS[0]], cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout.split() == [b"valid", b"revoked"]
    assert {it.name for it in tmp_path.iterdir()} >= {"keywright.db", "keywright.db.pepper"}


def test_it_is_the_program_of_the_project() -> None:
    project = (README.parents[1] / "README.md").read_text(encoding="utf-8")
    assert PROGRAMS[0] in project
