"""A server that knows hosts by a certificate, or by a token, takes what they send, and no other.

On demand (TESTS=monitoring), on the host that sent by a password before: eleven runs take six
minutes. The certificate is asked for by Prometheus itself, the token by an Nginx in front of it.
"""

from __future__ import annotations

import json
from functools import partial

import pytest

from roles.monitoring.sending import AUTHORITY, CERTIFICATE, FILES, KEY, OF, SECRET
from tests.host.conftest import Host
from vagrant.running import work

from .receiver import GATE, NAME, PREFIX, Receiver
from .seen import until

pytestmark = pytest.mark.timeout(600)

TOKEN, OTHER = "a-token-of-the-teams", "another-token"
CONFIGURATION = "/etc/prometheus/prometheus.yml"
NGINX = "DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends nginx"


def shows(receiver: Receiver, name: str) -> dict[str, str]:
    """Settings of a host that shows this certificate; empty: none."""
    files = {"CERTIFICATE_FILE": f"{name}.pem", "KEY_FILE": f"{name}.key"} if name else {}
    own = {f"{PREFIX}{key}": str(receiver.folder / file) for key, file in files.items()}
    return {**without_password(receiver), **own}


def says(receiver: Receiver, token: str) -> dict[str, str]:
    """Settings of a host that says this token, at the other port."""
    url = f"https://{NAME}:{GATE}/api/v1/write"
    return {**without_password(receiver), f"{PREFIX}URL": url, f"{PREFIX}TOKEN": token}


def without_password(receiver: Receiver) -> dict[str, str]:
    found = receiver.values()
    return {k: v for k, v in found.items() if k not in (f"{PREFIX}USER", f"{PREFIX}PASSWORD")}


def refused(box: Host, values: dict[str, str]) -> str:
    """What a run says that is to change nothing."""
    before = box.ssh(f"sha256sum {CONFIGURATION} {' '.join(FILES)} 2>/dev/null || :")
    done = box.pyinfra("-y", values=values, check=False)
    assert done.returncode != 0, done.stdout
    assert box.ssh(f"sha256sum {CONFIGURATION} {' '.join(FILES)} 2>/dev/null || :") == before
    return done.stdout


def told(box: Host, name: str) -> str:
    """What an alert says that fires; empty while it does not."""
    found = json.loads(box.ssh("curl -sS http://127.0.0.1:9090/api/v1/alerts"))["data"]["alerts"]
    mine = [e for e in found if e["labels"]["alertname"] == name and e["state"] == "firing"]
    return json.dumps(mine[0]["annotations"]) if mine else ""


def arrives(box: Host, receiver: Receiver, team: str) -> None:
    query = f'node_load1{{host="{box.ssh("uname -n")}",team="{team}"}}'
    assert until(partial(receiver.has, query), 90), query


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("theirs", "it refuses the certificate in certificate_file ("),
        ("", "it wants a certificate: set certificate_file and key_file ("),
    ],
)
def test_MON_09_a_wrong_certificate_is_said_and_nothing_changes(
    box: Host, receiver: Receiver, name: str, words: str
) -> None:
    receiver.demands(password=False, authority="ca.pem")
    receiver.answers()
    said = refused(box, shows(receiver, name))
    assert f"{OF}: {words}" in said, said
    assert "PRIVATE KEY" not in said


def test_MON_09_by_a_certificate_it_arrives(box: Host, receiver: Receiver) -> None:
    values = shows(receiver, "ours") | {f"{PREFIX}LABELS": '{"team": "certified"}'}
    done = box.converge(**values)
    assert "PRIVATE KEY" not in done.stdout
    arrives(box, receiver, "certified")
    assert box.ssh(f"stat -c '%U:%G %a' {KEY}") == "root:prometheus 640"
    assert "Permission denied" in box.run(f"runuser -u app -- cat {KEY}").stderr
    assert box.run(f"ls {SECRET}").stdout == ""
    assert work(box.converge(**values).stdout) == {}


def test_MON_09_a_certificate_that_is_no_longer_taken(box: Host, receiver: Receiver) -> None:
    """No release waits for it, and the alert names the setting."""
    values = shows(receiver, "ours") | {f"{PREFIX}LABELS": '{"team": "certified"}'}
    receiver.demands(password=False, authority="wrong.pem")
    done = box.converge(**values)
    assert f"{OF}: it refuses the certificate in certificate_file (" in done.stdout, done.stdout
    assert "Nothing of it has changed" in done.stdout
    assert OF in until(partial(told, box, "SendingLate"), 150)
    receiver.demands(password=False, authority="ca.pem")
    receiver.answers()
    assert until(lambda: not told(box, "SendingLate"), 120)


def test_MON_09_a_wrong_token_is_said_and_nothing_changes(box: Host, receiver: Receiver) -> None:
    receiver.demands()
    receiver.answers()
    receiver.box.ssh(f"{NGINX} >/dev/null", timeout=300)
    receiver.takes(TOKEN)
    said = refused(box, says(receiver, OTHER))
    assert f"{OF}: it refuses the token (401" in said, said
    assert OTHER not in said


def test_MON_09_by_a_token_it_arrives(box: Host, receiver: Receiver) -> None:
    """After a certificate, of which nothing is left."""
    values = says(receiver, TOKEN) | {f"{PREFIX}LABELS": '{"team": "by-token"}'}
    done = box.converge(**values)
    arrives(box, receiver, "by-token")
    assert box.ssh(f"stat -c '%U:%G %a' {SECRET}") == "root:prometheus 640"
    assert set(box.run(f"ls {' '.join(FILES)}").stdout.split()).isdisjoint({CERTIFICATE, KEY})
    assert box.run(f"ls {AUTHORITY}").returncode == 0
    line = box.ssh("tr '\\0' ' ' </proc/$(systemctl show -P MainPID prometheus)/cmdline")
    shown = box.ssh("curl -s http://127.0.0.1:9090/api/v1/status/config")
    journal = box.ssh("journalctl -q -u prometheus -b")
    assert "credentials" in shown
    assert TOKEN not in done.stdout + line + shown + journal
    assert work(box.converge(**values).stdout) == {}


def test_MON_09_a_token_that_is_no_longer_taken(box: Host, receiver: Receiver) -> None:
    receiver.takes(OTHER)
    assert OF in until(partial(told, box, "SendingRefused"), 60)
    said = box.ssh("journalctl -q -u prometheus -b")
    assert "401" in said and TOKEN not in said
    # A new token is read without a restart, which would lose what waits.
    pid = box.ssh("systemctl show -P MainPID prometheus")
    box.converge(**says(receiver, OTHER) | {f"{PREFIX}LABELS": '{"team": "anew"}'})
    arrives(box, receiver, "anew")
    assert box.ssh("systemctl show -P MainPID prometheus") == pid


def test_MON_09_off_again_nothing_is_left_of_any(box: Host, receiver: Receiver) -> None:
    box.converge(READYHOST_MONITORING__MODE="local")
    assert box.run(f"ls {' '.join(FILES)}").stdout == ""
