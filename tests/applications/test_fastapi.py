"""A FastAPI backend with uv and Alembic, whole: what its lock file says is what runs."""

from __future__ import annotations

import re

import pytest

from tests.host.application import NAME, units
from tests.host.conftest import serving
from tests.releases.shop import Shop
from vagrant.example import commit

from .whole import again, deploy

pytestmark = pytest.mark.timeout(600)

IDNA = {
    "3.6": "c05567e9c24a6b9faaa835c4821bad0590fbb9d5779e7caa6e1cc4978e7eb24f",
    "3.7": "82fee1fc78add43492d3a1898bfa6d8a904cc97d8427f683ed8e798d07761aa0",
}


def edit(box: Shop, path: str, pattern: str, text: str) -> None:
    """Change one place of a file in the repository."""
    file = box.repository / path
    changed, places = re.subn(pattern, text, file.read_text())
    assert places == 1
    file.write_text(changed)


def made_of(box: Shop) -> tuple[str, str]:
    """The code that answers, and the version of a package that its lock file holds back."""
    found = box.https("/made-of").json()
    assert "/.venv/lib/" in found["from"], "the project is not installed"
    return found["code"], found["idna"]


def test_REL_06_fastapi_gets_what_uv_lock_says_in_each_release(servers: Shop) -> None:
    wanted = deploy(servers, "FastAPI", "fastapi", "v13.0.0")
    assert made_of(servers) == ("first", "3.6")  # pyproject.toml takes any from 3 on
    assert servers.https("/orders", method="POST", json={"text": "a lamp"}).json() == {"id": 1}

    edit(servers, "src/shop/main.py", 'CODE = "first"', 'CODE = "second"')
    again(servers, wanted, "v13.1.0")
    log = servers.ssh(f"cat /srv/{NAME}/log/build-v13.1.0.log")
    assert f"$ cp -a --no-preserve=ownership --reflink=auto /srv/{NAME}/installed/" in log
    assert "--require-hashes" not in log, "nothing is to be installed but the project"
    assert made_of(servers) == ("second", "3.6")
    # Nothing of it is in the folder of the release before, which is pruned one day.
    servers.ssh(f"mv /srv/{NAME}/releases/v13.0.0 /root/")
    servers.ssh(f"systemctl restart {' '.join(units(servers, 'web'))}")
    serving(servers)
    assert made_of(servers) == ("second", "3.6")
    servers.ssh(f"mv /root/v13.0.0 /srv/{NAME}/releases/")

    locked = r'(?s)name = "idna"\nversion = "3.6".*?wheels = .*?\n]'
    file = "https://index.test/idna-3.7-py3-none-any.whl"
    wheel = f'{{ url = "{file}", hash = "sha256:{IDNA["3.7"]}" }}'
    source = 'source = { registry = "https://index.test/simple" }'
    changed = f'name = "idna"\nversion = "3.7"\n{source}\nwheels = [{wheel}]'
    edit(servers, "uv.lock", locked, changed)
    again(servers, wanted, "v13.2.0")
    assert made_of(servers) == ("second", "3.7")

    servers.pyinfra("-y", deploy="rollback.py", values=wanted)
    assert servers.https("/version").json()["release"] == "v13.1.0"
    assert made_of(servers) == ("second", "3.6")
    assert servers.https("/orders").json() == ["a lamp"]

    edit(servers, "uv.lock", IDNA["3.7"], IDNA["3.6"])
    commit(servers.repository, "v13.3.0")
    run = servers.pyinfra("-y", "--data", "tag=v13.3.0", check=False, values=wanted)
    assert "DO NOT MATCH THE HASHES" in run.stdout
    assert made_of(servers) == ("second", "3.6")
