"""A host that fetches the backups of another one, as docs/backup-copies.md makes it."""

from __future__ import annotations

from dataclasses import dataclass

from vagrant.driver import ROOT, Box, Completed

from .runbook import blocks

KEEPER = "keeper"  # who speaks with the host that is fetched from
KEPT = "/srv/keeper/shop"
HOME = "/srv/keeper"
FETCHED = "readyhost-pull"  # the account there
COMMAND = ROOT / "roles" / "backup" / "mirror" / "readyhost-pull.sh"
PAGE = ("backup-copies.md", "Fetched by another host")
DISK = "256m"  # its place for what it keeps, so that a test can fill it


@dataclass(frozen=True)
class Keeper:
    """A running box that has rsync, and the host that it fetches from."""

    box: Box
    host: Box

    @classmethod
    def start(cls, box: Box, host: Box) -> Keeper:
        keeper = cls(box, host)
        box.ssh(
            f"cat >/usr/local/bin/readyhost-pull && chmod 755 /usr/local/bin/readyhost-pull"
            f" && mkdir -p {KEPT} && mount -t tmpfs -o size={DISK} kept {KEPT}",
            stdin=COMMAND.read_text(),
        )
        (made,) = blocks(*PAGE, "sh", {"shop.example": host.ip})
        box.ssh("sh -eu", stdin=made)
        return keeper

    def meets_its_host(self) -> None:
        """Know the key of the host, which has taken the place of another one."""
        script = blocks(*PAGE, "sh", {"shop.example": self.host.ip})[0]
        (shown,) = (line for line in script.splitlines() if line.startswith("ssh-keyscan"))
        self.box.ssh(shown)

    def values(self) -> dict[str, str]:
        """Settings of a box whose backups are fetched from here."""
        key = self.box.ssh(f"cat {HOME}/.ssh/id_ed25519.pub").split()
        prefix = "READYHOST_BACKUP__PULL__"
        return {f"{prefix}KEY": " ".join(key[:2]), f"{prefix}ADDRESS": self.box.ip}

    def fetch(self) -> Completed:
        """What cron does there."""
        (table,) = blocks(*PAGE, "cron", {"shop.example": self.host.ip})
        return self.box.run(table.split(" root ")[1], timeout=300)

    def fetched(self) -> str:
        """Fetch, which must succeed: the time that it has then."""
        done = self.fetch()
        assert done.returncode == 0, done.stderr
        return self.runs()[-1]

    def runs(self) -> list[str]:
        """The times that it keeps, the newest last."""
        return self.box.ssh(f"ls {KEPT}").split()

    def sums(self, run: str) -> str:
        """Every file that it has of a time, with its mode and checksum."""
        found = "find . -type f -printf '%M %u %s %p\\n' -exec sha256sum {} + | sort | sha256sum"
        return self.box.ssh(f"cd {KEPT}/{run} && {found}")

    def tried(self, command: str, *, stdin: str = "") -> Completed:
        """A command as its user, in a folder where that may write."""
        return self.box.run(f"cd /tmp && exec runuser -u {KEEPER} -- sh -c '{command}'", stdin)
