"""Versions that a repository asks for and a host does not have: refused before the build."""

from __future__ import annotations

import shutil

import pytest

from tests.host.application import NAME
from tests.releases.shop import Shop
from vagrant.example import commit, git

from .conftest import HERE

pytestmark = pytest.mark.timeout(600)  # the first may have the box converge

SETTINGS = {"READYHOST_APP__HEALTH__PATH": "/", "READYHOST_APP__WEB__INSTANCES": "1"}


def test_REL_06_a_version_that_a_host_does_not_have_is_refused_before_the_build(
    servers: Shop,
) -> None:
    known = f"sha256sum /etc/{NAME}/next/release.json; readlink /srv/{NAME}/live; ls /srv/{NAME}/*"
    before = servers.ssh(known)
    # What a file is changed to: text in the place of a former one, or the whole of a new one.
    node, python = '"private": true', 'requires-python = ">=3.10"'
    cases = (
        ("npm", node, f'{node}, "engines": {{"node": ">=99"}}', "asks for Node.js >=99 (engines)"),
        ("npm", "", ".nvmrc", "asks for Node.js 99 (.nvmrc)"),
        ("npm", "", ".node-version", "asks for Node.js 99 (.node-version)"),
        ("npm", node, f'{node}, "packageManager": "pnpm@10.0.0"', "names pnpm as its packageMan"),
        ("npm", node, f'{node}, "packageManager": "npm@99"', "is no NAME@VERSION"),
        ("pnpm", node, f'{node}, "engines": {{"pnpm": "<3"}}', "asks for pnpm <3 (engines)"),
        ("uv", python, 'requires-python = ">=3.99"', "asks for Python >=3.99"),
    )
    for number, (tool, former, now, said) in enumerate(cases):
        tag = f"v33.{number}.0"
        git(servers.repository, "rm", "-rq", "--ignore-unmatch", ".")
        shutil.copytree(HERE / "workspaces" / tool, servers.repository, dirs_exist_ok=True)
        if former:
            name = "pyproject.toml" if tool == "uv" else "package.json"
            file = servers.repository / name
            assert former in file.read_text()
            file.write_text(file.read_text().replace(former, now))
        else:
            (servers.repository / now).write_text("99\n")
        commit(servers.repository, tag)
        run = servers.pyinfra("-y", "--data", f"tag={tag}", check=False, values=SETTINGS)
        assert run.returncode != 0, tag
        assert said in run.stdout
        assert "Beginning operation run" not in run.stdout
    assert servers.ssh(known) == before
