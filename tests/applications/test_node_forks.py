"""Node.js' cluster mode: sized as one tree, and only what leaked of it is ended, by name."""

from __future__ import annotations

import pytest

from tests.releases.shop import Shop

from .test_forks import COMMAND, leaks_alone

CLUSTER = {
    COMMAND: "node cluster.mjs",
    "READYHOST_APP__KIND": "node",
    "READYHOST_APP__BUILD__STEPS": "[]",
    "READYHOST_APP__WEB__FORKS": "2",
    "READYHOST_APP__WEB__MEMORY_MAX_MB": "400",
    # Otherwise the first process hands connections on, and keeps open what a killed one had not
    # taken: Nginx waits for it in vain.
    "READYHOST_APP__ENV": '{"NODE_CLUSTER_SCHED_POLICY": "none"}',
}


@pytest.mark.timeout(600)
def test_APP_11_of_a_cluster_only_what_leaked_is_ended(servers: Shop) -> None:
    leaks_alone(servers, CLUSTER, 2, 400)
