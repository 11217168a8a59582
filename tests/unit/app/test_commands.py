"""Lines of a Procfile as Heroku's users write them, where servers listen, and what is refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path

import pytest

from roles.app import commands, listening
from roles.app.host import listening as host_listening
from roles.app.process_layout import lay_out
from roles.app.procfile import kind, own
from roles.app.releases import Release
from roles.core.errors import OperatorError
from roles.core.machine import Machine

from .conftest import settings

MACHINE = Machine.example(cores=2)


def release(procfile: str, files: frozenset[str] = frozenset(), what: str = "python") -> Release:
    return Release("v1", "0" * 40, what, files, procfile)


@pytest.mark.parametrize(
    ("line", "given", "alone"),
    [
        ("gunicorn a:b", "exec env gunicorn a:b", True),
        ("A=1 B='x y' run $Z", "exec env A=1 B='x y' run $Z", True),
        ("cd src && gunicorn a:b", "cd src && exec env gunicorn a:b", True),
        ("a; b && c", "a; b && exec env c", True),
        ("a;", "exec env a", True),
        ("exec gunicorn a:b", "exec env gunicorn a:b", True),
        (". ./env; serve > log 2>&1", ". ./env; exec env serve > log 2>&1", True),
        ("sh -c 'a && b'", "exec env sh -c 'a && b'", True),
        ('run "x && y" $(a; b)', 'exec env run "x && y" $(a; b)', True),
        ("a | b", "a | b", False),
        ("(a; b)", "(a; b)", False),
        ("a & b", "a & b", False),
        ("for x in a b; do run $x; done", "for x in a b; do run $x; done", False),
    ],
)
def test_APP_11_nothing_of_a_line_is_dropped(line: str, given: str, alone: bool) -> None:
    assert (commands.shell(line), commands.alone(line)) == (given, alone)


def test_APP_11_sh_runs_all_of_it(tmp_path: Path) -> None:
    line = f"cd {tmp_path} && X=1; export Y=2; Z=3 sh -c 'echo $PWD $Y $Z ${{Y:-b}} && echo two'"
    said = subprocess.run(
        ["sh", "-ec", commands.shell(line)], check=True, capture_output=True, text=True
    )
    assert said.stdout == f"{tmp_path} 2 3 2\ntwo\n"


@pytest.mark.parametrize("line", ["a &&", "&& a", 'a "b', "a 'b", "a $(b", "a `b"])
def test_APP_11_what_is_no_line_is_refused_with_its_place(line: str) -> None:
    with pytest.raises(OperatorError, match=r"^Procfile, web: .*"):
        lay_out(settings(), MACHINE, release(f"web: {line}\n"))


def test_APP_11_a_migration_does_not_run_once_a_process() -> None:
    line = "web: python migrate.py && python main.py\n"
    with pytest.raises(OperatorError) as refused:
        lay_out(settings(), MACHINE, release(line))
    assert "5 processes" in str(refused.value)
    assert "`release: python migrate.py` and `web: python main.py`" in str(refused.value)
    with pytest.raises(OperatorError, match=r"`release: first && python migrate.py`"):
        lay_out(settings(), MACHINE, release(f"{line}release: first\n"))
    several = "web: cd src; flask db upgrade; flask translate compile; X=1 gunicorn a:b\n"
    both = "`release: cd src && flask db upgrade && flask translate compile` and `web: cd src && X"
    with pytest.raises(OperatorError, match=re.escape(both)):
        lay_out(settings(), MACHINE, release(several))
    one = lay_out(settings(web={"instances": 1}), MACHINE, release(line))
    assert one.web.command == "python migrate.py && python main.py"
    assert lay_out(
        settings(), MACHINE, release("web: cd src && X=1; export Y=$X; python main.py\n")
    )


@pytest.mark.parametrize(
    ("command", "files", "place"),
    [
        ("uvicorn a:b --uds $SOCKET", (), "socket"),
        ("gunicorn a:b --bind unix:${SOCKET}", (), "socket"),
        ("uvicorn a:b --port $PORT", (), "port"),
        ("uvicorn a:b --port ${PORT:-8000}", (), "port"),
        ("cd src && uvicorn a:b --port $PORTS", (), "socket"),
        ("gunicorn a:b", (), "port"),
        ("cd src && .venv/bin/gunicorn a:b", (), "port"),
        ("gunicorn a:b", ("gunicorn.conf.py",), "socket"),
        ("gunicorn a:b -c conf.py", (), "socket"),
        ("NODE_ENV=production next start", (), "port"),
        ("node .next/standalone/server.js", (), "port"),
        ("NITRO_HOST=127.0.0.1 node .output/server/index.mjs", (), "port"),
        ("python -m shop", (), "socket"),
    ],
)
def test_APP_11_where_a_command_listens(command: str, files: tuple[str, ...], place: str) -> None:
    assert listening.place("auto", command, files) == place
    assert listening.place("socket", command, files) == "socket"
    assert listening.place("port", command, files) == "port"


def test_APP_11_ports_that_processes_listen_on_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        unit = "shop-web-blue@1.service"
        real = Path.read_text

        def read(path: Path) -> str:
            mine = path == Path(f"/proc/{os.getpid()}/cgroup")
            return f"0::/shop.slice/{unit}" if mine else real(path)

        monkeypatch.setattr(Path, "read_text", read)
        number = server.getsockname()[1]
        assert (ip_address("127.0.0.1"), number) in host_listening.places([unit])
        assert host_listening.places(["shop-web-blue@2.service"]) == []
    here = [(ip_address("127.0.0.1"), 8000)]
    assert 'set app.web.listen = "port" if it reads PORT' in host_listening.instead("socket", here)
    assert "PORT" in host_listening.instead("port", here)
    assert host_listening.instead("socket", []) == ""


def test_APP_11_who_listens_on_a_public_address_alone_is_told() -> None:
    public = (ip_address("203.0.113.7"), 8001)
    said = "it listens on 203.0.113.7:8001 alone, where nobody asks it: have it listen on the"
    assert host_listening.instead("port", [public]).startswith(said)
    for address in ("0.0.0.0", "::", "127.0.0.1", "::1"):
        assert "alone" not in host_listening.instead("port", [public, (ip_address(address), 1)])
    assert "app.web.listen" in host_listening.instead("socket", [public])


@pytest.mark.parametrize("address", ["127.0.0.1", "203.0.113.7", "::1", "2001:db8::12:3"])
def test_an_address_of_the_kernel_s_table_is_read(address: str) -> None:
    raw = ip_address(address).packed
    words = [raw[i : i + 4] for i in range(0, len(raw), 4)]
    text = "".join(f"{int.from_bytes(word, sys.byteorder):08X}" for word in words)
    assert str(host_listening.decoded(text)) == address
    mapped = "0000000000000000" + f"{int.from_bytes(bytes((0, 0, 255, 255)), sys.byteorder):08X}"
    if len(words) == 1:
        assert str(host_listening.decoded(mapped + text)) == address


@pytest.mark.parametrize(
    ("procfile", "what"),
    [
        ("web: gunicorn a:b", "python"),
        ("web: cd src && python3.11 main.py", "python"),
        ("web: npm start", "node"),
        ("web: NODE_ENV=production node server.js", "node"),
        ("web: ./run", ""),
        ("", ""),
    ],
)
def test_APP_11_a_front_end_beside_a_server(procfile: str, what: str) -> None:
    both = {"package.json", "requirements.txt"}
    assert kind(both, procfile) == what
    if not what:
        with pytest.raises(OperatorError, match=r"set app\.kind"):
            lay_out(settings(), MACHINE, release(procfile, what=kind(both, procfile)))
        chosen = settings(kind="python", web={"command": "x"})
        assert lay_out(chosen, MACHINE, release(procfile, what="")).kind == "python"


def test_APP_11_npm_start_is_what_it_would_run() -> None:
    package = '{"scripts": {"start": "node s.js", "serve": "a", "prework": "x", "work": "y"}}'
    assert own("npm start", package) == "node s.js"
    assert own("yarn serve", package) == "a"
    assert own("npm run work", package) == "npm run work"
    assert own("npm run none", package) == "npm run none"
    assert own("npm start", "") == "npm start"
