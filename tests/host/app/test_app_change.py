"""A change of the application's settings, under load, and changes that cannot work."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.host.application import NAME, Traffic, environ, live, pid, prop, traffic, units
from tests.host.conftest import Host
from tests.host.stages import once_at_all
from vagrant.example import TAG
from vagrant.running import changes

pytestmark = once_at_all

DSN = "https://4711aa@sentry.example/1"
AWKWARD = 'it\'s "50%" $HOME `id` \\n'
# Doubles until it is killed, after it has lived long enough to be taken for healthy.
LEAK = "sh -c 'sleep 4; a=x; while :; do a=$a$a; done'"


@dataclass
class Changed:
    """What was seen while the settings changed."""

    seen: Traffic
    slow: httpx.Response
    slot_before: str
    output: str


@pytest.fixture(scope="module")
def changed(box: Host) -> Iterator[Changed]:
    """The box with other settings: one run under load, with a slow request on its way. The
    settings are put back afterwards."""
    slow: list[httpx.Response] = []
    before = live(box)

    def ask_slowly() -> None:
        time.sleep(1)
        while live(box) == before:  # one of them is open at the moment of the switch
            try:
                slow.append(box.https("/slow?seconds=3"))
            except httpx.HTTPError as error:
                seen.failures.append(f"slow: {error!r}")

    leak = {"command": LEAK, "memory_max_mb": 64}
    with traffic(box, "/version") as seen:
        thread = threading.Thread(target=ask_slowly)
        thread.start()
        run = box.converge(
            READYHOST_APP__CACHE_TTL_SECONDS="123",
            READYHOST_APP__SENTRY_DSN=DSN,
            READYHOST_APP__SECRETS__AWKWARD=AWKWARD,
            READYHOST_APP__WORKERS=json.dumps({"leak": leak}),
        )
        thread.join()
    yield Changed(seen, slow[-1], before, run.stdout)
    box.converge()


@pytest.mark.timeout(300)
def test_APP_05_no_request_is_lost_when_settings_change(box: Host, changed: Changed) -> None:
    assert live(box) != changed.slot_before
    assert changed.seen.failures == []
    assert changed.seen.answers[TAG] > 200
    assert [name for name in changes(changed.output) if "App" in name]


def test_APP_05_a_slow_request_survives_the_switch(changed: Changed) -> None:
    assert changed.slow.status_code == 200
    assert changed.slow.elapsed.total_seconds() >= 3


def test_APP_05_nothing_of_the_former_slot_is_left(box: Host, changed: Changed) -> None:
    left = box.ssh(
        "systemctl list-units --plain --no-legend --state=active,activating,deactivating"
        f" '{NAME}-*-{changed.slot_before}@*' '{NAME}-{changed.slot_before}.target'"
    )
    assert left == ""


def test_APP_10_the_dsn_reaches_the_application(box: Host, changed: Changed) -> None:
    assert environ(box, units(box, "web")[0])["SENTRY_DSN"] == DSN
    assert "4711aa" not in changed.output


def test_CACHE_03_the_ttl_reaches_the_application(box: Host, changed: Changed) -> None:
    seen = environ(box, units(box, "web")[0])
    assert seen["CACHE_TTL"] == "123"
    assert seen["REDIS_URL"].startswith("redis://")


def test_APP_06_a_secret_arrives_byte_for_byte(box: Host, changed: Changed) -> None:
    for process in ("web", "worker"):
        assert environ(box, units(box, process)[0])["AWKWARD"] == AWKWARD


@pytest.mark.timeout(120)
def test_APP_04_a_leaking_process_is_restarted_alone(box: Host, changed: Changed) -> None:
    leak = f"{NAME}-leak-{live(box)}@1.service"
    others = {unit: pid(box, unit) for unit in [*units(box, "web"), *units(box, "worker")]}
    end = time.monotonic() + 60
    while int(prop(box, leak, "NRestarts")) < 2:
        assert time.monotonic() < end, "it was not restarted"
        time.sleep(0.5)
    assert {unit: pid(box, unit) for unit in others} == others
    journal = box.ssh(f"journalctl -u {leak} --no-pager -o cat")
    assert "oom-kill" in journal or "status=9/KILL" in journal
    assert box.https("/health").status_code == 200
