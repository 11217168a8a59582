"""Whether each name leads to this host, as the authority would find out; it counts failures."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from pathlib import Path

from .layout import CHALLENGES

PATH = ".well-known/acme-challenge"
SECONDS = 10  # for one answer
TRIES = 2


def failures(names: Sequence[str], root: Path = Path(CHALLENGES), port: int = 80) -> list[str]:
    """One line for each name or address that does not lead here, with the reason.

    A file is put where the challenges will be, and asked for at each address of each name.
    """
    folder = root / PATH
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    for each in (folder.parent, folder):
        each.chmod(0o755)
    file = folder / f"readyhost-{secrets.token_hex(8)}"
    content = secrets.token_hex(16)
    file.write_text(content)
    file.chmod(0o644)
    try:
        with ThreadPoolExecutor(8) as pool:
            found = pool.map(lambda name: _of_name(name, file.name, content, port), names)
            return [line for lines in found for line in lines]
    finally:
        file.unlink()


def _of_name(name: str, file: str, content: str, port: int) -> list[str]:
    try:
        answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        return [f"{name} has no address in the DNS ({error.strerror})"]
    addresses = sorted({str(answer[4][0]) for answer in answers})
    public = [address for address in addresses if not ip_address(address).is_loopback]
    if not public:
        return [
            f"{name} is {', '.join(addresses)} on this host, which says nothing of the DNS: take it"
            " out of /etc/hosts, or set tls.acme.probe = false"
        ]
    reasons = ((address, _of_address(name, address, file, content, port)) for address in public)
    return [f"{name}, {address}: {reason}" for address, reason in reasons if reason]


def _of_address(name: str, address: str, file: str, content: str, port: int) -> str:
    """Why this address does not give the file; empty when it does."""
    reason = ""
    for _ in range(TRIES):
        connection = http.client.HTTPConnection(address, port, timeout=SECONDS)
        try:
            connection.request("GET", f"/{PATH}/{file}", headers={"Host": name})
            response = connection.getresponse()
            if response.status == 200 and response.read(len(content) + 1) == content.encode():
                return ""
            reason = f"answers {response.status}, so it is not this host, or not its Nginx"
            if location := response.headers.get("Location"):
                reason = f"sends to {location} ({response.status}): it is not this host's Nginx"
        except (OSError, http.client.HTTPException) as error:
            said = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
            reason = f"does not answer on port {port} ({said})"
        finally:
            connection.close()
    return reason
