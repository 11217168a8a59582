"""The operator's command: which hosts, and what ssh is told."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from readyhost import command, hosts, ssh, streams
from roles.core.errors import OperatorError

HOST = hosts.Host("web", "203.0.113.7", "deploy", 2222, "/k e y", "/inventories/prod.known_hosts")
INVENTORY = """
from types import SimpleNamespace
settings = SimpleNamespace(app=SimpleNamespace(name="shop"), apps={})
settings.applications = (settings,)
data = {"settings": settings, "ssh_user": "root", "ssh_port": 2222, "ssh_key": "/key",
        "ssh_known_hosts_file": "/known", "ssh_strict_host_key_checking": "yes"}
hosts = ([("a.example", {}), ("b", {"ssh_hostname": "203.0.113.8"})], data)
"""


def test_REL_08_hosts_are_the_inventorys(tmp_path: Path) -> None:
    (tmp_path / "inventories").mkdir()
    (tmp_path / "inventories" / "prod.py").write_text(INVENTORY)
    found = hosts.read("prod", tmp_path)
    assert found.app(None) == "shop"
    assert [host.address for host in found.hosts] == ["a.example", "203.0.113.8"]
    assert found.hosts[0] == hosts.Host("a.example", "a.example", "root", 2222, "/key", "/known")
    assert [host.name for host in found.only("203.0.113.8")] == ["b"]
    with pytest.raises(OperatorError, match=r"no such host; there are a\.example, b"):
        found.only("c")
    for wrong in ("stage", "../prod", "prod.py"):
        with pytest.raises(OperatorError):
            hosts.read(wrong, tmp_path)


def test_REL_08_ssh_takes_the_pinned_key_alone() -> None:
    told = ssh.command(HOST, "app", ["status"], terminal=True)
    assert told[:2] == ["ssh", "-tt"]
    for option in (
        "StrictHostKeyChecking=yes",
        'UserKnownHostsFile="/inventories/prod.known_hosts"',
        "GlobalKnownHostsFile=/dev/null",
        'IdentityFile="/k e y"',
        "IdentitiesOnly=yes",
        "Port=2222",
        "User=deploy",
    ):
        assert option in told
    # OpenSSH itself reads them so.
    read = subprocess.run([told[0], "-G", *told[2:-1]], capture_output=True, text=True, check=False)
    assert "stricthostkeychecking true" in read.stdout, read.stderr
    assert "userknownhostsfile /inventories/prod.known_hosts" in read.stdout
    assert "identityfile /k e y" in read.stdout


def test_REL_08_a_word_is_a_word_on_the_other_side_and_on_no_command_line(tmp_path: Path) -> None:
    words = ["run", "--", "a b", "$HOME", "`id`", "it's", "", "line\nbreak", "ü"]
    remote = ssh.remote("root", "app", words)
    program = tmp_path / "app-command"
    program.write_text('#!/bin/sh\ncat "$2"; printf " %s %s" "$#" "$1"; rm "$2"\n')
    program.chmod(0o755)
    there = remote.replace("/usr/local/sbin/app-command", str(program))
    said = subprocess.run(["sh", "-c", there], capture_output=True, text=True, check=True).stdout
    assert said == json.dumps(words) + " 2 --words"
    absent = subprocess.run(["sh", "-c", remote], capture_output=True, text=True, check=False)
    assert (absent.returncode, absent.stdout) == (69, "")
    assert "deploy.py brings it" in absent.stderr
    as_other = ssh.remote("deploy", "app", words)
    assert as_other.endswith('exec sudo -n /usr/local/sbin/app-command --words "$w"')


def test_REL_08_lines_of_several_hosts_are_one_stream_by_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def say(*lines: str) -> list[str]:
        return ["sh", "-c", "; ".join(f"echo {shlex.quote(line)}" for line in lines)]

    both = {"a": say("1 web x", "3 web y"), "b": say("2 web z")}
    for follow in (False, True):
        assert streams.show(both, follow=follow) == 0
        assert capsys.readouterr().out == "1 a web x\n2 b web z\n3 a web y\n"
    assert streams.show({**both, "c": ["sh", "-c", "exit 3"]}, follow=False) == 3


def test_SEC_08_a_host_does_nothing_to_the_terminal_of_who_reads_its_logs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    says = ["sh", "-c", r"printf 'x \033]52;c;cm0=\007\377\n'; printf '\033[2J\n' >&2; exit 3"]
    for follow in (False, True):
        assert streams.show({"a": says}, follow=follow) == 3
        said = capsys.readouterr()
        assert (said.out, said.err) == ("x \\x1b]52;c;cm0=\\x07\ufffd\n", "\\x1b[2J\n")


def test_REL_08_what_a_host_follows_ends_with_who_is_killed(tmp_path: Path) -> None:
    noted = f"echo $$ >{tmp_path}/noted; mv {tmp_path}/noted {tmp_path}/pid"
    follows = ["sh", "-c", f"echo begun; {noted}; exec sleep 60"]
    program = f"from readyhost import streams; streams.show({{'a': {follows!r}}}, follow=True)"
    reader = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert reader.stdout is not None
    assert reader.stdout.readline() == "begun\n"
    until_written = time.monotonic() + 10
    while not (tmp_path / "pid").exists() and time.monotonic() < until_written:
        time.sleep(0.05)
    followed = int((tmp_path / "pid").read_text())
    reader.kill()
    reader.wait()
    end = time.monotonic() + 10
    while Path(f"/proc/{followed}").exists():
        assert time.monotonic() < end, "it goes on"
        time.sleep(0.05)


@pytest.mark.parametrize(
    "arguments", [["prod", "run"], ["nowhere", "status"], ["prod", "logs", "--", "x"]]
)
def test_REL_08_what_is_wrong_is_said_before_any_host_is_asked(arguments: list[str]) -> None:
    assert command.main(arguments) == 2


def test_it_says_its_version_which_the_changelog_knows(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        command.main(["--version"])
    number = capsys.readouterr().out.removeprefix("readyhost ").strip()
    root = Path(__file__).parents[3]
    assert f'\nversion = "{number}"\n' in (root / "pyproject.toml").read_text()
    assert f"\n## [{number}] - " in (root / "CHANGELOG.md").read_text()
