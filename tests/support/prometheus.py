"""A real Prometheus on this machine, behind TLS."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def free() -> int:
    """A TCP port of loopback that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def answers(port: int) -> None:
    """Wait until somebody does."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(f"nobody answers at {port}")


@contextmanager
def prometheus(folder: Path, web: str, *arguments: str, tls: str = "") -> Iterator[int]:
    """Its port. folder: has server.pem and server.key; web: lines of its web configuration; tls:
    more of its part on TLS."""
    port = free()
    (folder / "p.yml").write_text("{}")
    own = f"tls_server_config: {{cert_file: server.pem, key_file: server.key{tls}}}\n"
    (folder / "web.yml").write_text(f"{own}{web}\n")
    server = subprocess.Popen(
        [
            "prometheus", f"--config.file={folder}/p.yml", f"--web.config.file={folder}/web.yml",
            f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}",
            "--log.level=error", *arguments,
        ],
    )  # fmt: skip
    try:
        answers(port)
        yield port
    finally:
        server.kill()
        server.wait()
