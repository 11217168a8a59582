"""Servers of Node.js, started as their manuals say: built, sandboxed, behind HTTPS, through a
switch."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.host.application import traffic
from tests.releases.shop import Shop
from vagrant.example import commit, git

from .conftest import HERE
from .test_servers import CLIENTS

pytestmark = pytest.mark.timeout(900)

COMMAND = "READYHOST_APP__WEB__COMMAND"
# What each answers begins with its name.
SERVERS = {
    "http": "PORT=$PORT node http.mjs",
    "fastify": "node fastify.mjs",
    "next": "node next/.next/standalone/next/server.js",
    "start": "cd start && next start",
    "router": "react-router-serve router/build/server/index.js",
    "remix": "cd remix && remix-serve build/server/index.js",
    "nuxt": "node nuxt/.output/server/index.mjs",
}


@pytest.fixture(scope="module")
def built(servers: Shop) -> dict[str, str]:
    """The settings of a release in which each of them is built; Node's own server is live."""
    git(servers.repository, "rm", "-rq", "--ignore-unmatch", ".")
    shutil.copytree(HERE / "node", servers.repository, dirs_exist_ok=True)
    commit(servers.repository, "v12.0.0")
    # a lock file of all of them would have 12,000 lines
    steps = ["npm install --ignore-scripts --no-audit --no-fund", "npm run build"]
    wanted = {
        "READYHOST_APP__KIND": "node",
        "READYHOST_APP__HEALTH__PATH": "/",
        "READYHOST_APP__BUILD__STEPS": json.dumps(steps),
    }
    first = {**wanted, COMMAND: SERVERS["http"]}
    servers.pyinfra("-y", "--data", "tag=v12.0.0", values=first, timeout=1500)
    return wanted


@pytest.mark.parametrize("name", SERVERS)
def test_APP_11_a_node_server_starts_as_its_manual_says(
    servers: Shop, built: dict[str, str], name: str
) -> None:
    with traffic(servers, "/", clients=CLIENTS) as seen:
        values = {**built, COMMAND: SERVERS[name]}
        servers.pyinfra("-y", "--data", "tag=v12.0.0", values=values)
    assert seen.failures == []
    assert seen.answers.total() > 20 * CLIENTS, "under load"
    assert f"{name} https" in servers.https("/").text
