"""Lock files of many tools: each is obeyed, on a host that has none of the tools."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.host.application import NAME
from tests.releases.shop import Shop
from vagrant.example import commit, git

from .conftest import HERE

# Of each the words that it gives to a build script, and whether it can take away what only
# building needs.
MANAGERS = {
    "pnpm": ("pnpm/10.", False),
    "yarn": ("yarn/4.", False),
    "yarn-classic": ("yarn/1.", False),
    "bun": ("bun/1.", True),
}
SETTINGS = {
    "READYHOST_APP__BUILD__REQUIRE_HASHES": "true",
    "READYHOST_APP__HEALTH__PATH": "/",
    "READYHOST_APP__WEB__INSTANCES": "1",
}


def release(box: Shop, folder: str, tool: str, tag: str) -> None:
    """The application in `folder` with the lock file of one tool, as a tag."""
    git(box.repository, "rm", "-rq", "--ignore-unmatch", ".")
    for path in [*(HERE / folder).iterdir(), *(HERE / folder / tool).iterdir()]:
        if path.is_file():
            shutil.copy(path, box.repository)
    commit(box.repository, tag)


@pytest.mark.timeout(600)  # the first may have the box converge
@pytest.mark.parametrize("manager", MANAGERS)
def test_REL_06_a_package_manager_installs_what_its_lock_file_says(
    servers: Shop, manager: str
) -> None:
    tag = f"v24.{list(MANAGERS).index(manager)}.0"
    release(servers, "managers", manager, tag)
    servers.pyinfra("-y", "--data", f"tag={tag}", values=SETTINGS)
    agent, keeps = MANAGERS[manager]
    answer = servers.https("/").json()
    assert answer["agent"].startswith(agent)
    assert (answer["release"], answer["built"], answer["ms"]) == (tag, True, "2.1.3")
    assert answer["development"] == ("7.0.0" if keeps else "")


@pytest.mark.timeout(300)
def test_REL_06_a_manager_of_another_digest_installs_nothing(servers: Shop) -> None:
    release(servers, "managers", "pnpm", "v21.0.0")
    file = servers.repository / "package.json"
    known = {**json.loads(file.read_text()), "packageManager": f"pnpm@9.1.0+sha512.{'0' * 128}"}
    file.write_text(json.dumps(known))
    commit(servers.repository, "v21.1.0")
    run = servers.pyinfra("-y", "--data", "tag=v21.1.0", check=False, values=SETTINGS)
    assert run.returncode != 0
    assert "manager.tgz: FAILED" in run.stdout


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("tool", "tag"),
    [
        ("poetry", "v22.0.0"),
        ("pdm", "v22.1.0"),
        ("pipenv", "v22.2.0"),
        ("pylock", "v22.3.0"),
    ],
)
def test_REL_06_a_lock_file_of_python_holds_a_package_back(
    servers: Shop, tool: str, tag: str
) -> None:
    release(servers, "locked", tool, tag)
    servers.pyinfra("-y", "--data", f"tag={tag}", values=SETTINGS)
    assert servers.https("/").text == "3.6"  # what is asked for is any from 3 on


@pytest.mark.timeout(300)
def test_REL_06_another_python_a_second_or_an_old_lock_file_changes_nothing(servers: Shop) -> None:
    known = f"sha256sum /etc/{NAME}/next/release.json; readlink /srv/{NAME}/live; ls /srv/{NAME}/*"
    before = servers.ssh(known)
    release(servers, "locked", "poetry", "v23.0.0")
    project = servers.repository / "pyproject.toml"
    later = project.read_text().replace("idna>=3", "idna>=3.1")  # which the lock file has as well
    for number, (name, text, said) in enumerate(
        (
            ("uv.lock", "", "has uv.lock and poetry.lock, and only one of them can say"),
            (".python-version", "3.99\n", "asks for Python 3.99 (.python-version), and "),
            ("pyproject.toml", later, "poetry.lock of v23.3.0 was not made from the pyproject"),
        ),
        1,
    ):
        file = servers.repository / name
        file.write_text(text)
        tag = f"v23.{number}.0"
        commit(servers.repository, tag)
        run = servers.pyinfra("-y", "--data", f"tag={tag}", check=False, values=SETTINGS)
        assert run.returncode != 0
        assert said in run.stdout
        assert servers.ssh(known) == before
        file.unlink()
