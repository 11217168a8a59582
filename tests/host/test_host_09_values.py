"""Every value that the settings take is one that the program on the host takes too: the least and
the most of each number, each choice, texts of each pattern, one at a time, as the program's own
check reads them there. And times, as cron and systemd read them."""

from __future__ import annotations

import base64
import io
import shlex
import tarfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import hypothesis
import pytest
from annotated_types import Ge, Le
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from roles.app.schedule import calendar
from roles.core import cron
from roles.core.entries import File
from roles.core.errors import OperatorError
from roles.pgbouncer.role import check as pooler
from settings import Settings
from tests.unit.environments import MINIMAL, ROLES, Environment

from .conftest import Host
from .database import machine, settings
from .stages import once

# A server of its own reads the files, and is up or says why it is not.
REDIS = """
at=$(mktemp -d); cd $at
redis-server /etc/redis/redis.conf --port 0 --unixsocket $at/s --dir $at --pidfile "" \
  --appendonly no --save "" --supervised no >&2 & server=$!
for try in $(seq 100); do
  redis-cli -s $at/s PING >/dev/null 2>&1 && break; kill -0 $server || break; sleep 0.05
done
kill $server && wait $server; status=$?; rm -r $at; exit $status
"""
# Its exit status forgives what it does not know, and speaks of all other units too.
UNITS = """
cd /etc/app/next/units/blue
said=$(systemd-analyze verify --man=no ./* 2>&1 | grep -F next/units); echo "$said"; [ -z "$said" ]
"""
CHECKS = {
    "nginx": ("nginx", "nginx -t -q"),
    "sshd": ("ssh", "mkdir -p /run/sshd; $(command -v sshd || echo /usr/sbin/sshd) -t"),
    "postgres": (
        "postgres",
        "cd /; e=$(echo /etc/postgresql/*/main); v=$(basename $(dirname $e));"
        " runuser -u postgres -- /usr/lib/postgresql/$v/bin/postgres -C shared_buffers"
        " -c config_file=$e/postgresql.conf",
    ),
    "pgbouncer": ("pgbouncer", pooler()),
    "bans": ("bans", "fail2ban-client -t"),
    "logs": ("logs", "rsyslogd -N1 && logrotate --debug /etc/logrotate.conf"),
    "redis": ("redis", REDIS),
    "base": ("base", "visudo -c -q"),
    "app": ("app", UNITS),
}
"""By table of the settings: the role whose files it makes, and what reads them."""

ROUND = hypothesis.settings(
    max_examples=2, derandomize=True, database=None, deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)  # fmt: skip
"""Few, since each asks the host, and the same ones each time."""

LEAST = 5  # variants of each; fewer, and the model is no longer walked


