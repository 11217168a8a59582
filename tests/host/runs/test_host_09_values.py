"""Every value that the settings take is one that the program on the host takes too: the least and
the most of each number, each choice, texts of each pattern, one at a time, as the program's own
check reads them there."""

from __future__ import annotations

import base64
import io
import shlex
import tarfile

import pytest

from roles.core.entries import File
from roles.core.errors import OperatorError
from roles.pgbouncer.role import check as pooler
from tests.host.conftest import Host
from tests.host.database import machine, settings
from tests.host.stages import once
from tests.unit.environments import MINIMAL, ROLES, Environment

from .variants import variants, with_administrators

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

LEAST = 5  # variants of each; fewer, and the model is no longer walked


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
