"""What is broken of the monitoring is false in the report, and nothing else is."""

from __future__ import annotations

import pytest

from tests.host.broken_monitoring import MONITORING
from tests.host.conftest import Host
from tests.host.test_report import during, report

from .receivers import Receivers

pytestmark = pytest.mark.timeout(900)


def test_RPT_01_what_is_broken_of_the_monitoring(box: Host, receivers: Receivers) -> None:
    """One after the other: what Prometheus reads again for one, it would know again of another."""
    box.ssh("systemctl start host-heartbeat")  # the last one may have come before who takes it
    before = report(box)
    assert set(MONITORING) <= before.having("true"), before.said
    wrong = {}
    for id in MONITORING:
        found = during(box, id, broken=MONITORING)
        wrong[id] = found.having("false") - before.having("false")
    assert wrong == {id: {id} for id in MONITORING}
    after = report(box)
    assert after.having("false") == before.having("false"), after.said