def leaves(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The settings of a table and those in it: path, and the values to try."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if get_origin(kind) in (Union, UnionType):
            kind = next(each for each in get_args(kind) if each is not NoneType)
        patterns = [each.pattern for each in field.metadata if getattr(each, "pattern", None)]
        if kind is str and patterns:
            yield (*path, name), texts(patterns[0])
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from leaves(kind, (*path, name))
        elif get_origin(kind) is Literal:
            yield (*path, name), get_args(kind)
        elif kind is bool:
            yield (*path, name), (True, False)
        elif kind in (int, float):
            ends = [
                *(each.ge for each in field.metadata if isinstance(each, Ge)),
                *(each.le for each in field.metadata if isinstance(each, Le)),
            ]
            yield (*path, name), tuple(ends)


def texts(pattern: str) -> tuple[str, ...]:
    """Some texts of a pattern, the same ones each time."""
    found: list[str] = []

    @ROUND
    @given(st.from_regex(pattern, fullmatch=True))
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return tuple(found)


def with_administrators(whole: Settings) -> Settings:
    """The settings with administrators of many names: those that are taken."""
    changed = whole.model_dump()
    for name in (f"a{text}" for text in texts("[a-z0-9_-]{0,30}")):
        admins = {**changed["base"]["admins"], name: ["ssh-ed25519 " + "A" * 68]}
        candidate = {**changed, "base": {**changed["base"], "admins": admins}}
        with suppress(ValidationError):
            Settings.model_validate(candidate)
            changed = candidate
    assert changed["base"]["admins"]
    return Settings.model_validate(changed)


def variants(whole: Settings, table: str) -> Iterator[tuple[str, Settings]]:
    """The settings with one value of a table at one of its ends, where the whole model takes it."""
    for path, values in leaves(type(getattr(whole, table))):
        if path[-1] == "source":
            continue  # a service that is elsewhere has no file here
        for value in values:
            changed = whole.model_dump()
            place = changed[table]
            for part in path[:-1]:
                place = place[part]
            place[path[-1]] = value
            try:
                yield f"{'.'.join(path)}={value}", Settings.model_validate(changed)
            except ValidationError:
                continue


# Each variant over the host's own /etc, where only its check sees it.
EACH = r"""
cd $(mktemp -d -p /run) && base64 -d | tar -xz && for number in *; do
  unshare -m --propagation private sh -c '
    mount -t overlay -o lowerdir="$0/etc:/etc" none /etc || exit
    eval "$1"' "$PWD/$number" "$CHECK" >said 2>&1 </dev/null \
    || echo "$number $(grep -v warn said | tail -n 3 | tr "\n" " ")"
done; rm -r "$PWD"
"""


@once
@pytest.mark.parametrize("table", CHECKS)
def test_HOST_09_what_is_taken_is_taken_by_the_program_too(box: Host, table: str) -> None:
    role, check = CHECKS[table]
    here, whole = machine(box), with_administrators(settings(box))
    names: list[str] = []
    buffer, seen = io.BytesIO(), set[frozenset[File]]()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as archive:
        for name, variant in variants(whole, table):
            try:
                entries = ROLES[role](Environment("host", variant, here, MINIMAL.release))
            except OperatorError:
                continue  # refused for this host
            files = [each for each in entries if isinstance(each, File)]
            # What is JSON our own programs read.
            files = [f for f in files if f.path.startswith("/etc/") and f.path[-5:] != ".json"]
            if frozenset(files) in seen:
                continue
            seen.add(frozenset(files))
            names.append(name)
            for file in files:
                member = tarfile.TarInfo(f"{len(names) - 1}{file.path}")
                member.size, member.mode = len(file.data), file.mode
                member.uname, member.gname = file.owner, file.group
                archive.addfile(member, io.BytesIO(file.data))
    assert len(names) >= LEAST, names
    script = f"export CHECK={shlex.quote(check)}; {EACH}"
    said = box.ssh(script, stdin=base64.b64encode(buffer.getvalue()).decode(), timeout=300)
    wrong = [line.partition(" ") for line in said.splitlines()]
    refused = [f"{names[int(number)]}: {words}" for number, _, words in wrong]
    assert refused == []


NUMBER = st.integers(0, 70).map(str) | st.sampled_from(["00", "07", "007"])
DAYS = st.from_regex(r"(mon|TUE|wed|Thursday|fri|sat|sun|monkey|Su)", fullmatch=True)


def joined(separator: str, part: st.SearchStrategy[str], most: int = 2) -> st.SearchStrategy[str]:
    return st.lists(part, min_size=1, max_size=most).map(separator.join)


def component(one: st.SearchStrategy[str], to: str) -> st.SearchStrategy[str]:
    """`*`, a number, a range, a list of them, with or without a step."""
    span = st.just("*") | one | st.tuples(one, one).map(to.join)
    return joined(",", span | st.tuples(span, NUMBER).map("/".join))


CRON = st.tuples(
    *(component(NUMBER | DAYS if last else NUMBER, "-") for last in (0, 0, 0, 0, 1))
).map(" ".join)
PART = component(NUMBER, "..")
DATE = st.tuples(st.sampled_from(["*-", "2027-", "2027..2030-", "2027/2-", "27,30-", ""]), PART,
    st.sampled_from("-~"), PART).map("".join)  # fmt: skip
CALENDAR = st.one_of(
    st.sampled_from(["hourly", "daily", "quarterly", "annually", "biannually"]),
    st.tuples(
        st.just("") | joined(",", DAYS | st.tuples(DAYS, DAYS).map("..".join)),
        st.just("") | DATE,
        st.just("") | joined(":", PART, 3),
        st.sampled_from(["", "", "", "UTC", "Europe/Berlin", "Foo/Bar"]),
    ).map(lambda parts: " ".join(part for part in parts if part)),
)


def taken(accepts: Callable[[str], str], texts: list[str]) -> list[str]:
    """Those that the settings take."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(accepts(text))
    return found


@once
def test_HOST_09_a_time_that_is_taken_is_one_of_crons(box: Host) -> None:
    """As cron's own program reads a crontab, of an account that is there for it."""
    box.ssh("useradd --system --no-create-home crontab-reader")
    try:

        @hypothesis.settings(ROUND, max_examples=10)
        @given(st.lists(CRON, min_size=20, max_size=40))
        def read(texts: list[str]) -> None:
            lines = "".join(f"{text} true\n" for text in taken(cron.schedule, texts))
            box.ssh("crontab -u crontab-reader -", stdin=lines)

        read()
    finally:
        box.ssh("crontab -r -u crontab-reader; userdel crontab-reader")


@once
def test_HOST_09_a_time_that_is_taken_is_one_of_systemds(box: Host) -> None:
    @hypothesis.settings(ROUND, max_examples=10)
    @given(st.lists(CALENDAR, min_size=20, max_size=40))
    def read(texts: list[str]) -> None:
        lines = "\n".join(shlex.quote(text) for text in taken(calendar, texts))
        said = box.run("xargs systemd-analyze calendar", stdin=lines)
        assert said.returncode == 0, said.stderr
        assert "Next elapse: never" not in said.stdout

    read()
