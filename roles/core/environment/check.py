"""What a run would be refused for before it connects, beside the values of the settings."""

from __future__ import annotations

import runpy
from collections.abc import Iterable
from pathlib import Path

from paramiko.hostkeys import HostKeys

from ..errors import OperatorError
from .sources import shown


def check(inventory: Path) -> None:
    """Read `inventory` (inventories/NAME.py) as a run does, and look for the key of each host.

    Raises OperatorError with what is missing: the inventory, the file of pinned keys, the
    operator's own key, or the pinned key of a host.
    """
    if not inventory.is_file():
        raise OperatorError(
            f"{shown(inventory)} is missing; `make environment NAME={inventory.stem}` makes it"
        )
    hosts, data = runpy.run_path(str(inventory))["hosts"]
    if data.get("ssh_strict_host_key_checking") == "yes":
        file, port = Path(data["ssh_known_hosts_file"]), data["ssh_port"]
        addresses = [own.get("ssh_hostname", name) for name, own in hosts]
        missing = without_key(HostKeys(str(file)), addresses, port)
        if missing:
            scan = f"ssh-keyscan -t ed25519 -p {port} {' '.join(missing)} >> {shown(file)}"
            raise OperatorError(
                f"{shown(file)} has no key of {', '.join(missing)} (port {port}); add it with"
                f" `{scan}` and compare it with what your provider's console shows"
            )


def without_key(keys: HostKeys, addresses: Iterable[str], port: int) -> list[str]:
    """Those of `addresses` that none of the pinned `keys` is for; other ports than 22 are part of
    a key's name there."""
    return [
        address
        for address in addresses
        if not keys.lookup(address if port == 22 else f"[{address}]:{port}")
    ]
