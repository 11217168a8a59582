"""Holes in packages, and runtimes that are behind: an answer that is none is never a good one."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from roles.maintained.host import certbot, node_audit, python_audit
from roles.maintained.host.findings import NOTE, WARNING, CouldNotLook

from .test_look import levels


def pip_audit(*rows: Mapping[str, object]) -> str:
    return json.dumps({"dependencies": rows, "fixes": []})


HOLE = {"id": "PYSEC-2021-66", "aliases": ["CVE-2020-28493"], "fix_versions": ["2.11.3"]}
JINJA = {"name": "jinja2", "version": "2.11.1", "vulns": [HOLE]}
FINE = {"name": "idna", "version": "3.20", "vulns": []}
SKIPPED = {"name": "own", "skip_reason": "Dependency not found"}


def test_SEC_05_a_python_package_with_a_hole_is_named() -> None:
    (found,) = python_audit.judge(pip_audit(JINJA, FINE), "shop v1", set())
    assert found.level == WARNING
    assert "jinja2 2.11.1 has CVE-2020-28493, fixed in 2.11.3" in found.text
    for accepted in ("CVE-2020-28493", "PYSEC-2021-66"):
        assert python_audit.judge(pip_audit(JINJA), "shop v1", {accepted}) == []


def test_SEC_05_a_package_that_the_index_does_not_know_is_told() -> None:
    assert levels(python_audit.judge(pip_audit(FINE, SKIPPED), "shop", set())) == [NOTE]
    with pytest.raises(CouldNotLook, match="nothing is known"):
        python_audit.judge(pip_audit(SKIPPED), "shop", set())
    with pytest.raises(CouldNotLook):
        python_audit.judge("Traceback", "shop", set())


def test_SEC_05_a_node_package_with_a_hole_is_named() -> None:
    advisory = {"source": 1, "url": "https://x/advisories/GHSA-1", "title": "Pollution"}
    rows = {
        "lodash": {"severity": "high", "via": [advisory]},
        "user": {"severity": "high", "via": ["lodash"]},
    }
    said = json.dumps({"auditReportVersion": 2, "vulnerabilities": rows})
    (found,) = node_audit.judge(said, "shop v1", set())
    assert "lodash has GHSA-1 (high: Pollution)" in found.text
    assert node_audit.judge(said, "shop v1", {"GHSA-1"}) == []


@pytest.mark.parametrize(
    "said", ["", "npm error", "{}", '{"message": "405 Method Not Allowed", "error": {}}']
)
def test_SEC_05_an_npm_that_got_no_answer_has_not_looked(said: str) -> None:
    with pytest.raises(CouldNotLook):
        node_audit.judge(said, "shop", set())


def test_SEC_05_a_node_behind_its_line_is_named() -> None:
    said = json.dumps(["22.20.0", "22.23.5", "24.22.3", "22.24.0-rc.1"])
    (found,) = node_audit.behind(said, "22.20.0")
    assert "22.23.5" in found.text and found.level == WARNING
    assert node_audit.behind(said, "24.22.3") == []
    for said in ("", '{"error": {"code": "ECONNREFUSED"}}', '["22.20.0"]'):
        with pytest.raises(CouldNotLook):
            node_audit.behind(said, "24.22.3")


def test_SEC_05_a_certbot_that_is_behind() -> None:
    def judged(latest: str) -> list[str]:
        said = f"certbot ({latest})\nAvailable versions: {latest}, 5.8.0"
        return levels(certbot.judge(said, "5.8.0"))

    assert judged("5.10.0") == [NOTE]
    assert judged("6.0.0") == [WARNING]
    assert judged("5.8.0") == judged("5.7.9") == []
    for said in ("", "[]", "WARNING: pip index is currently an experimental command"):
        with pytest.raises(CouldNotLook):
            certbot.judge(said, "5.8.0")
