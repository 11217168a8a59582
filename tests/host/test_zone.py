"""Another time zone on a host that runs: what reads it once, at its start, follows."""

from __future__ import annotations

import json
import time

import pytest

from vagrant.running import changes

from .conftest import Host
from .database import application, connect, settings, superuser, tunnel, value
from .stages import once_at_all

ZONE = "Asia/Kolkata"  # half an hour beside the others, and the same in summer
OFFSET = "+05:30"


@once_at_all
@pytest.mark.timeout(300)
def test_HOST_05_cron_logs_nginx_and_postgresql_follow_a_changed_zone(box: Host) -> None:
    started = {unit: _started(box, unit) for unit in ("cron", "rsyslog", "nginx")}
    first = box.converge(READYHOST_BASE__TIMEZONE=ZONE).stdout
    try:
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
    finally:
        again = box.converge()
    assert "Logs | running" in changes(again.stdout)


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
