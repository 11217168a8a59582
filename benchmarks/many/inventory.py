"""As many hosts as HOSTS says, which are all at one address: SIMULATED, `ADDRESS PORT KEY`."""

import os
from pathlib import Path

from roles.core.environment.inventory import group
from settings import load

_names = [f"host{number + 1}.example" for number in range(int(os.environ["HOSTS"]))]
_address, _port, _key = os.environ["SIMULATED"].split()
_boxes = Path(__file__).resolve().parents[2] / "inventories"

hosts = group(
    {name: {"ssh_hostname": _address} for name in _names},
    {
        "settings": load("vagrant", _boxes, hosts=_names),
        "ssh_port": int(_port),
        "ssh_user": "vagrant",
        "ssh_key": _key,
        "ssh_known_hosts_file": "/dev/null",
        "ssh_strict_host_key_checking": "no",
        "ssh_forward_agent": False,
    },
    ("hosts", "all", "simulated"),
)
