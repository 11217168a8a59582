"""Every process of the application killed in turn, while many clients ask: nobody notices."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.host.application import units
from tests.host.conftest import DOMAIN, Host
from tests.host.stages import once_at_all
from tests.support.wrk import meanwhile

CLIENTS = 200
THINK = 2000  # milliseconds, on average
# Until all clients have come, and once more until each has asked what is left: all processes
# together may be back before a client has thought once.
EACH_ASKED = 2 * THINK / 1000  # seconds
PATH = "/items?cache=no"  # Nginx keeps the other one
PATIENCE = 60  # seconds; slow on a busy machine is not lost
BACK = 2  # seconds, those not counted in which other boxes of this machine had its CPUs
KILL = Path(__file__).with_name("killed.py")


@once_at_all
@pytest.mark.timeout(240)
def test_APP_03_a_killed_process_is_back_in_2_s_and_no_client_notices(box: Host) -> None:
    every = units(box, "web") + units(box, "worker")
    with meanwhile(box.ip, DOMAIN, PATH, CLIENTS, think=THINK, timeout=PATIENCE) as seen:
        time.sleep(EACH_ASKED)
        said = box.ssh(f"python3 - {' '.join(every)}", stdin=KILL.read_text(), timeout=200)
        time.sleep(EACH_ASKED)
    back = json.loads(said)
    print("seconds until back, and waited for a CPU:", back)
    assert seen.load
    assert seen.load.errors == 0, seen.load
    assert seen.load.requests > CLIENTS, seen.load
    assert list(back) == every
    late = {unit: times for unit, times in back.items() if times[0] - times[1] > BACK}
    assert late == {}
