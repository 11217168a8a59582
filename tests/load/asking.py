"""`readyhost ENV load` on a box of tests/load, as its own process. The environment is the box's, of
which no inventory is needed.

    python -m tests.load.asking ADDRESS KEY FOLDER OPTIONS ...
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from types import SimpleNamespace

from load import command, kept
from load.options import add_options
from load.settings import Load
from readyhost.hosts import Environment, Host


def main(address: str, key: str, folder: str, *options: str) -> int:
    command.LOG = "/var/log/nginx/json.log"
    kept.FOLDER = Path(folder)
    host = Host("box", address, "vagrant", 22, key, f"{folder}/known_hosts", "no")
    view = SimpleNamespace(app=SimpleNamespace(name="shop"), domain="shop.example", aliases=())
    settings = SimpleNamespace(
        applications=(view,), load=Load(allowed=True),
        postgres=SimpleNamespace(port=5432), pgbouncer=SimpleNamespace(port=6432),
    )  # fmt: skip
    parser = argparse.ArgumentParser()
    add_options(parser)
    given = parser.parse_args(options)
    given.environment = "box"
    return command.load(Environment(("shop",), (host,), False, settings), given)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
