"""Another time zone on a host that runs: what reads it once, at its start, follows."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.host.conftest import Host
from tests.host.database import application, connect, settings, superuser, tunnel, value
from tests.host.stages import once_at_all
from vagrant.running import changes

ZONE = "Asia/Kolkata"  # half an hour beside the others, and the same in summer
OFFSET = "+05:30"
ENTRIES = "/etc/cron.d/zone"
RUN = "/run/zone-"  # and the zone whose hour it was


@once_at_all
@pytest.mark.timeout(300)
def test_HOST_05_cron_logs_nginx_and_postgresql_follow_a_changed_zone(box: Host) -> None:
    started = {unit: _started(box, unit) for unit in ("cron", "rsyslog", "nginx")}
    first = box.converge(READYHOST_BASE__TIMEZONE=ZONE).stdout
    try:
        box.ssh(f"cat >{ENTRIES}", stdin=_entries(ZONE, "UTC"))
        assert "restart cron" in first
        assert superuser(box, "SHOW timezone; SHOW log_timezone").split() == [ZONE, ZONE]
        with (
            tunnel(box, settings(box).pgbouncer.port) as port,
            connect(port, **application(box)) as session,
        ):
            assert value(session, "SHOW timezone") == ZONE
        assert _started(box, "cron") > started["cron"]
        assert _started(box, "rsyslog") > started["rsyslog"]
        assert _started(box, "nginx") == started["nginx"], "a reload is enough"
        path = f"/zone-{time.time_ns()}"
        box.https(path)
        assert _logged(box, path)["time"].endswith(OFFSET)
        assert _ran(box) == [ZONE.replace("/", "-")]
    finally:
        box.ssh(f"rm -f {ENTRIES} {RUN}*")
        again = box.converge()
    assert "Logs | running" in changes(again.stdout)


def _entries(*zones: str) -> str:
    """An entry of cron's for each zone, due each minute of its present hour, and of the next
    minute's."""
    lines = ""
    for zone in zones:
        now = datetime.now(ZoneInfo(zone))
        hours = sorted({now.hour, (now + timedelta(minutes=2)).hour})
        file = RUN + zone.replace("/", "-")
        lines += f"* {','.join(map(str, hours))} * * * root touch {file}\n"
    return lines


def _ran(box: Host) -> list[str]:
    """The zones whose entries ran, once any did."""
    end = time.monotonic() + 80  # cron looks once a minute
    while not box.run(f"ls {RUN}*").stdout:
        assert time.monotonic() < end, "cron runs nothing"
        time.sleep(1)
    time.sleep(1)
    return [path.removeprefix(RUN) for path in box.ssh(f"ls {RUN}*").split()]


def _started(box: Host, unit: str) -> int:
    """When a unit was started, microseconds."""
    return int(box.ssh(f"systemctl show -p ActiveEnterTimestampMonotonic --value {unit}"))


def _logged(box: Host, path: str) -> dict[str, str]:
    """The line of a request in Nginx's log, which is written by and by."""
    end = time.monotonic() + 20
    while not (line := box.run(f"grep -F {path} /var/log/nginx/access.log").stdout):
        assert time.monotonic() < end, "it is not logged"
        time.sleep(0.5)
    return dict(json.loads(line))
