"""What a release is built from decides what it is, and what a build does ends with it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.attack import malicious
from tests.host.application import NAME, pid, status, units
from vagrant.running import changes

from .shop import Shop

SOURCE = Path(malicious.__file__).read_text()
PLACES = "/srv /etc /opt /usr/local /var/spool /var/tmp /var/lib /home /root /tmp /run /dev/shm"
SETUP = """
import os, pathlib, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import malicious
paths = [p for p in os.environ["PATH"].split(":") if p.startswith("/srv/") and "/.venv/" in p]
os.chdir(paths[-1].split("/.venv/")[0])
malicious.main(pathlib.Path("report.json"))
from setuptools import setup
os.chdir(os.path.dirname(os.path.abspath(__file__)))
setup(name="evil", version="1", py_modules=["malicious"])
"""


def evil(shop: Shop) -> tuple[dict[str, str], dict[str, list[str]]]:
    """A package that means harm, as files of a tag, and the hooks that install it."""
    if shop.example == "express":
        package = json.loads(shop.text("package.json"))
        package["scripts"]["postinstall"] = "python3 evil/malicious.py report.json"
        files = {"package.json": json.dumps(package), "evil/malicious.py": SOURCE}
        return files, {}
    install = ".venv/bin/pip install -q --no-deps --no-index --no-build-isolation ./evil"
    return {"evil/setup.py": SETUP, "evil/malicious.py": SOURCE}, {"after_build": [install]}


def hooks(values: Mapping[str, list[str]]) -> dict[str, str]:
    return {"READYHOST_APP__HOOKS": json.dumps(values)}


def deploy(shop: Shop, tag: str, values: Mapping[str, str], check: bool = True) -> str:
    """What a run for `tag` says, with settings of its own."""
    return shop.pyinfra("-y", "--data", f"tag={tag}", check=check, values=values).stdout


def variables(**values: str) -> dict[str, str]:
    return {"READYHOST_APP__BUILD__ENV": json.dumps(values)}


def folder(shop: Shop) -> str:
    return shop.ssh(f"readlink -f /srv/{NAME}/current")


def require_nothing_left(shop: Shop, release: str = "/nowhere") -> None:
    """Nothing that a build did is there, but for its own release."""
    mark = malicious.MARK
    found = f"{{ grep -rslI -- '# {mark}' {PLACES}; find {PLACES} -name '*{mark}*'; }} 2>/dev/null"
    assert shop.run(f"{found} | grep -v '^{release}/' | grep -v malicious").stdout == ""
    assert shop.ssh(f"ls -A /srv/{NAME}/archives") == ""
    assert shop.run(f"pgrep -u {NAME}-build").stdout == "", "a process of the build lives"
    assert shop.run("pgrep -f 'sleep 777[7]'").stdout == ""
    assert "0x00000e71" not in shop.ssh("ipcs -m")
    assert shop.ssh(f"ls -A /srv/{NAME}/build") == ""
    assert shop.run(f"find /srv/{NAME} -user {NAME}-build").stdout == ""


@pytest.mark.timeout(300)
def test_SEC_02_a_malicious_package_spoils_its_own_release_and_nothing_else(shop: Shop) -> None:
    files, install = evil(shop)
    tag = shop.tag(files)
    deploy(shop, tag, hooks(install))
    release = folder(shop)
    report = json.loads(shop.ssh(f"cat {release}/report.json"))
    assert report["worked"] == {}
    assert report["tried"] > 20
    require_nothing_left(shop, release)
    assert shop.run(f"find {release} ! -user root -o -perm /6022 ! -type l").stdout == ""
    # It is gone with the next release, which has the same dependencies but for it.
    clean = shop.tag()
    shop.deploy(clean)
    assert shop.run(f"find {folder(shop)} -name '*evil*' -o -name malicious*").stdout == ""

    again = shop.tag(files)
    failing = {**install, "after_build": [*install.get("after_build", []), "kill -BUS $$"]}
    said = deploy(shop, again, hooks(failing), check=False)
    assert f"{again} was not made live; {clean} goes on serving." in said
    assert "`kill -BUS $$` failed (killed by SIGBUS)" in said
    assert shop.run(f"ls -d /srv/{NAME}/releases/{again}*").stdout == ""
    require_nothing_left(shop, release)
    assert shop.serves() == clean


@pytest.mark.timeout(300)
def test_SEC_02_what_a_build_links_to_elsewhere_is_refused(shop: Shop) -> None:
    shop.deploy(shop.tag())
    before, live = shop.serves(), folder(shop)
    known = shop.ssh(f"stat -c '%a %U' {live} {live}/Procfile /etc/passwd")
    for step, reason in (
        (f"ln -s {live} other", "not of this release"),
        ("ln -s ../../live-or-not/x other", "not of this release"),
        (f"rm -rf .venv node_modules; ln -s {live}/Procfile node_modules", "not of this release"),
        ("mkdir -p $(printf 'd/%.0s' $(seq 300))", "folders deep"),
    ):
        said = deploy(shop, shop.tag(), hooks({"after_build": [step]}), check=False)
        assert reason in said, step
        assert f"{before} goes on serving." in said
    require_nothing_left(shop)
    assert shop.ssh(f"stat -c '%a %U' {live} {live}/Procfile /etc/passwd") == known
    assert shop.ssh(f"ls /srv/{NAME}/releases").split().count(before) == 1


@pytest.mark.timeout(300)
def test_SEC_02_a_build_s_variables_are_in_no_command_line(shop: Shop) -> None:
    value = "seen-by-nobody-else"
    env = variables(LOOK=f'{value} "$x\\')
    # From outside of its sandbox, where every process is seen, while the command runs.
    look = "while sleep 0.02; do grep -saFf /run/look /proc/[0-9]*/cmdline; done"
    shop.ssh("cat >/run/look", stdin=value)
    shop.ssh(f"systemd-run --quiet --unit=look sh -c {shlex.quote(look)}")
    try:
        given = ['printf "%s" "$LOOK" >given', "sleep 1"]
        deploy(shop, shop.tag(), {**env, **hooks({"after_build": given})})
        assert shop.ssh("systemctl is-active look") == "active"
    finally:
        shop.run("systemctl stop look; rm /run/look")
    assert shop.ssh("journalctl -q -o cat _SYSTEMD_UNIT=look.service") == ""
    assert shop.ssh(f"cat {folder(shop)}/given") == f'{value} "$x\\'


@pytest.mark.timeout(600)
def test_REL_06_a_changed_way_to_build_builds_the_same_tag_again(shop: Shop) -> None:
    tag = shop.tag()

    def build(text: str, step: str = 'printf %s "$SAY" >said', check: bool = True) -> str:
        values = {**variables(SAY=text), **hooks({"after_build": [step]})}
        return deploy(shop, tag, values, check)

    build("one")
    first = folder(shop)
    assert shop.ssh(f"cat {first}/said") == "one"
    said = build("two")
    second = folder(shop)
    assert f"{tag} is built again because the build variable SAY changed" in said
    assert (shop.ssh(f"cat {second}/said"), shop.ssh(f"cat {first}/said")) == ("two", "one")
    assert second != first
    assert f"App | {tag} is live" not in changes(build("two"))
    said = build("two", "printf again >said")
    assert f"{tag} is built again because app.hooks.after_build changed" in said
    assert shop.ssh(f"cat /srv/{NAME}/current/said") == "again"
    # Of one tag only what is live, and what was before it, stays.
    assert len(re.findall(rf"^{re.escape(tag)}(~\d+)?$", _releases(shop), re.M)) <= 2
    # What fails leaves what is live, and its folder.
    live = folder(shop)
    assert f"{tag} goes on serving" in build("three", "exit 1", check=False)
    assert (folder(shop), shop.ssh(f"cat {live}/said")) == (live, "again")
    shop.deploy(shop.tag())
    shop.pyinfra("-y", deploy="rollback.py")
    assert (shop.serves(), folder(shop)) == (tag, live)


def _releases(shop: Shop) -> str:
    return shop.ssh(f"ls /srv/{NAME}/releases")


@pytest.mark.timeout(300)
def test_REL_06_local_code_and_included_lists_are_the_tag_s_own(shop: Shop) -> None:
    if shop.example != "fastapi":
        pytest.skip("of Python")
    listed = re.sub(r"\s*\\?\n\s+--hash=\S+", "", shop.text("requirements.txt"))
    setup = "from setuptools import setup\nsetup(name='{0}', version='1', py_modules=['{0}'])\n"
    for value, idna in (("one", "3.6"), ("two", "3.7"), ("three", "3.7")):
        plain = re.sub(r"(?m)^idna==.*$", "-r lists/more.txt", listed)
        tag = shop.tag(
            {
                "requirements.txt": f"{plain}\n-e ./lib\n./libs/x\n",
                "lists/more.txt": f"idna=={idna}\n",
                "lib/setup.py": setup.format("own"),
                "lib/own.py": f"VALUE = {value!r}\n",
                "libs/x/setup.py": setup.format("copied"),
                "libs/x/copied.py": f"VALUE = {value!r}\n",
            }
        )
        shop.deploy(tag, READYHOST_APP__KEEP_RELEASES="2")
        look = "import copied, idna, own; print(idna.__version__, own.VALUE, own.__file__)"
        look += "; print(copied.VALUE)"
        python = f"/srv/{NAME}/current/.venv/bin/python"
        seen = shop.ssh(f"cd / && {python} -c {shlex.quote(look)}").split()
        assert seen == [idna, value, f"/srv/{NAME}/releases/{tag}/lib/own.py", value]
    # The first of them is gone, and nothing of it was the last one's.
    assert len([name for name in _releases(shop).split() if name.startswith("v1.")]) <= 2
    shop.ssh(f"systemctl restart {' '.join(units(shop, 'web'))}")
    assert status(shop)["due"] == "", "each of them answers again"


@pytest.mark.timeout(400)
def test_REL_06_node_and_what_installing_generates_are_the_release_s_own(shop: Shop) -> None:
    if shop.example != "express":
        pytest.skip("of Node.js")
    package = json.loads(shop.text("package.json"))
    package["scripts"]["postinstall"] = "cp schema.txt node_modules/.generated"
    for schema in ("one", "two"):
        tag = shop.tag({"package.json": json.dumps(package), "schema.txt": schema})
        shop.deploy(tag)
        assert shop.ssh(f"cat /srv/{NAME}/current/node_modules/.generated") == schema
    said = deploy(shop, tag, {"READYHOST_APP__NODE__VERSION": "20.18.0"})
    assert f"{tag} is built again because app.build node, app.build runtime changed" in said
    assert "no digest of Node.js 20.18.0 is known" in said
    process = pid(shop, units(shop, "web")[0])
    assert shop.ssh(f"readlink /proc/{process}/exe") == "/opt/node/20.18.0/bin/node"
    shop.deploy(shop.tag())
    process = pid(shop, units(shop, "web")[0])
    assert shop.ssh(f"readlink /proc/{process}/exe") == "/opt/node/24.22.3/bin/node"
    # The release before goes on with the interpreter that it was built for.
    shop.pyinfra("-y", deploy="rollback.py")
    assert shop.serves() == tag
    process = pid(shop, units(shop, "web")[0])
    assert shop.ssh(f"readlink /proc/{process}/exe") == "/opt/node/20.18.0/bin/node"
