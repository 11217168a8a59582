"""Boxes of `vagrant/box up NAME`. BOXES says which: names, separated by commas."""

import os
from pathlib import Path

from roles.core.environment.creation import make_secrets
from roles.core.environment.inventory import group
from settings import Settings, load
from vagrant.inventory import addresses, unpinned

_file = Path(__file__).resolve()
make_secrets(Settings, _file.with_suffix(".env"))
_box = _file.parents[1] / "vagrant" / "box"
_boxes = addresses(_box, os.environ.get("BOXES", "demo"))
_data = {"settings": load(_file.stem, _file.parent, hosts=tuple(_boxes)), **unpinned(_box)}

hosts = group(
    {name: {"ssh_hostname": address} for name, address in _boxes.items()},
    _data,
    ("hosts", "all", _file.stem),
)
