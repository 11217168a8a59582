"""The Python of an application's own, beside the system's.

A ready-made one takes three minutes. One that is built from source takes both cores for longer:
TESTS=python.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.host.application import NAME
from tests.releases.shop import Shop
from vagrant.example import commit, git
from vagrant.running import changes

from .conftest import HERE

SETTINGS = {
    "READYHOST_APP__HEALTH__PATH": "/",
    "READYHOST_APP__WEB__INSTANCES": "1",
}
HERE_TOO = "10.0.3.1"  # this machine, as boxes see it
SERIES = "READYHOST_APP__PYTHON__VERSION"
# The packages of a Python of the archive (jammy's second one), put into one folder as ready-made
# ones are; the pip that it brings is a package of its own.
READY_MADE = {"jammy": ("3.11", "python3-distutils"), "noble": ("3.12", "")}
PACK = """
cd "$(mktemp -d)" && sudo apt-get -qq update &&
sudo apt-get -qq install python3-pip-whl python3-setuptools-whl >/dev/null &&
apt-get -qq download python{0} python{0}-minimal \
  libpython{0}-minimal libpython{0}-stdlib python{0}-venv {1} >/dev/null
for package in *.deb; do dpkg-deb -x $package .; done
rm -r usr/share && find usr -lname '/*' -delete && mv usr python && tar -cz python | base64 -w0
"""
ALL = "ls -A /opt/python 2>/dev/null || true"
built = pytest.mark.skipif(
    os.environ.get("TESTS") != "python",
    reason="Python is built from source, both cores for minutes: TESTS=python",
)


def release(box: Shop, tag: str, python: str) -> None:
    """An application that answers with the Python that it runs on, and asks for one."""
    git(box.repository, "rm", "-rq", "--ignore-unmatch", ".")
    for name in ("Procfile", "server.py"):
        shutil.copy(HERE / "own_python" / name, box.repository)
    (box.repository / "requirements.txt").write_text("idna==3.10\n")
    (box.repository / ".python-version").write_text(f"{python}\n")
    commit(box.repository, tag)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of a folder, as boxes see it."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer((HERE_TOO, 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{HERE_TOO}:{server.server_port}"
        server.shutdown()


@pytest.mark.timeout(300)
def test_APP_15_a_ready_made_python_runs_the_release_and_another_digest_none(
    servers: Shop, tmp_path: Path, served: str
) -> None:
    series, further = READY_MADE[servers.suite]
    packed = base64.b64decode(servers.ssh(PACK.format(series, further)))
    (tmp_path / "python.tar.gz").write_bytes(packed)
    wanted = {
        **SETTINGS,
        SERIES: series,
        "READYHOST_APP__PYTHON__URL": f"{served}/python.tar.gz",
        "READYHOST_APP__PYTHON__DIGEST": "0" * 64,
    }
    release(servers, "v40.0.0", series)
    live = f"readlink /srv/{NAME}/live; {ALL}"  # on a new host there is none
    before = servers.ssh(live)
    run = servers.pyinfra("-y", "--data", "tag=v40.0.0", check=False, values=wanted)
    assert run.returncode != 0
    assert "app.python.digest: what is at" in run.stdout
    assert f"and not {'0' * 64}" in run.stdout
    assert servers.ssh(live) == before

    digest = hashlib.sha256(packed).hexdigest()
    wanted["READYHOST_APP__PYTHON__DIGEST"] = digest
    servers.pyinfra("-y", "--data", "tag=v40.0.0", values=wanted)
    version, prefix, *_ = servers.https("/").text.split()
    assert (version[:4], prefix) == (series, f"/opt/python/{series}-{digest[:12]}")
    assert servers.ssh(f"find {prefix} -not -user root -o -perm /022 -not -type l | head") == ""


# What the host's own is not, by system: the series, and what it calls itself.
OTHERS = {
    "jammy": (("3.12", "3.12.3"), ("3.13", "3.13.5")),
    "noble": (("3.13", "3.13.5"),),
}


@built
@pytest.mark.timeout(5400)
def test_APP_15_pythons_are_built_from_signed_sources_and_lie_side_by_side(
    servers: Shop, served: str
) -> None:
    (series, version), *others = OTHERS[servers.suite]
    release(servers, "v41.0.0", series)
    stranger = {**SETTINGS, SERIES: series, "READYHOST_APP__PYTHON__MIRROR": served}
    run = servers.pyinfra("-y", "--data", "tag=v41.0.0", check=False, values=stranger)
    assert run.returncode != 0
    assert "does not have a Release file" in run.stdout
    assert f"{version}-" not in servers.ssh(ALL)

    wanted = {**SETTINGS, SERIES: series}
    servers.pyinfra("-y", "--data", "tag=v41.0.0", values=wanted)
    said, prefix, *openssl = servers.https("/").text.split()
    assert (said, prefix.split("-")[0]) == (version, f"/opt/python/{version}")
    assert openssl[0] == "OpenSSL"

    ignoring = {"READYHOST_APP__BUILD__IGNORE": '[".python-version"]'}
    for series, said in others:
        wanted = {**SETTINGS, SERIES: series, **ignoring}
        run = servers.pyinfra("-y", "--data", "tag=v41.0.0", values=wanted)
        assert f"it runs on python {said}-" in run.stdout
        assert f"the release before ran on python {version}-" in run.stdout
        assert servers.https("/").text.startswith(f"{said} /opt/python/{said}-")
        assert {one.split("-")[0] for one in servers.ssh(ALL).split()} >= {version, said}
    assert changes(servers.pyinfra("-y", "--data", "tag=v41.0.0", values=wanted).stdout) == {}
