"""Root follows nobody's links while it takes a build over, throws one away, and prunes."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

import pytest

from tests.host.application import NAME
from tests.host.stages import NEXT
from tests.support.links import CANARY, CLOSED, LONGEST, Canary

from .shop import Shop

BUILDER = f"{NAME}-build"
UNIT = "links-builder"
RELEASES = f"/srv/{NAME}/releases"
# In a folder of its own each folder is a link by turns, in one system call: a name that is missing
# would end root's work before there is anything to follow.
SWAP = """
import ctypes, os, sys
swap, names = ctypes.CDLL(None).renameat2, [n for n in os.listdir() if n.startswith("flip")]
pairs = [(name.encode(), f"{name}.link".encode()) for name in names]
for name, link in pairs:
    os.symlink(sys.argv[1], link)
while True:
    for name, link in pairs:
        swap(-100, name, -100, link, 2)
"""
# A process of the build's user that no sandbox holds and that nobody ends waits for a release.
WAIT = """
until cd $1/flip0/.. 2>/dev/null; do sleep 0.02; done
exec setpriv --reuid=$2 --regid=$2 --clear-groups python3 -I -c "$3" $4
"""
# The folder that it waits for comes last; each may be a link from then on.
HOLD = ["for n in $(seq 19 -1 0); do mkdir flip$n; done", "sleep 0.5"]
# What root does with such a folder, as often as there is time for. Prints how often it came to an
# end. Behind the intruder, on a busy machine too: each of its steps is to meet another world.
WORK = """
import os, pwd, shutil, subprocess, sys, time
from pathlib import Path
sys.path.insert(0, "/usr/local/lib/readyhost")
from release import prune, seal
from release.errors import ReleaseError
from release.layout import Layout
builder, swap, target, what, seconds = sys.argv[1:]
layout = Layout("links", "/srv/links")
tree, owner, done = layout.home / "environments", pwd.getpwnam(builder).pw_uid, 0
setpriv = ["setpriv", f"--reuid={builder}", f"--regid={builder}", "--clear-groups"]

def own():
    for path in (tree, *tree.iterdir()):
        os.chown(path, owner, owner, follow_symlinks=False)

def work():
    os.nice(19)
    try:
        if what == "seal":
            seal.seal(tree, owner)
        else:
            assert list(prune._sweep(layout, [])) == [] and not tree.exists()
    except ReleaseError:
        os._exit(1)
    except BaseException as error:
        print(repr(error), flush=True)
        os._exit(2)
    os._exit(0)

end = time.monotonic() + float(seconds)
while time.monotonic() < end:
    shutil.rmtree("/srv/links", ignore_errors=True)
    for number in range(8):
        (tree / f"flip{number}").mkdir(parents=True)
    os.chown(tree, owner, owner)
    intruder = subprocess.Popen([*setpriv, "python3", "-I", "-c", swap, target], cwd=tree)
    try:
        while not (tree / "flip7").is_symlink():
            time.sleep(0.001)
        while tree.exists() and time.monotonic() < end:
            own()
            done += os.waitpid(os.fork() or work(), 0)[1] == 0
    finally:
        assert intruder.poll() is None
        intruder.kill()
        intruder.wait()
shutil.rmtree("/srv/links", ignore_errors=True)
print("done", done)
"""


@pytest.fixture
def canary(shop: Shop) -> Iterator[Canary]:
    made = Canary.put(shop)
    yield made
    made.remove()


@pytest.mark.parametrize(("what", "target"), [("seal", CLOSED), ("prune", CANARY)])
def test_SEC_03_links_that_flip_lead_no_seal_and_no_prune_astray(
    shop: Shop, canary: Canary, what: str, target: str
) -> None:
    words = [WORK, BUILDER, SWAP, target, what, "4"]
    went = shop.ssh(f"python3 -I -c {shlex.join(words)}")
    canary.untouched()
    assert went.startswith("done ") and int(went[5:]) > 0, went


@pytest.mark.timeout(300)
def test_SEC_03_nothing_is_taken_over_while_its_builder_lives(shop: Shop, canary: Canary) -> None:
    if shop.suite in NEXT:
        pytest.skip("once: half a minute for what no suite changes")
    before, tag = shop.serves(), shop.tag()
    words = ["sh", "-c", WAIT, "sh", f"{RELEASES}/{tag}", BUILDER, SWAP, CLOSED]
    start = f"systemd-run -q --collect --unit={UNIT} -p RuntimeMaxSec={LONGEST}"
    shop.ssh(f"{start} {shlex.join(words)}")
    try:
        hooks = {"READYHOST_APP__HOOKS": json.dumps({"after_build": HOLD})}
        said = shop.deploy(tag, check=False, **hooks).stdout
        shop.ssh(f"pgrep -u {BUILDER}")  # it was there to the end
    finally:
        shop.run(f"systemctl stop {UNIT}")
    canary.untouched()
    assert f"processes of {BUILDER} go on" in said
    assert f"{before} goes on serving" in said
    assert "Traceback" not in said
    assert shop.run(f"ls -d {RELEASES}/{tag}*").stdout == ""
