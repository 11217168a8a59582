"""The host's own facts, from what other programs say."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from roles.monitoring.host import (
    backups,
    busy,
    certificates,
    command,
    maintained,
    releases,
    reports,
    units,
    upgrades,
)
from roles.monitoring.host.configuration import Configuration
from roles.monitoring.host.exposition import Sample, render

TOLD = Configuration(("shop",), {}, 5432, 6432)
SHOWN = """Id=nginx.service
ActiveState=active
NRestarts=3
MemoryCurrent=1048576
MemoryMax=infinity
CPUUsageNSec=2500000000
TasksCurrent=18446744073709551615

Id=shop-web-blue@1.service
ActiveState=failed
NRestarts=0
MemoryCurrent=[not set]

Id=away.mount
ActiveState=failed

Id=fine.mount
ActiveState=active

Id=off.service
ActiveState=inactive
"""


def values(samples: Any) -> dict[str, float]:
    return {f"{s.name} {' '.join(s.labels.values())}".strip(): s.value for s in samples}


def test_labels_cannot_become_lines() -> None:
    text = render([Sample("a", 1, {"unit": 'x"} 5\nb 6\\'})])
    assert text == '# TYPE a gauge\na{unit="x\\"} 5\\nb 6\\\\"} 1\n'


def test_units() -> None:
    assert values(units.of(SHOWN)) == {
        "readyhost_unit_failed nginx.service": 0,
        "readyhost_unit_restarts_total nginx.service": 3,
        "readyhost_unit_memory_bytes nginx.service": 1_048_576,
        "readyhost_unit_cpu_seconds_total nginx.service": 2.5,
        "readyhost_unit_failed shop-web-blue@1.service": 1,
        "readyhost_unit_restarts_total shop-web-blue@1.service": 0,
        "readyhost_unit_failed away.mount": 1,
    }


def test_releases() -> None:
    entries: list[dict[str, Any]] = [
        {"when": "2026-01-01T00:00:00Z", "tag": "v1", "outcome": "live"},
        {"when": "2026-01-02T00:00:00Z", "tag": "v2", "outcome": "live", "from": "v1"},
        {"when": "2026-01-03T00:00:00Z", "tag": "v1", "outcome": "live", "back": True},
        {"when": "2026-01-04T00:00:00Z", "tag": "v3", "outcome": "failed", "from": "v1"},
    ]
    day = 86_400
    begin = 1_767_225_600  # 2026-01-01
    assert values(releases.of("shop", entries[:2])) == {
        "readyhost_release_info shop v2": 1,
        "readyhost_release_switched_timestamp_seconds shop": begin + day,
        "readyhost_release_rolled_back_timestamp_seconds shop": 0,
    }
    rolled_back = "readyhost_release_rolled_back_timestamp_seconds shop"
    assert values(releases.of("shop", entries))["readyhost_release_info shop v1"] == 1
    assert values(releases.of("shop", entries))[rolled_back] == begin + 2 * day
    entries[3]["rolled_back"] = "yes"
    assert values(releases.of("shop", entries))[rolled_back] == begin + 3 * day
    assert list(releases.of("shop", entries[3:])) == []


def test_backups_drill_and_ends(tmp_path: Path) -> None:
    last = tmp_path / "last.json"
    last.write_text('{"database": {"success": 5, "outcome": "failed"}, "drill": {"success": 7}}')
    assert values(backups.look(TOLD, {}, last)) == {
        "readyhost_backup_success_timestamp_seconds database": 5,
        "readyhost_drill_success_timestamp_seconds": 7,
    }
    last.write_text('{"ends": {"Ubuntu 22.04": "1970-01-02"}}')
    assert values(maintained.look(TOLD, {}, last)) == {
        "readyhost_runtime_end_of_life_timestamp_seconds Ubuntu 22.04": 86_400
    }
    holes = [{"about": "hole", "level": level} for level in ("warning", "note", "warning")]
    last.write_text(json.dumps({"findings": [*holes, {"about": "runtime", "level": "note"}]}))
    assert values(maintained.look(TOLD, {}, last)) == {"readyhost_maintained_warnings hole": 2}


def test_reports_are_counted_once_each(tmp_path: Path) -> None:
    log = tmp_path / "reports.log"
    state: dict[str, Any] = {}
    log.write_text("{}\n{}\n{")
    assert values(reports.look(TOLD, state, log)) == {"readyhost_csp_reports_total": 2}
    assert values(reports.look(TOLD, state, log)) == {"readyhost_csp_reports_total": 2}
    with log.open("a") as file:
        file.write("}\n")
    assert values(reports.look(TOLD, state, log)) == {"readyhost_csp_reports_total": 3}
    log.rename(tmp_path / "reports.log.1")
    log.write_text("{}\n")
    assert values(reports.look(TOLD, state, log)) == {"readyhost_csp_reports_total": 4}


def test_security_fixes() -> None:
    said = (
        "Inst tzdata [1] (2 Ubuntu:22.04/jammy-updates [all])\n"
        "Inst libc6 [1] (2 Ubuntu:22.04/jammy-updates, Ubuntu:22.04/jammy-security [amd64])\n"
        "Inst openssl [1] (2 Debian-Security:12/stable-security [amd64])\n"
    )
    assert upgrades.pending(said) == ["libc6", "openssl"]


def test_who_waits_for_a_lock_does_not_hold_it() -> None:
    locks = (
        "1: FLOCK  ADVISORY  WRITE 1 00:19:7 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 2 00:19:8 0 EOF\n"
    )
    assert busy.inodes(locks) == {"00:19:7"}


def test_a_certificate_is_read_anew_when_it_is_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def openssl(arguments: list[str]) -> str:
        asked.append(arguments)
        return "notAfter=Jan  2 00:00:00 1970 GMT\n"

    monkeypatch.setattr(certificates, "said", openssl)
    (tmp_path / "fullchain.pem").write_text("one")
    told = Configuration(("shop",), {"shop.example": str(tmp_path)}, 5432, 6432)
    state: dict[str, Any] = {}
    for _ in range(2):
        assert [each.value for each in certificates.look(told, state)] == [86_400]
    assert len(asked) == 1
    (tmp_path / "fullchain.pem").unlink()
    (tmp_path / "fullchain.pem").write_text("two")
    list(certificates.look(told, state))
    assert len(asked) == 2


def test_what_cannot_be_looked_at_is_said_and_hides_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: Any) -> list[Sample]:
        raise ValueError("no such thing")

    good = [Sample("fine", 1)]
    monkeypatch.setattr(command, "LOOKS", {"one": broken, "two": lambda *_: good})
    found = values(command.looked(TOLD, {}))
    assert found["readyhost_facts_failed one"] == 1
    assert found["readyhost_facts_failed two"] == 0
    assert found["fine"] == 1
    assert abs(found["readyhost_facts_timestamp_seconds"] - time.time()) < 5
