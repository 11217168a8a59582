"""One environment, named as this file is: its values are in NAME.toml, its secrets in NAME.env,
the keys of its hosts in NAME.known_hosts. `pyinfra inventories/NAME.py deploy.py` makes it real."""

from pathlib import Path

from roles.core.environment.inventory import group, pinned
from settings import load

_file = Path(__file__).resolve()
_settings = load(_file.stem, _file.parent)
_data = {"settings": _settings, **pinned(_settings.ssh, _file, _settings.addresses)}

hosts = group({address: {} for address in _settings.addresses}, _data, ("hosts", "all", _file.stem))
