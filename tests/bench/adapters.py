"""What an adapter adds to the framework's empty handler, beside the framework's own and other libraries.

    python tests/bench/adapters.py [--only express,fastapi] [--rounds 4] [--write]

Each app of tests/bench/apps is served from core 0 and loaded by wrk from core 1: a second for each route in
turn, in several rounds. What counts is the server's CPU time, of the round in which it was least: others who
use the machine can only add to it. `--write` puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / os.environ.get("CARGO_TARGET_DIR", "target")
APPS = ROOT / "tests/bench/apps"
HOME = TARGET / "bench-adapters"
PYTHON = HOME / "python/bin/python"
PAGE = ROOT / "docs/performance.md"
MARKS = ("<!-- written by tests/bench/adapters.py --write -->\n", "<!-- end of it -->\n")
CONNECTIONS = 32
PATIENCE = 8.0  # seconds in all that an app waits for other programs to leave its core
SLOW = 100  # requests in a second, below which a route is measured once, and for SLOW_SECONDS
SLOW_SECONDS = 20
HEADING = """| framework | route | CPU µs/request | adds | requests/s | p50 ms | p99 ms |
|---|---|--:|--:|--:|--:|--:|
"""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Route:
    """One row: a path, whose key it is shown, and the row from which it differs."""

    what: str
    path: str
    key: str = ""
    status: int = 200
    base: str = "/empty"
    figures: dict[str, float] = field(default_factory=dict)


KEYWRIGHT = [
    Route("keywright", "/keywright", "keywright"),
    Route("keywright, unknown key: 401", "/keywright", "unknown", 401),
]
EMPTY = Route("empty", "/empty")
OWN = Route("a constant", "/own", "own")
APPS_AND_ROUTES: dict[str, tuple[str, list[Route]]] = {
    "fastapi": (
        "fastapi_app.py",
        [
            EMPTY,
            Route("its `HTTPBearer`, a constant", "/own", "own"),
            *KEYWRIGHT,
            Route("keyshield", "/keyshield", "keyshield"),
        ],
    ),
    "starlette": (
        "starlette_app.py",
        [EMPTY, *(Route(one.what, "/keywright/", one.key, one.status) for one in KEYWRIGHT)],
    ),
    "django": ("django_app.py", [EMPTY, *KEYWRIGHT]),
    "drf": (
        "django_app.py",
        [
            Route("empty", "/drf-empty", base="/drf-empty"),
            Route("keywright", "/keywright-drf", "keywright", base="/drf-empty"),
            Route("keywright, unknown key: 401", "/keywright-drf", "unknown", 401, base="/drf-empty"),
            Route("djangorestframework-api-key", "/drf-api-key", "drf-api-key", base="/drf-empty"),
        ],
    ),
    "express": (
        "express_app.mjs",
        [EMPTY, OWN, *KEYWRIGHT, Route("better-auth", "/better-auth", "better-auth")],
    ),
    "fastify": ("fastify_app.mjs", [EMPTY, OWN, *KEYWRIGHT]),
    "hono": ("hono_app.mjs", [EMPTY, Route("its `bearerAuth`, a constant", "/own", "own"), *KEYWRIGHT]),
}
NAMES = {
    "fastapi": "FastAPI",
    "starlette": "Starlette",
    "django": "Django",
    "drf": "Django REST framework",
    "express": "Express",
    "fastify": "Fastify",
    "hono": "Hono",
}


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, stdout=sys.stderr)


def built(variable: str, folder: str, pattern: str) -> Path:
    """Our own package: where the environment says, or the newest that xtask built."""
    if variable in os.environ:
        return Path(os.environ[variable]).resolve()
    found = sorted((TARGET / folder).glob(pattern), key=lambda path: path.stat().st_mtime)
    if not found:
        raise SystemExit(
            f"no {pattern} in {TARGET / folder}: run `cargo xtask bench adapters`, or set {variable}"
        )
    return found[-1]


def install(kind: str, pins: Path, package: Path, *commands: list[str | Path]) -> None:
    """Install once for each list of versions and each build of ours."""
    state = hashlib.sha256(pins.read_bytes() + package.read_bytes()).hexdigest()
    stamp = HOME / f"{kind}.stamp"
    if stamp.exists() and stamp.read_text() == state:
        return
    for command in commands:
        run(*command)
    stamp.write_text(state)


def prepare() -> None:
    """Everything that is needed, below target/bench-adapters."""
    if not shutil.which("wrk"):
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise SystemExit("wrk is missing: apt-get install wrk")
        run("apt-get", "install", "--yes", "--quiet", "wrk")
    if not shutil.which("taskset") or (os.cpu_count() or 1) < 2:
        raise SystemExit(
            "this wants taskset (util-linux) and two cores: one for the server, one for its load"
        )
    (HOME / "node").mkdir(parents=True, exist_ok=True)
    wheel = built("KEYWRIGHT_WHEEL", "wheels", "keywright-*.whl")
    tarball = built("KEYWRIGHT_TARBALL", "npm", "keywright-*.tgz")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    install(
        "python",
        APPS / "requirements.txt",
        wheel,
        [sys.executable, "-m", "venv", HOME / "python"],
        [*pip, "--requirement", APPS / "requirements.txt"],
        [*pip, "--force-reinstall", "--no-deps", wheel],
    )
    # Modules are looked for beside the program, so the programs go to where the modules are.
    for file in [APPS / "package.json", *APPS.glob("*.mjs")]:
        shutil.copy(file, HOME / "node")
    npm = ["npm", "--prefix", HOME / "node", "install", "--legacy-peer-deps", "--no-audit", "--no-fund"]
    install("node", APPS / "package.json", tarball, [*npm, "--no-save", tarball])


def children(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            # A thread may end between its name and its children.
            with suppress(OSError):
                found += [int(child) for child in task.read_text().split()]
    return found


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process and its children have used."""
    ticks = 0
    for one in children(pid):
        parts = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(parts[11]) + int(parts[12])
    return ticks / TICKS


