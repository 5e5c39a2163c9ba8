"""Programs end cleanly, whatever goes on: no crash, no hang, nothing on standard error."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import keywright

# Of each program, on each version of Python.
RUNS = int(os.environ.get("KEYWRIGHT_EXIT_RUNS", "20"))
PACKAGE = str(Path(keywright.__file__).parents[1])


def interpreters() -> dict[str, str]:
    """Find each version of Python that is here and can load the package."""
    found = {"{}.{}".format(*sys.version_info): sys.executable}
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for minor in range(10, 16):
        name = f"3.{minor}"
        places = [*kept.glob(f"{name}.*/bin/python3"), shutil.which(f"python{name}")]
        for place in places:
            if place is not None and name not in found and runs(place, name):
                found[name] = str(place)
    return found


def runs(python: str | Path, version: str) -> bool:
    """Say whether it is really that version (a shim may stand in for one that is not there)."""
    command = [python, "-c", "import sys; print('{}.{}'.format(*sys.version_info))"]
    try:
        said = subprocess.run(command, capture_output=True, timeout=30, check=False, text=True)
    except OSError:
        return False
    return said.stdout.strip() == version


PROGRAMS = {
    "answered": """
async def main():
    keys = await AsyncKeyManager.open(path)
    made = await asyncio.gather(*(keys.create("a") for _ in range(50)))
    await asyncio.gather(*(keys.verify(it.secret) for it in made))
asyncio.run(main())
""",
    "under way": """
async def main():
    keys = await AsyncKeyManager.open(path)
    tasks = [asyncio.ensure_future(keys.create("a", credits=1)) for _ in range(50)]
    await asyncio.sleep(0.001 * random.randrange(5))
asyncio.run(main())
""",
    "exit inside": """
async def main():
    keys = await AsyncKeyManager.open(path)
    tasks = [asyncio.ensure_future(keys.create("a")) for _ in range(50)]
    await asyncio.sleep(0)
    sys.exit(0)
asyncio.run(main())
""",
    "loop left open": """
loop = asyncio.new_event_loop()
keys = loop.run_until_complete(opened(path))
for coroutine in [keys.create("a") for _ in range(50)]:
    loop.create_task(coroutine)
loop.run_until_complete(asyncio.sleep(0.001))
for task in asyncio.all_tasks(loop):
    task.cancel()
loop.run_until_complete(asyncio.sleep(0))
""",
    "threads": """
keys = KeyManager.open(path)
made = keys.create("a", credits=1000000)
def work():
    while True:
        try:
            keys.create("a")
            keys.verify(made.secret)
        except ClosedError:
            pass
for _ in range(8):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.001 * random.randrange(30))
""",
    "memory": """
keys = KeyManager.open("memory:")
def work():
    while True:
        try:
            keys.create("a")
        except ClosedError:
            pass
for _ in range(8):
    threading.Thread(target=work, daemon=True).start()
""",
}

HEAD = """
import asyncio, random, sys, threading, time
from keywright import AsyncKeyManager, ClosedError, KeyManager
async def opened(path):
    return await AsyncKeyManager.open(path)
path = sys.argv[1]
"""


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(("version", "python"), interpreters().items(), ids=interpreters())
def test_it_ends(version: str, python: str, program: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": PACKAGE}

    def run(number: int) -> tuple[int, bytes]:
        command = [python, "-c", HEAD + PROGRAMS[program], str(tmp_path / f"{number}.db")]
        done = subprocess.run(command, capture_output=True, timeout=120, env=environment, check=False)
        return done.returncode, done.stdout + done.stderr

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(run, range(RUNS)))
    bad = [outcome for outcome in outcomes if outcome != (0, b"")]
    assert not bad, f"{version}: {len(bad)} of {RUNS} ended badly, for example {bad[0]}"
