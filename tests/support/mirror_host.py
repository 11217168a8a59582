"""A bare box that keeps the mirror of another one's backups, as docs/backup-copies.md makes it."""

from __future__ import annotations

from dataclasses import dataclass

from roles.backup.keys import public
from roles.core.environment.creation import make_secrets
from settings import Settings
from tests.host.database import settings
from vagrant.driver import ROOT, Box, wrapper

PLACE = "/srv/backup/app"
COMMAND = ROOT / "roles" / "backup" / "mirror" / "readyhost-mirror.sh"
USER = "backups"
# How a host logs in there, with the keys that it has.
SSH = (
    "ssh -i /etc/backup/mirror-key -o IdentitiesOnly=yes"
    " -o UserKnownHostsFile=/etc/backup/known_hosts"
)
SECRETS = ROOT / "inventories" / "vagrant.env"


@dataclass
class MirrorHost:
    """A running box with a user of its own for the mirror."""

    box: Box

    @classmethod
    def start(cls, name: str) -> MirrorHost:
        # Of the suite that comes next: its restic knows storages with a lock, and who keeps a copy
        # is often newer, or older, than the host.
        mirror_host = cls(Box.boot(name, wrapper("suites").partition(",")[0], {}))
        mirror_host.box.ssh("apt-get -qq update && apt-get -qq install -y rsync", timeout=300)
        mirror_host.box.ssh(
            "cat > /usr/local/bin/readyhost-mirror && chmod 755 /usr/local/bin/readyhost-mirror",
            stdin=COMMAND.read_text(),
        )
        login = f'restrict,command="/usr/local/bin/readyhost-mirror {PLACE} 30" {mirror_host.key}'
        mirror_host.box.ssh(
            f"id {USER} || useradd -m -s /bin/sh {USER}; mkdir -p {PLACE} ~{USER}/.ssh;"
            f" cat > ~{USER}/.ssh/authorized_keys; chown -R {USER} {PLACE} ~{USER}/.ssh",
            stdin=f"{login}\n",
        )
        return mirror_host

    @property
    def key(self) -> str:
        """The key that hosts with vagrant.env's passphrase have."""
        make_secrets(Settings, SECRETS)  # no box may have been converged in this checkout yet
        return public(settings(self.box).backup.passphrase)

    def values(self) -> dict[str, str]:
        """Settings of a box whose mirror is here."""
        shown = self.box.ssh("cat /etc/ssh/ssh_host_ed25519_key.pub").split()
        prefix = "READYHOST_BACKUP__MIRROR__"
        return {
            f"{prefix}HOST": self.box.ip,
            f"{prefix}USER": USER,
            f"{prefix}HOST_KEY": " ".join(shown[:2]),
        }

    def stop(self) -> None:
        self.box.destroy()