def cpu_of_core() -> float:
    """Seconds that core 0 was busy, for whomever."""
    parts = [int(part) for part in Path("/proc/stat").read_text().splitlines()[1].split()[1:]]
    return (sum(parts[:8]) - parts[3] - parts[4]) / TICKS


class Server:
    """An app on core 0, and the keys that it told of."""

    def __init__(self, program: str, folder: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        start = [str(PYTHON), str(APPS / program)]
        if program.endswith(".mjs"):
            start = ["node", str(HOME / "node" / program)]
        log = HOME / f"{program}.log"
        environment = {**os.environ, "NODE_ENV": "production", "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(
            ["taskset", "--cpu-list", "0", *start, folder, str(self.port)],
            stdout=subprocess.PIPE,
            stderr=log.open("w"),
            text=True,
            env=environment,
        )
        assert self.process.stdout is not None
        line = next((line for line in self.process.stdout if line.startswith("KEYS ")), None)
        if line is None:
            raise SystemExit(f"{program} did not start: {log.read_text()}")
        self.patience = PATIENCE
        self.keys = {"": "", **json.loads(line.removeprefix("KEYS "))}

    def get(self, route: Route) -> tuple[int, bytes]:
        """One request, as soon as the server listens."""
        headers = {"Authorization": self.keys[route.key]} if route.key else {}
        for _ in range(100):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request("GET", route.path, headers=headers)
                answer = connection.getresponse()
                return answer.status, answer.read()
            except ConnectionRefusedError:
                time.sleep(0.1)
            finally:
                connection.close()
        raise SystemExit("the server doesn't listen")

    def load(self, route: Route, seconds: int) -> dict[str, float]:
        """wrk's report, from core 1."""
        url = f"http://127.0.0.1:{self.port}{route.path}"
        header = ["--header", f"Authorization: {self.keys[route.key]}"] if route.key else []
        size = [
            "--threads",
            "1",
            "--connections",
            str(CONNECTIONS),
            "--duration",
            f"{seconds}s",
        ]
        command = [
            "taskset",
            "--cpu-list",
            "1",
            "wrk",
            *size,
            "--timeout",
            "30s",
            "--script",
            APPS / "report.lua",
        ]
        output = subprocess.run([*command, *header, url], check=True, capture_output=True, text=True).stdout
        return json.loads(output.partition("REPORT ")[2])

    def idle(self) -> None:
        """Wait until what wrk left behind is done with, and for a while until others leave the core alone."""
        for _ in range(100):
            cpu, core = cpu_of(self.process.pid), cpu_of_core()
            time.sleep(0.2)
            ours = cpu_of(self.process.pid) - cpu
            others = cpu_of_core() - core - ours
            if not ours:
                if others < 0.06 or self.patience <= 0:
                    return
                self.patience -= 0.2

    def stop(self) -> None:
        for pid in children(self.process.pid):
            os.kill(pid, 15)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def check(server: Server, route: Route) -> bool:
    """See that the answer is right, warm up, and say whether the route is slow."""
    status, body = server.get(route)
    if status != route.status or (status == 200 and json.loads(body) != {"hello": "world"}):
        raise SystemExit(f"{route.path} answers {status} {body!r}")
    return server.load(route, 1)["requests"] < SLOW


def measure(server: Server, route: Route, seconds: int = 1) -> None:
    """Keep a route's figures, if its CPU time is the least so far."""
    server.idle()
    cpu, core, begin = cpu_of(server.process.pid), cpu_of_core(), time.monotonic()
    report = server.load(route, seconds)
    took = time.monotonic() - begin
    cpu, core = cpu_of(server.process.pid) - cpu, cpu_of_core() - core
    requests = report["requests"]
    if not requests:
        print(f"{route.path}: no answer in {took:.0f} seconds; the machine is busy", file=sys.stderr)
        return
    wrong = report["status"] if route.status == 200 else requests - report["status"]
    figures = {
        "cpu": cpu / requests * 1e6,
        "rate": requests * 1e6 / report["duration"],
        "p50": report["p50"] / 1000,
        "p99": report["p99"] / 1000,
        "failed": wrong + report["socket"],
        "others": max(0.0, core - cpu) / took,
    }
    shown = ", ".join(f"{name} {value:,.2f}" for name, value in figures.items())
    print(f"{route.path} {route.status}: {shown}", file=sys.stderr)
    if not route.figures or figures["cpu"] < route.figures["cpu"]:
        route.figures = figures


def row(app: str, route: Route, routes: list[Route]) -> str:
    """A line of the table."""
    mine = route.figures
    base = next(one for one in routes if one.path == route.base).figures
    adds = "" if mine is base else f"{mine['cpu'] - base['cpu']:+,.0f}"
    failed = f" ({mine['failed']:.0f} failed)" if mine["failed"] else ""
    times = f"{mine['rate']:,.0f} | {mine['p50']:,.1f} | {mine['p99']:,.1f}"
    return f"| {NAMES[app]} | {route.what}{failed} | {mine['cpu']:,.0f} | {adds} | {times} |\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--only", default=",".join(APPS_AND_ROUTES), help="some of the apps")
    parser.add_argument("--rounds", type=int, default=4, help="how often each route is measured for a second")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    chosen = parser.parse_args()
    prepare()
    before = os.getloadavg()[0]
    table = HEADING
    others = []
    for app in chosen.only.split(","):
        program, listed = APPS_AND_ROUTES[app]
        routes = [Route(one.what, one.path, one.key, one.status, one.base) for one in listed]
        with tempfile.TemporaryDirectory(dir=HOME) as folder:
            server = Server(program, folder)
            try:
                slow = [route for route in routes if check(server, route)]
                for _ in range(chosen.rounds):
                    for route in routes:
                        if route not in slow:
                            measure(server, route)
                for route in slow:
                    measure(server, route, SLOW_SECONDS)
            finally:
                server.stop()
        if not all(route.figures for route in routes):
            raise SystemExit(f"{NAMES[app]}: a route never answered")
        table += "".join(row(app, route, routes) for route in routes)
        others += [route.figures["others"] for route in routes]
    mean = sum(others) / len(others)
    table += (
        f"\nLoad before the run {before:.1f}; other programs took {mean:.0%} of the server's core, "
        f"{max(others):.0%} during the worst row.\n"
    )
    print(table)
    if chosen.write:
        head, _, rest = PAGE.read_text().partition(MARKS[0])
        PAGE.write_text(head + MARKS[0] + table + MARKS[1] + rest.partition(MARKS[1])[2])


if __name__ == "__main__":
    main()
