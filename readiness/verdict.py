"""From what was found to what is true: the worst of a line's findings counts, then its waiver."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from roles.core.applied import Difference

from .catalogue import LINES, Line
from .outcome import Finding, Outcome, false, true
from .settings import Waiver

WORST = (Outcome.FALSE, Outcome.UNKNOWN, Outcome.TRUE, Outcome.UNWANTED)
"""What a line is that was looked at more than once."""

WHOLE = "HOST-01"
"""The line that any difference is of that belongs to no other: a run would change something."""

OWNERS = tuple(
    (re.compile(pattern), id)
    for pattern, id in (
        (r"^Firewall \| (rules|enabled)", "HOST-02"),
        (r"^SSH \| |^Bans \| ", "HOST-03"),
        (r"^Base \|.* (/etc/apt/\S+|apt-daily\S*)", "HOST-04"),
        (r"^Base \| (locale|swap|clock)|^Base \|.* /etc/sysctl.d/", "HOST-05"),
        (r"^PostgreSQL \| roles .* set statement_timeout of ", "DB-04"),
        (r"^PostgreSQL \| roles .* take the password of ", "DB-10"),
        (r"^PostgreSQL \| roles", "SEC-01"),
        (r"^PostgreSQL .*/pg_(hba|ident)\.conf", "DB-08"),
        (r"^PostgreSQL .*/cron\.d/postgres-maintenance", "DB-07"),
        (r"^PostgreSQL .*/conf\.d/", "DB-01"),
        (r"^PgBouncer \| ", "DB-03"),
        (r"^Redis .*/users\.acl", "CACHE-05"),
        (r"^Redis \| ", "CACHE-01"),
        (r"^TLS \| ", "WEB-02"),
        (r"^Nginx .*/conf\.d/tls\.conf", "WEB-02"),
        (r"^Nginx .*/conf\.d/compression\.conf", "WEB-03"),
        (r"^Nginx .*/conf\.d/limits\.conf", "WEB-04"),
        (r"^Nginx .*/conf\.d/headers\.conf", "WEB-05"),
        (r"^Nginx .*/conf\.d/cors\.conf", "WEB-09"),
        (r"^Nginx .*/conf\.d/clients\.conf", "WEB-11"),
        (r"^Nginx .*/conf\.d/cache\.conf", "WEB-12"),
        (r"^Nginx .*/conf\.d/access-log\.conf", "LOG-02"),
        (r"^Nginx .*(/conf\.d/reports\.conf|/readyhost-csp)", "WEB-17"),
        (r"^Backup .*/cron\.d/backup", "BAK-01"),
        (r"^Logs .*(host-(forward|tunnel)|/forward/|sent elsewhere)", "LOG-03"),
        (r"^Logs \| ", "LOG-01"),
        (r"^Maintained \| ", "SEC-05"),
        (r"^Hardening \| ", "SEC-08"),
        (r"^App \| \S+ is live", "REL-01"),
    )
)
"""By a step and what it would do, the line that the plan keeps true by it. The first that fits."""


SHARED = tuple(
    (re.compile(pattern), ids)
    for pattern, ids in (
        (r"^Base \| kernel settings, upgrades and name", ("HOST-04", "HOST-05")),
        (r"^Bans \| running", ("HOST-03", "HOST-07")),
        (r"^Firewall \| ", ("HOST-08",)),
        (r"^PostgreSQL \| running", ("DB-01", "DB-05", "BAK-02")),
        (r"^Redis \| running", ("CACHE-01", "CACHE-02")),
        (r"^Nginx .*/nginx\.conf", ("LOAD-01",)),
        (r"^Nginx .*/conf\.d/clients\.conf", ("WEB-07", "WEB-11")),
        (r"^Nginx .*/sites-enabled/", ("WEB-01", "WEB-07", "WEB-13")),
        (r"^App \| .* is live", ("REL-06", "APP-02", "APP-10", "APP-12", "CACHE-03", "APP-01")),
    )
)
"""What is several lines': it is said at the first of these that a look found false, and where none
of them is, as above."""

PENDING = re.compile(r"^\S+ is live$|^nothing is live yet$")
"""What a step says whose release is not live yet: no look found that false."""


@dataclass(frozen=True)
class Result:
    """A line, and what is true of it on one host. when: of the evidence, if it is a former one."""

    line: Line
    outcome: Outcome
    evidence: str
    when: float | None = None


def results(
    found: Iterable[tuple[str, Finding]], waivers: Mapping[str, Waiver], today: date
) -> list[Result]:
    """What holds of each line that was looked at, in the order of the catalogue."""
    by_line: dict[str, list[Finding]] = {}
    for id, finding in found:
        by_line.setdefault(id, []).append(finding)
    return [
        _waived(line, _worst(by_line[line.id]), waivers.get(line.id), today)
        for line in LINES
        if line.id in by_line
    ]


def _worst(findings: Sequence[Finding]) -> Finding:
    outcome = min((each.outcome for each in findings), key=WORST.index)
    same = [each for each in findings if each.outcome is outcome]
    words = "; ".join(dict.fromkeys(each.evidence for each in same if each.evidence))
    times = [each.when for each in same if each.when]
    return Finding(outcome, words, min(times) if times else None)


def _waived(line: Line, finding: Finding, waiver: Waiver | None, today: date) -> Result:
    outcome, words = finding.outcome, finding.evidence
    if waiver and today <= waiver.until:
        seen = f"{outcome.value}: {words}" if words else outcome.value
        words = f"{waiver.reason} (until {waiver.until}); found {seen}"
        outcome = Outcome.UNWANTED
    elif waiver:
        words = f"{words}; the waiver ended on {waiver.until}"
        # Whoever waived it has said that it is not so: only a look that says otherwise undoes that.
        if outcome is not Outcome.TRUE:
            outcome = Outcome.FALSE
    return Result(line, outcome, words, finding.when)


def differing(
    drift: Sequence[Difference], found: Sequence[tuple[str, Finding]] = ()
) -> Iterator[tuple[str, Finding]]:
    """What differs from the plan, each thing at one line and no other: none is hidden by what is
    false beside it, and none is said twice. found: by looks, on the same host."""
    wrong = {id for id, finding in found if finding.outcome is Outcome.FALSE}
    owned: dict[str, list[str]] = {}
    for each in drift:
        if each.meant:
            continue
        shares = () if any(map(PENDING.match, each.words)) else wrong
        for words in each.words or ("differs",):
            id = _owner(f"{each.name} {words}", shares)
            owned.setdefault(id, []).append(f"{each}: {words}")
    yield (
        WHOLE,
        true("a run would change nothing")
        if WHOLE not in owned
        else false("; ".join(owned.pop(WHOLE))),
    )
    for id, said in owned.items():
        yield id, false("; ".join(said))


def _owner(words: str, wrong: Container[str]) -> str:
    shared = (id for pattern, ids in SHARED if pattern.search(words) for id in ids if id in wrong)
    own = (id for pattern, id in OWNERS if pattern.search(words))
    return next(shared, None) or next(own, WHOLE)
