"""The readiness report of a real host: what is broken on purpose is false, and nothing else is."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest

from readiness.catalogue import LINES
from readiness.run import FOLDER
from roles.core.host import lock as locks
from tests.host.conftest import Host
from tests.host.stages import once, once_at_all

from .breaking import RELOAD, Broken
from .broken import BROKEN

# REPORT=each: one line after the other, a report before and after each, half an hour.
EACH = os.environ.get("REPORT") == "each"


@dataclass
class Report:
    status: int
    said: str
    lines: dict[str, dict[str, Any]]

    def having(self, *outcomes: str) -> set[str]:
        return {id for id, line in self.lines.items() if line["outcome"] in outcomes}


def report(box: Host, *data: str) -> Report:
    """What ready.py says of the box, which must be what it writes, too."""
    run = box.pyinfra("-y", *data, deploy="ready.py", check=False, timeout=120)
    written = json.loads((FOLDER / "vagrant" / "ready.json").read_text())
    assert "Traceback" not in run.stdout, run.stdout
    return Report(run.returncode, run.stdout, written["hosts"][box.name]["lines"])


@once
def test_RPT_01_a_host_is_looked_at_and_left_as_it_is(box: Host) -> None:
    before = box.ssh("wc -c </srv/app/releases.jsonl; find /etc -newer /proc/1 -type f | sort")
    found = report(box)
    after = box.ssh("wc -c </srv/app/releases.jsonl; find /etc -newer /proc/1 -type f | sort")
    assert before == after
    assert set(found.lines) == {line.id for line in LINES if line.is_shown}
    unseen = {id: line for id, line in found.lines.items() if "not understood" in line["evidence"]}
    assert not unseen
    assert len(found.having("true")) >= 55, found.said
    assert found.status == 2, "it has no copy elsewhere, and a certificate that no browser trusts"
    assert {"WEB-02", "BAK-04", "SEC-07"} <= found.having("false")
    page = (FOLDER / "vagrant" / "ready.html").read_text()
    assert not re.search(r"(?:src|href)=|url\(|<script", page)
    for secret in box.ssh("cat /etc/app/*/env | sed -nE \"s/.*PASSWORD='(.*)'/\\1/p\"").split():
        assert secret not in page + found.said


class Page(HTMLParser):
    """What a person reads of each line: its id, and the word of its outcome."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.lines: dict[str, str] = {}
        self._class, self._id, self._words = "", "", ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._class = dict(attrs).get("class") or ""
        if tag == "article":
            self._id, self._words = "", ""

    def handle_data(self, data: str) -> None:
        if self._class == "id":
            self._id = self._id or data
        elif self._class.startswith("mark"):
            self._words += data

    def handle_endtag(self, tag: str) -> None:
        self._class = ""
        if tag == "article":
            self.lines[self._id] = re.sub(r"^\W+", "", self._words).strip()


@once_at_all
def test_RPT_02_people_programs_and_pipelines_are_told_the_same(box: Host) -> None:
    found = report(box)
    outcomes = {id: line["outcome"] for id, line in found.lines.items()}
    folder = FOLDER / "vagrant"
    assert Page((folder / "ready.html").read_text()).lines == outcomes
    metrics = (folder / "ready.prom").read_text()
    shown = dict(re.findall(r'^readyhost_ready\{.*id="([A-Z]+-\d+)"\} ([01])$', metrics, re.M))
    said = {"true": "1", "false": "0"}
    assert shown == {id: said[word] for id, word in outcomes.items() if word in said}
    assert found.status == 2
    until = {"reason": "seen already", "until": "2999-12-31"}
    waived = json.dumps(dict.fromkeys(found.having("false"), until))
    values = {"READYHOST_REPORT__WAIVERS": waived}
    run = box.pyinfra("-y", "--data", "fail_on=false", deploy="ready.py", values=values)
    assert run.returncode == 0


@once_at_all
def test_RPT_03_a_waiver_counts_neither_as_true_nor_as_false(box: Host) -> None:
    waiver = {"reason": "nobody but these tests looks", "until": "2999-12-31"}
    values = {"READYHOST_REPORT__WAIVERS": json.dumps({"WEB-02": waiver})}
    run = box.pyinfra("-y", deploy="ready.py", check=False, values=values)
    assert "WEB-02 not wanted: nobody but these tests looks (until 2999-12-31)" in run.stdout


ANY = f"{locks.FOLDER}/backup-any.lock"
HOLD = f"systemctl kill -s STOP --kill-who=main cron; [ ! -e {ANY} ] || flock {ANY} true"
"""A host that has no backup yet makes one at the next look: a good job would take the place of one
that is said to have failed."""
GO_ON = "systemctl kill -s CONT --kill-who=main cron"


def during(box: Host, *ids: str, broken: Mapping[str, Broken] = BROKEN) -> Report:
    """A report while these lines are broken. All is as before when it is there."""
    done = []
    box.ssh(HOLD)
    try:
        for id in ids:
            done.append(id)
            box.ssh(broken[id].does)
        box.ssh(f"{RELOAD}; sleep 2")  # Nginx reads its files after the command has returned
        for id in reversed(ids):
            box.ssh(broken[id].hides or "true")
        box.https("/health")
        box.ssh("sleep 2")  # Nginx writes its log once a second
        return report(box)
    finally:
        for id in reversed(done):
            box.ssh(broken[id].undoes)
        box.ssh(GO_ON)
        box.ssh(f"{RELOAD}; sleep 2")
        box.https("/health")
        box.ssh("sleep 2")


@once_at_all
@pytest.mark.timeout(600)
def test_RPT_01_what_is_broken_is_false_and_nothing_else(box: Host) -> None:
    """All at once: each of these lines, no other one; and all is as it was when it is undone."""
    assert len(BROKEN) >= 60
    before = report(box)
    assert not before.having("false") & set(BROKEN), before.said
    broken = during(box, *BROKEN)
    assert broken.having("false") - before.having("false") == set(BROKEN), broken.said
    assert broken.status == 2
    after = report(box)
    assert after.having("false") == before.having("false"), after.said
    assert "was false, is true" in after.said


@pytest.mark.parametrize("id", BROKEN if EACH else ())
@once_at_all
@pytest.mark.timeout(400)
def test_RPT_01_one_line_alone(box: Host, id: str) -> None:
    before = report(box).having("false")
    broken = during(box, id)
    assert broken.having("false") - before == {id}, broken.said
