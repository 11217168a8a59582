"""Two applications, each with a version of Node.js of its own."""

from __future__ import annotations

import pytest

from tests.applications.two import APPS, Two, env, toml, visitors
from vagrant.example import commit
from vagrant.running import changes

from .seen import pids

pytestmark = pytest.mark.timeout(900)


NODE = {
    "server.mjs": """import { createServer } from "node:http";

const { DOMAIN, RELEASE, PORT, SOCKET } = process.env;
createServer((request, response) => {
  response.end(`${DOMAIN} ${RELEASE} ${process.version}`);
}).listen(PORT ?? SOCKET);
""",
    "package.json": '{"name": "server", "version": "1.0.0", "private": true}',
    "package-lock.json": '{"name": "server", "version": "1.0.0", "lockfileVersion": 3,'
    ' "packages": {"": {"name": "server", "version": "1.0.0"}}}',
    "Procfile": "web: node server.mjs\n",
}


# Its digest, which the toolkit does not know for this processor.
FORMER_PATCH = {
    "22.23.3": 'integrity = "sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4'
    '+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng=="\n'
}


def test_APP_15_two_versions_of_node_side_by_side_and_a_patch_is_a_release(two: Two) -> None:
    """One whose data was removed begins anew; of the other a patch goes live and loses nobody."""
    wanted = toml(two.box, two.place).replace('"command"', '"node"').replace("v1.0.0", "v2.0.0")
    for app in APPS:
        for name, text in NODE.items():
            (two.place / app / name).write_text(text)
        commit(two.place / app, "v2.0.0")

    def deploy(shop: str, blog: str) -> str:
        versions = (
            f'[apps.{app}.node]\nversion = "{version}"\n{FORMER_PATCH.get(version, "")}'
            for app, version in (("shop", shop), ("blog", blog))
        )
        two.write(wanted + "".join(versions), env())
        return two.ok("deploy.py")

    deploy("22.23.3", "24.22.3")
    assert two.answer("shop") == "200 shop.example v2.0.0 v22.23.3"
    assert two.answer("blog") == "200 blog.example v2.0.0 v24.22.3"
    before = pids(two, "blog")
    with visitors(two, "shop") as asked:
        said = "it runs on node 22.23.5 now, the release before ran on node 22.23.3"
        assert said in deploy("22.23.5", "24.22.3")
    assert asked.answers == {f"200 shop.example v2.0.0 v{each}" for each in ("22.23.3", "22.23.5")}
    assert two.answer("shop") == "200 shop.example v2.0.0 v22.23.5"
    assert pids(two, "blog") == before
    assert changes(deploy("22.23.5", "24.22.3")) == {}
