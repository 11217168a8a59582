"""A box that measures itself and tells a mail server and a webhook on it: twenty times as early as
it would elsewhere, so that an alert comes and goes within two minutes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.host.conftest import Host, values
from tests.support.suites import suites
from vagrant.example import repository

from .receivers import HTTP, SMTP, Receivers

WANTED = {
    "READYHOST_MONITORING__MODE": "local",
    "READYHOST_MONITORING__EVERY_SECONDS": "5",
    "READYHOST_MONITORING__FACTS_EVERY_SECONDS": "30",
    "READYHOST_ALERTS__ENABLED": "true",
    "READYHOST_ALERTS__MAIL__TO": '["ops@example.com"]',
    "READYHOST_ALERTS__MAIL__SENDER": "host@shop.example",
    "READYHOST_ALERTS__MAIL__HOST": "127.0.0.1",
    "READYHOST_ALERTS__MAIL__PORT": str(SMTP),
    "READYHOST_ALERTS__WEBHOOK_URL": f"http://127.0.0.1:{HTTP}/hook",
    "READYHOST_ALERTS__HEARTBEAT_URL": f"http://127.0.0.1:{HTTP}/beat/{{host}}",
    "READYHOST_ALERTS__HOST_HEARTBEAT_URL": f"http://127.0.0.1:{HTTP}/host/{{host}}",
    "READYHOST_ALERTS__PATIENCE_PERCENT": "5",
    "READYHOST_ALERTS__WINDOW_SECONDS": "60",
    "READYHOST_ALERTS__GROUP_WAIT_SECONDS": "1",
    "READYHOST_ALERTS__GROUP_INTERVAL_SECONDS": "5",
}


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    source = repository("fastapi", tmp_path_factory.mktemp("source") / "fastapi")
    host = Host.boot("alerts", suites()[-1], {**values(source), **WANTED})
    host.first_run = host.converge().stdout
    host.second_run = host.converge().stdout
    yield host
    host.destroy()


@pytest.fixture(scope="session")
def receivers(box: Host) -> Receivers:
    both = Receivers(box)
    both.start()
    return both
