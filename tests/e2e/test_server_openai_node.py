"""The official `openai` package for Node, unmodified, on a running server: what it does is in
`_server_openai.mjs`.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from _peers import clean_environment
from _server import Server


def test_the_package_for_node_drives_it(tmp_path: Path) -> None:
    server = Server(tmp_path / "keys.db")
    environment = {
        **clean_environment(),
        "OPENAI_BASE_URL": f"{server.url}/v1",
        "OPENAI_ADMIN_KEY": server.admin_key(),
        "E2E_NODE_PACKAGE": os.environ["E2E_NODE_PACKAGE"],
    }
    program = Path(__file__).with_name("_server_openai.mjs")
    done = subprocess.run(
        ["node", program], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert server.end() == 0
