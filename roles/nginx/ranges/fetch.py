"""Brings the networks of CDNs up to date, from what each of them publishes:

    python -m roles.nginx.ranges.fetch [NAME …]

Without a name all that are there already. The change is for `git diff`, and then for deploy.py.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from urllib.request import urlopen

from . import FOLDER, NAMES, networks, text

SECONDS = 30
BYTES = 16 * 2**20

Read = Callable[[str], str]


def published(name: str, read: Read) -> list[str]:
    """What a CDN publishes of its networks. read: gives what an address answers."""
    if name == "cloudflare":
        return [
            line for v in (4, 6) for line in read(f"https://www.cloudflare.com/ips-v{v}").split()
        ]
    if name == "fastly":
        said = json.loads(read("https://api.fastly.com/public-ip-list"))
        return [*said["addresses"], *said["ipv6_addresses"]]
    if name == "bunny":
        said = json.loads(read("https://bunnycdn.com/api/system/edgeserverlist"))
        return [*said, *json.loads(read("https://bunnycdn.com/api/system/edgeserverlist/IPv6"))]
    said = json.loads(read("https://ip-ranges.amazonaws.com/ip-ranges.json"))
    own = "CLOUDFRONT_ORIGIN_FACING"
    found = [each["ip_prefix"] for each in said["prefixes"] if each["service"] == own]
    return [*found, *(e["ipv6_prefix"] for e in said["ipv6_prefixes"] if e["service"] == own)]


def fetch(names: list[str], read: Read, folder: Path = FOLDER) -> list[str]:
    """Write the files of the CDNs; a line for each of them."""
    said = []
    for name in names:
        before = set(networks(name)) if (folder / f"{name}.txt").exists() else set()
        made = text(published(name, read), datetime.now(timezone.utc).date())
        (folder / f"{name}.txt").write_text(made)
        after = set(made.split("\n")[1:-1])
        said.append(f"{name}: {len(after)} networks, {len(after - before)} new,"
                    f" {len(before - after)} gone")  # fmt: skip
    return said


def _read(address: str) -> str:
    with urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 - the addresses above
        return str(answer.read(BYTES).decode())


def main(arguments: list[str]) -> int:
    names = arguments or [name for name in NAMES if (FOLDER / f"{name}.txt").exists()]
    if unknown := sorted(set(names) - set(NAMES)):
        print(f"{unknown[0]} is none of {', '.join(NAMES)}", file=sys.stderr)
        return 2
    try:
        print("\n".join(fetch(names, _read)))
    except (OSError, ValueError, KeyError) as error:
        print(f"nothing was changed after: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
