"""An intruder who flips links: in a folder of its own it puts a link in the place of something, and
back, as fast as it can, while root works there. And what root must not reach by it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from vagrant.driver import Box

SECRET = "what-only-root-reads"
NAME = "kept.sh"
CANARY = "/etc/links-canary"  # where the links lead
CLOSED = f"{CANARY}/closed"  # empty: taken for somebody's own folder it would be open
UNIT = "links-intruder"
LONGEST = 600  # seconds; a body takes a fraction of it, however busy the machine is
FLIPS = 60  # seconds in which the intruder has begun

DOOR = "/run/links-door"
LISTEN = """
import socket, sys
door = socket.socket(socket.AF_UNIX)
open(sys.argv[1] + ".count", "w").close()
door.bind(sys.argv[1])
door.listen(100)
while True:
    connection, _ = door.accept()
    with open(sys.argv[1] + ".count", "a") as count:
        count.write(".")
    connection.close()
"""

# Each turn lasts as long as a few system calls of whoever is to be caught.
FLIP = f"""
import os, sys, time
os.chdir(sys.argv[1])
name, aside, link = sys.argv[2], sys.argv[2] + ".aside", sys.argv[2] + ".link"
os.symlink(sys.argv[3], link)
end = time.monotonic() + {LONGEST}
while time.monotonic() < end:
    try:
        os.rename(name, aside); os.rename(link, name)
        time.sleep(0.0005)
        os.rename(name, link); os.rename(aside, name)
        time.sleep(0.0005)
    except OSError:
        for here, there in ((name, link), (aside, name)):
            try:
                if os.path.islink(here) == there.endswith("link"):
                    os.rename(here, there)
            except OSError:
                pass
"""


@dataclass(frozen=True)
class Canary:
    """A folder of root's, which nothing may change or read."""

    box: Box
    before: str

    @classmethod
    def put(cls, box: Box, name: str = NAME) -> Canary:
        """Make it, with one file."""
        box.ssh(
            f"rm -rf {CANARY}; mkdir -m 755 {CANARY}; mkdir -m 700 {CLOSED};"
            f" echo {SECRET} > {CANARY}/{name}; chmod 600 {CANARY}/{name}"
        )
        return cls(box, cls._look(box))

    def untouched(self) -> None:
        """Raise AssertionError when anything of it is another."""
        assert self._look(self.box) == self.before

    def remove(self) -> None:
        self.box.ssh(f"rm -rf {CANARY}")

    @staticmethod
    def _look(box: Box) -> str:
        # not the time of the last look
        return box.ssh(
            f"find {CANARY} -printf '%p %y %U:%G %m %C@ %s\\n' | sort; cat {CANARY}/*.* | sha256sum"
        )


@contextmanager
def flipping(box: Box, path: str, user: str, target: str = CANARY) -> Iterator[None]:
    """While the body runs `user`, in a folder of its own, has `path` be by turns what it is and a
    link to `target`. Afterwards it is what it was."""
    folder, _, name = path.rpartition("/")
    script = shlex.quote(FLIP)
    box.ssh(
        f"systemd-run -q --collect --unit={UNIT} -p User={user} -p RuntimeMaxSec={LONGEST}"
        f" python3 -I -c {script} {folder} {name} {target}"
    )
    try:
        # Half of the time it is a link: to look now and then leaves the intruder the processor.
        box.ssh(f"timeout {FLIPS} sh -c 'until test -L {path}; do sleep 0.01; done'")
        yield
        box.ssh(f"systemctl is-active {UNIT}")  # it was there to the end
    finally:
        box.ssh(
            f"systemctl stop {UNIT}; cd {folder}; ! test -L {name} || rm {name};"
            f" ! test -e {name}.aside || mv -T {name}.aside {name}; rm -f {name}.link"
        )


def own_folder(box: Box, folder: str, user: str) -> str:
    """A folder `flip` of the intruder's, with a file as the canary has one."""
    inside = f"cd {shlex.quote(folder)} && mkdir -p flip && echo own > flip/{NAME}"
    box.ssh(f"runuser -u {user} -- sh -c '{inside} && chmod 777 flip/{NAME}'")
    return f"{folder}/flip"


@contextmanager
def guarded_socket(box: Box) -> Iterator[Callable[[], int]]:
    """A Unix socket that root alone may connect to, at DOOR; gives how many connections it got."""
    listen = f"python3 -I -c {shlex.quote(LISTEN)} {DOOR}"
    box.ssh(
        f"systemd-run -q --collect --unit=links-door -p UMask=0177 {listen};"
        f" timeout {FLIPS} sh -c 'until test -S {DOOR}; do sleep 0.1; done'"
    )
    try:
        yield lambda: int(box.ssh(f"wc -c < {DOOR}.count"))
    finally:
        box.ssh(f"systemctl stop links-door; rm -f {DOOR} {DOOR}.count")
