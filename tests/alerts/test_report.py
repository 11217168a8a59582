"""What is broken of the monitoring is false in the report, and nothing else is."""

from __future__ import annotations

from functools import partial

import pytest

from tests.host.conftest import Host
from tests.host.reports.broken_monitoring import MONITORING
from tests.host.reports.test_report import during, report
from tests.monitoring.seen import asked, until

from .receivers import Receivers

pytestmark = pytest.mark.timeout(900)

TAKEN = "prometheus_notifications_alertmanagers_discovered"


def test_RPT_01_what_is_broken_of_the_monitoring(box: Host, receivers: Receivers) -> None:
    """One after the other: what Prometheus reads again for one, it would know again of another."""
    box.ssh("systemctl start host-heartbeat")  # the last one may have come before who takes it
    # A test before may have started Prometheus a moment ago: it has read nothing yet.
    for query in (f"{TAKEN} > 0", "min(up) == 1", "probe_success == 1"):
        assert until(partial(asked, box, query)), query
    before = report(box)
    assert set(MONITORING) <= before.having("true"), before.said
    wrong = {}
    for id in MONITORING:
        found = during(box, id, broken=MONITORING)
        wrong[id] = found.having("false") - before.having("false")
    assert wrong == {id: {id} for id in MONITORING}
    after = report(box)
    assert after.having("false") == before.having("false"), after.said
