"""An environment as a team has it: hosts by their addresses, their keys pinned.

The boxes' own inventory asks this machine twice for addresses and keys, which no team's does.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from vagrant.driver import ROOT, Box

NAME = "vagrant"  # a host knows whose it is by that


def environment(folder: Path, machine: Box, hosts: Sequence[str], port: int = 22) -> Path:
    """Write an inventory for `hosts`, which are all like `machine`, into `folder`; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    inventory = folder / f"{NAME}.py"
    shutil.copy(ROOT / "inventories" / "prod.py", inventory)
    shutil.copy(ROOT / "inventories" / f"{NAME}.env", folder / f"{NAME}.env")
    values = (ROOT / "inventories" / f"{NAME}.toml").read_text()
    ssh = f'[ssh]\nuser = "vagrant"\nport = {port}\nkey = "{machine.key}"\n'
    listed = ", ".join(f'"{host}"' for host in hosts)
    head, table, rest = values.partition("\n[")
    inventory.with_suffix(".toml").write_text(f"{head}\nhosts = [{listed}]\n{ssh}{table}{rest}")
    return inventory


def pin(inventory: Path, hosts: Sequence[str], port: int = 22) -> None:
    """Note the keys that `hosts` show now."""
    scan = ["ssh-keyscan", "-t", "ed25519", "-p", str(port), *hosts]
    keys = subprocess.run(scan, check=True, capture_output=True, text=True).stdout
    inventory.with_suffix(".known_hosts").write_text(keys)
