"""What Lynis says of a converged host, and that the documentation says why the rest stays. It looks
before the tests of `runs` and `system`, some of which bring packages that it would count."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.host.conftest import Host
from tests.host.stages import on_default
from vagrant.driver import ROOT

pytestmark = [on_default, pytest.mark.timeout(900)]

LEAST = 80
REPORT = "/var/log/lynis-report.dat"
WHY = ROOT / "docs" / "hardening.md"
IDS = re.compile(r"\b(?:[A-Z]{3,4}-\d{4}|LYNIS)\b")


@pytest.fixture(scope="module")
def report(box: Host) -> Iterator[list[tuple[str, str]]]:
    """Keys and values of Lynis' report on the host as the defaults make it: the tunnels that other
    tests need are closed, last night's security fixes are in, and Lynis leaves no trace."""
    box.converge(READYHOST_SSHD__TCP_FORWARDING="false")
    box.ssh(
        "export DEBIAN_FRONTEND=noninteractive; apt-get -qq update;"
        " apt-get -qq install -y --no-install-recommends lynis >/dev/null 2>&1;"
        # what the night does: a fix that came out since the box was built is no finding
        " unattended-upgrade;"
        " systemctl disable -q --now lynis.timer; lynis audit system --quick --quiet",
        timeout=600,
    )
    try:
        lines = box.ssh(f"cat {REPORT}").splitlines()
        yield [(key, value) for key, _, value in (line.partition("=") for line in lines)]
    finally:
        box.ssh("apt-get -qq purge -y lynis >/dev/null 2>&1; rm -f /var/log/lynis*", timeout=300)
        box.converge()


def test_HOST_03_the_hardening_index(report: list[tuple[str, str]]) -> None:
    assert int(dict(report)["hardening_index"]) >= LEAST


def test_HOST_03_what_lynis_would_change_is_documented(report: list[tuple[str, str]]) -> None:
    found = {value.split("|")[0] for key, value in report if key in ("suggestion[]", "warning[]")}
    assert len(found) > 10, "it did not look"
    assert found - set(IDS.findall(WHY.read_text())) == set()
