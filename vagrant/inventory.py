"""Boxes as hosts of a pyinfra inventory."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from roles.core.errors import OperatorError


def addresses(box: Path, names: str) -> dict[str, str]:
    """The address of each of `names` ("web,db"; "web:jammy" means web) by the script `box`.

    Raises OperatorError if one of them is not running.
    """
    found = {}
    for name in [each.partition(":")[0].strip() for each in names.split(",") if each.strip()]:
        asked = subprocess.run([box, "ip", name], check=False, text=True, capture_output=True)
        if asked.returncode:
            raise OperatorError(
                f"no box {name} is running: `make demo` boots one and does the rest,"
                f" `vagrant/box up {name}` only boots it"
            )
        found[name] = asked.stdout.strip()
    return found


def unpinned(box: Path) -> dict[str, Any]:
    """pyinfra's data for machines whose host keys are new at each boot."""
    key = subprocess.run([box, "key", "any"], check=True, text=True, capture_output=True)
    return {
        "ssh_user": "vagrant",
        "ssh_key": key.stdout.strip(),
        "ssh_known_hosts_file": "/dev/null",
        "ssh_strict_host_key_checking": "no",
        "ssh_forward_agent": False,
    }
