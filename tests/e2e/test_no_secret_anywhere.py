"""After 1,000 creates, rotates and failed verifies with logging at its most talkative, none of the
secrets is anywhere: not in the database, its WAL or the revocation log, in no log, no error text and
no `repr` or `inspect` of anything.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from _peers import clean_environment, install_tarball

ROUNDS = 1000

# Both programs write what they were told to `said` and the secrets to `secrets`, and end without
# closing the store, so that its WAL stays as it is.
PYTHON_PROGRAM = """
import logging, os, sys
from keywright import KeyManager, KeywrightError
said = open("said.txt", "w")
class Everything(logging.Formatter):
    def format(self, record):
        return record.getMessage() + repr(vars(record))
handler = logging.FileHandler("log.txt")
handler.setFormatter(Everything())
logging.basicConfig(level=1, handlers=[handler])
keys = KeyManager.open("python.db")
secrets = open("secrets.txt", "w")
def tell(*things):
    for thing in things:
        print(repr(thing), str(thing), "%s" % (thing,), f"{thing}", file=said)
for round in range(int(sys.argv[1])):
    made = keys.create("round", metadata={"a": "b"}, idempotency_key=str(round))
    first = made.secret.reveal()
    tell(made, made.key, made.secret, keys.verify(first), keys.verify(first).key)
    turned = keys.rotate(made.key.id)
    second = turned.secret.reveal()
    wrong = second[:-7] + ("A" if second[-7] != "A" else "B") + second[-6:]
    tell(turned, turned.secret, keys.verify(wrong), keys.verify(second[:-1]), keys.identify(second))
    for bad in (lambda: keys.get(first), lambda: keys.rotate(second), lambda: keys.create(first * 9),
                lambda: keys.list(after=second), lambda: keys.verify(second, scopes=[first]),
                lambda: keys.verify(second, ip=first), lambda: keys.create("x", idempotency_key=str(round))):
        try:
            bad()
        except KeywrightError as error:
            tell(error, error.args, error.__dict__)
    print(first, second, wrong, file=secrets)
tell(keys, keys.list(limit=100).data, keys.audit(limit=100).data)
keys.flush()
for stream in (said, secrets, *[h.stream for h in logging.getLogger().handlers]):
    stream.flush()
os._exit(0)
"""

NODE_PROGRAM = """
import { appendFileSync, writeFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { KeyManager, KeywrightError } from 'keywright'
const said = [], logged = [], secrets = []
const tell = (...things) => { for (const thing of things) {
  said.push(inspect(thing, { depth: 9, showHidden: true, getters: true }), String(thing))
  try { said.push(JSON.stringify(thing)) } catch (error) { said.push(inspect(error)) }
} }
const log = (...record) => logged.push(inspect(record, { depth: 9 }))
const keys = await KeyManager.open('node.db', { log })
for (let round = 0; round < Number(process.argv[2]); round++) {
  const made = await keys.create('round', { metadata: { a: 'b' }, idempotencyKey: String(round) })
  const first = made.secret.reveal()
  const answer = await keys.verify(first)
  tell(made, made.key, made.secret, answer, answer.key)
  const turned = await keys.rotate(made.key.id)
  const second = turned.secret.reveal()
  const wrong = second.slice(0, -7) + (second.at(-7) === 'A' ? 'B' : 'A') + second.slice(-6)
  tell(turned, await keys.verify(wrong), await keys.verify(second.slice(0, -1)), await keys.identify(second))
  for (const bad of [() => keys.get(first), () => keys.rotate(second), () => keys.create(first.repeat(9)),
    () => keys.list({ after: second }), () => keys.verify(second, { scopes: [first] }),
    () => keys.verify(second, { ip: first }), () => keys.create('x', { idempotencyKey: String(round) })]) {
    try { await bad() } catch (error) { if (!(error instanceof KeywrightError)) throw error; tell(error) }
  }
  secrets.push([first, second, wrong].join(' '))
}
tell(keys, (await keys.list({ limit: 100 })).data, (await keys.audit({ limit: 100 })).data)
writeFileSync('said.txt', said.join('\\n'))
writeFileSync('log.txt', logged.join('\\n'))
writeFileSync('secrets.txt', secrets.join('\\n'))
process.kill(process.pid, 'SIGKILL')
"""


def random_parts(folder: Path) -> set[bytes]:
    secrets = (folder / "secrets.txt").read_text().split()
    # The last 49 characters are what nobody may see; what is before them may be shown.
    parts = {secret[-49:].encode() for secret in secrets}
    assert len(parts) == 3 * ROUNDS
    return parts


def assert_nowhere(folder: Path, secrets: set[bytes]) -> None:
    """No part of 12 characters of any secret is in any file of the folder."""
    windows = {part[at : at + 12] for part in secrets for at in range(len(part) - 11)}
    looked_at = 0
    for path in sorted(folder.iterdir()):
        if path.name in ("secrets.txt", "package.json", "package-lock.json") or not path.is_file():
            continue
        content = path.read_bytes()
        looked_at += len(content)
        found = {content[at : at + 12] for at in range(len(content) - 11)} & windows
        assert not found, f"{path.name} holds parts of secrets"
    assert looked_at > 100_000


def test_python_leaves_no_secret(tmp_path: Path) -> None:
    command = [os.environ["E2E_PYTHON"], "-c", PYTHON_PROGRAM, str(ROUNDS)]
    subprocess.run(command, cwd=tmp_path, check=True, env=clean_environment())
    assert (tmp_path / "python.db-wal").exists()
    assert (tmp_path / "log.txt").stat().st_size > 0
    assert_nowhere(tmp_path, random_parts(tmp_path))


def test_node_leaves_no_secret(tmp_path: Path) -> None:
    install_tarball(tmp_path)
    (tmp_path / "program.mjs").write_text(NODE_PROGRAM)
    done = subprocess.run(["node", "program.mjs", str(ROUNDS)], cwd=tmp_path, env=clean_environment())
    assert done.returncode == -9
    (tmp_path / "program.mjs").unlink()
    assert (tmp_path / "node.db-wal").exists()
    assert (tmp_path / "log.txt").stat().st_size > 0
    assert_nowhere(tmp_path, random_parts(tmp_path))


def test_the_command_line_leaves_no_secret(tmp_path: Path) -> None:
    def keywright(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [os.environ["E2E_CLI"], "--verbose", "--store", "cli.db", "--output", "json", *arguments]
        environment = clean_environment() | {"KEYWRIGHT_LOG": "debug", "RUST_BACKTRACE": "full"}
        return subprocess.run(
            command, cwd=tmp_path, env=environment, input=stdin, text=True, capture_output=True
        )

    secrets: set[bytes] = set()
    said: list[str] = []
    for round_ in range(100):
        made = keywright("create", f"round {round_}")
        said.append(made.stderr)
        key = json.loads(made.stdout)
        turned = keywright("rotate", key["id"])
        said.append(turned.stderr)
        first, second = key["value"], json.loads(turned.stdout)["value"]
        for presented in (first, second, second[:-1], first + "x"):
            answer = keywright("verify", stdin=presented)
            said += [answer.stdout, answer.stderr]
        for misused in (
            ["verify", first],
            ["get", second],
            ["revoke", first, "--yes"],
            ["list", "--after", second],
        ):
            answer = keywright(*misused)
            assert answer.returncode != 0
            said += [answer.stdout, answer.stderr]
        secrets |= {first[-49:].encode(), second[-49:].encode()}
    (tmp_path / "said.txt").write_text("\n".join(said))
    assert_nowhere(tmp_path, secrets)
