"""The operator's program: what it takes, and what it says."""

from __future__ import annotations

import doctest
from datetime import timedelta

import pytest

from roles.alerts.host import command, manager, proof, silence
from roles.core.host.errors import HostError

ALERT = {
    "labels": {"alertname": "Disk", "severity": "warning"},
    "annotations": {"summary": "a disk fills", "evidence": "/: 80 %", "command": "df"},
    "startsAt": "2026-01-02T03:04:05.678Z",
    "status": {"state": "suppressed"},
}


@pytest.mark.parametrize("module", [manager, proof, silence])
def test_its_examples(module: object) -> None:
    done = doctest.testmod(module)  # type: ignore[arg-type]
    assert done.attempted and not done.failed


def test_what_fires_is_a_block_of_lines() -> None:
    text = "\n".join(command.listed([ALERT], []))
    for part in ("warning: Disk: a disk fills, told to nobody now", "2026-01-02T03:04:05Z", "df"):
        assert part in text
    assert list(command.listed([], [])) == ["nothing fires"]


def test_a_silence_has_an_end() -> None:
    assert silence.duration("3d") == timedelta(days=3)
    for wrong in ("2 hours", "0h", "31d", "", "-1h", "99999d"):
        with pytest.raises(HostError, match="--for"):
            silence.duration(wrong)


def test_one_that_was_refused_has_not_arrived() -> None:
    assert proof.arrived((1, 0), (2, 0), 1)
    assert not proof.arrived((1, 0), (3, 1), 1)
