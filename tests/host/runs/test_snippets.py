"""A team's own directives: a host feels them, refuses a wrong one whole, and loses what goes."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from tests.host.conftest import Host
from tests.host.stages import once_at_all
from tests.support import project as projects
from vagrant.driver import ROOT, Box
from vagrant.running import changes, work

SNIPPETS = {
    "nginx/http/team.conf": "add_header X-Team yes always;\n",
    "nginx/server/team.conf": "location = /team { return 200 'on {{ machine.cores }} cores'; }\n",
    "postgres/team.conf": "deadlock_timeout = '2s'\n",
    "redis/team.conf": "hz 20\n",
    "sysctl/team.conf": "net.ipv4.tcp_ecn = 1\n",
    "systemd/nginx.service.d/team.conf": "[Service]\nNice=1\n",
    "logrotate/team.conf": "/var/log/team.log {\n  weekly\n  missingok\n}\n",
    "fail2ban/filter.d/team.conf": "[Definition]\nfailregex = ^nope <HOST>$\n",
    "fail2ban/jail.d/team.conf": "[team]\nenabled = true\nbackend = auto\nfilter = own-team\n"
    "logpath = /var/log/nginx/access.log\nport = 80\n",
}
FELT = """
runuser -u postgres -- psql -Atc 'SHOW deadlock_timeout'
{ cat /etc/redis/operator; echo CONFIG GET hz; } | redis-cli | tail -n 1
systemctl show -p Nice --value nginx
fail2ban-client status | grep -c 'Jail list:.*team' || true
cat /proc/sys/net/ipv4/tcp_ecn
"""
OWN = "find /etc -name '*own-team*' -o -name '*own-bad*'"
BAD = {
    "nginx/server/bad.conf": "locatoin /x {}\n",
    "redis/bad.conf": "hzz 20\n",
    "logrotate/bad.conf": "/var/log/x.log {\n  weakly\n}\n",
}


@pytest.fixture
def team(box: Host, tmp_path: Path) -> Box:
    """The box, as a team's clone with snippets sees it."""
    clone = projects.copy(tmp_path / "clone")
    shutil.copy2(ROOT / "inventories/vagrant.env", clone / "inventories")  # git does not know it
    for name, text in SNIPPETS.items():
        put(clone, name, text)
    return dataclasses.replace(box, project=clone)


def put(clone: Path, name: str, text: str) -> Path:
    path = clone / "inventories/vagrant" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@once_at_all
def test_a_teams_own_directives_are_felt_refused_and_taken_away(box: Host, team: Box) -> None:
    before = box.ssh(FELT).split()[:4]
    try:
        team.converge()
        assert box.ssh(FELT).split() == ["2s", "20", "1", "1", "1"]
        answer = box.https("/team")
        assert answer.text.startswith("on ")
        assert answer.headers["X-Team"] == "yes"
        assert "Strict-Transport-Security" in answer.headers
        assert len(box.ssh(OWN).split()) == len(SNIPPETS)
        assert changes(team.converge().stdout) == {}

        for name, text in BAD.items():
            path = put(team.project, name, text)
            refused = team.pyinfra("-y", check=False)
            assert refused.returncode == 1
            assert f"inventories/vagrant/{name}" in refused.stdout
            assert "Nothing has been changed" in refused.stdout
            assert "own-bad" not in box.ssh(OWN)
            path.unlink()
        assert work(team.converge().stdout) == {}
    finally:
        box.converge()
    assert box.ssh(OWN) == ""
    assert box.ssh(FELT).split()[:4] == before
    assert box.https("/team").headers.get("X-Team") is None
    box.ssh("sysctl -qw net.ipv4.tcp_ecn=2")  # the kernel keeps it until the next boot
