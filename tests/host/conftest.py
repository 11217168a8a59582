"""A box for each suite, converged once by the whole deploy; every test observes it from outside."""

from __future__ import annotations

import concurrent.futures
import json
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support.client import Answer, Server
from tests.support.suites import suites
from tests.support.visitors import NETWORK, network
from vagrant.driver import Box
from vagrant.example import TAG, repository

from . import shared_hosts, stages
from .database import settings, tunnel
from .stages import NEXT, STAGES

DOMAIN = "shop.example"


@dataclass
class Host(Box):
    """A converged box with what the tests know of it: outputs and seconds of its first two runs."""

    example: str = ""
    first_run: str = ""
    second_run: str = ""
    cold_seconds: float = 0
    second_seconds: float = 0

    def client(self, **arguments: object) -> httpx.Client:
        """An HTTPS client that reaches the box by its domain and repeats nothing."""
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trust.check_hostname = False
        trust.verify_mode = ssl.CERT_NONE  # the box's certificate is self-signed in these tests
        return httpx.Client(
            base_url=f"https://{self.ip}",
            headers={"Host": DOMAIN},
            transport=httpx.HTTPTransport(verify=trust, retries=0),
            timeout=70,
            **arguments,  # type: ignore[arg-type]
        )

    def https(self, path: str, method: str = "GET", **arguments: object) -> httpx.Response:
        """One request on a new connection."""
        with self.client() as client:
            return client.request(
                method,
                path,
                extensions={"sni_hostname": DOMAIN},
                **arguments,  # type: ignore[arg-type]
            )


CLEANUP = {"fastapi": "python -m app.cleanup", "express": "node src/cleanup.js"}


NAMES = {
    "Async_Database": "{database.url:postgresql+asyncpg}",
    "PGHOST": "{database.host}",
    "PGPASSWORD": "{database.password}",
    "DIRECT_URL": "{database.direct.url}",
    "ORIGINS": "{origins}",
}


FEW = {"READYHOST_APP__WEB__INSTANCES": "2"}
"""Of a Python application two cores have five processes by default. Their starts take most of a
switch's CPU time: for tests that are not about their number."""


def values(repository: Path) -> dict[str, str]:
    """Settings of a test box with an example's repository, over those of vagrant.toml."""
    cleanup = {"command": CLEANUP[repository.name], "schedule": "*-*-* *:0/5:00"}
    return {
        "READYHOST_DOMAIN": DOMAIN,
        "READYHOST_APP__REPOSITORY": str(repository),
        "READYHOST_APP__TAG": TAG,
        "READYHOST_APP__STATIC": "static",
        "READYHOST_APP__JOBS": json.dumps({"cleanup": cleanup}),
        "READYHOST_APP__NAMES": json.dumps(NAMES),
        # Releases that go bad have tests of their own (tests/releases).
        "READYHOST_APP__WATCH__SECONDS": "0",
        # The tests ask far more than a client may; the limits' own test comes from elsewhere.
        "READYHOST_NGINX__LIMITS__UNLIMITED": '["10.0.3.1/32"]',
        # They look at the database through a tunnel.
        "READYHOST_SSHD__TCP_FORWARDING": "true",
        # Nor are they shut out for it; the bans' own test comes from 198.51.100.0/24.
        "READYHOST_BANS__IGNORE": json.dumps(["10.0.3.1/32", NETWORK]),
    }


def converged(suite: str, source: Path) -> Host:
    """A new box of `suite`, after the first and the second run. A copy is kept for other runs."""
    try:
        host = Host.boot(f"{shared_hosts.PART}-{suite}", suite, values(source))
        begin = time.monotonic()
        host.first_run = host.converge().stdout
        middle = time.monotonic()
        host.second_run = host.converge().stdout
        host.cold_seconds, host.second_seconds = middle - begin, time.monotonic() - middle
    except BaseException as error:
        shared_hosts.give_up(suite, str(error))
        raise
    known = ("first_run", "second_run", "cold_seconds", "second_seconds")
    shared_hosts.keep(host, {name: getattr(host, name) for name in known})
    return host


@pytest.fixture(scope="session")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], Host]]:
    """The boxes by suite and stage, as they come to be."""
    made: dict[tuple[str, str], Host] = {}
    yield made
    for host in {id(host): host for host in made.values()}.values():
        host.destroy()


def serving(host: Host, seconds: float = 60) -> None:
    """Wait until the application answers by itself; it has no more than `seconds` after a boot."""
    end = time.monotonic() + seconds
    while True:
        try:
            if host.https("/health").status_code == 200:
                return
        except httpx.TransportError as error:
            last: object = error
        else:
            last = "an answer that is not 200"
        assert time.monotonic() < end, f"{host.name} does not serve {seconds} s after boot: {last}"
        time.sleep(0.5)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    others = [item for item in items if stages.elsewhere(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


@pytest.fixture(
    scope="session",
    params=[
        pytest.param((suite, stage), id=f"{suite}-{stage}")
        for suite in suites()
        for stage in STAGES
    ],
)
def box(
    request: pytest.FixtureRequest,
    hosts: dict[tuple[str, str], Host],
    tmp_path_factory: pytest.TempPathFactory,
) -> Host:
    """The box of a suite: as the second run left it, then once more after a reboot."""
    suite, stage = request.param
    if (suite, stage) in hosts:
        return hosts[suite, stage]
    host = hosts.get((suite, "converged"))
    if not host:
        example = "express" if suite in NEXT else "fastapi"
        source = repository(example, tmp_path_factory.mktemp("source") / example)
        if "converged" not in STAGES and shared_hosts.PLACE:
            host = shared_hosts.copied(Host, f"{shared_hosts.PART}-{suite}", suite, values(source))
        else:
            host = hosts[suite, "converged"] = converged(suite, source)
        host.example = example
    if stage == "rebooted":
        host.reboot()
        serving(host)
        hosts[suite, stage] = host
    return host


@pytest.fixture
def web(box: Host) -> Server:
    """The box as a client sees it."""
    return Server(DOMAIN, box.ip)


@pytest.fixture
def stylesheet(box: Host) -> str:
    """The path of one of the application's static files."""
    return "/static/" + box.ssh("cd /srv/*/current/static; ls *.css").split()[0]


@pytest.fixture(scope="module")
def visitor() -> Iterator[Callable[[], str]]:
    """A function that gives a new client's address; unlike the tests' own it has limits."""
    with network() as addresses:
        yield lambda: next(addresses)


Late = concurrent.futures.Future[tuple[Answer, float]]


@pytest.fixture(scope="session")
def asked() -> Iterator[dict[object, Late]]:
    """Requests that are under way, by the box and stage that they were asked of."""
    yield {}


@pytest.fixture(scope="module")
def port(box: Host) -> Iterator[int]:
    """PostgreSQL's own port, as the box itself reaches it."""
    with tunnel(box, settings(box).postgres.port) as local:
        yield local


@pytest.fixture
def late(request: pytest.FixtureRequest, box: Host, asked: dict[object, Late]) -> Late:
    """A request that takes longer than allowed, and its seconds; other tests run meanwhile."""

    def ask() -> tuple[Answer, float]:
        begin = time.monotonic()
        return Server(DOMAIN, box.ip).ask("/slow?seconds=75", timeout=90), time.monotonic() - begin

    stage = request.node.callspec.params["box"]
    if stage not in asked:
        pool = concurrent.futures.ThreadPoolExecutor(1)
        asked[stage] = pool.submit(ask)
        pool.shutdown(wait=False)
    return asked[stage]
