"""A second box, with a Prometheus of the distribution's that reads the host, and what it shows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from tests.host.conftest import Host
from vagrant.driver import ROOT, Box

from .seen import until

PORT = 9443
AUTHORITIES = """
new='openssl req -newkey rsa:2048 -nodes -batch'
for who in ours theirs; do
  $new -x509 -days 2 -subj /CN=$who -keyout $who-ca.key -out $who-ca.pem
  $new -subj /CN=prometheus -keyout $who.key -out $who.csr
  openssl x509 -req -days 2 -in $who.csr -CA $who-ca.pem -CAkey $who-ca.key -CAcreateserial \\
    -out $who.pem
done"""


class Elsewhere:
    """A box with a Prometheus, and what it shows."""

    def __init__(self, box: Box, folder: Path) -> None:
        self.box, self.folder = box, folder

    def values(self, mode: str = "remote") -> dict[str, str]:
        return {
            "READYHOST_MONITORING__MODE": mode,
            "READYHOST_MONITORING__SCRAPED_FROM": json.dumps([f"{self.box.ip}/32"]),
            "READYHOST_MONITORING__SCRAPED_CA_FILE": str(self.folder / "ours-ca.pem"),
        }

    def reads(self, host: Host, **values: str) -> None:
        """Its configuration is what the settings say."""
        variables = host.environment({**self.values(), **values})
        done = subprocess.run(
            [sys.executable, "-m", "settings", "scrape", "vagrant"],
            cwd=ROOT, env={**variables, "PATH": os.environ["PATH"]},
            text=True, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        said = done.stdout.replace(f"shop.example:{PORT}", f"{host.ip}:{PORT}")
        assert f'"{host.ip}:{PORT}"' in said, said
        place = "/etc/prometheus"
        own = host.ssh("cat /etc/readyhost/tls/live/fullchain.pem")
        for name, text in {
            "readyhost.pem": (self.folder / "ours.pem").read_text(),
            "readyhost.key": (self.folder / "ours.key").read_text(),
            "readyhost-host.pem": own,
            "prometheus.yml": said,
        }.items():
            self.box.ssh(f"cat >{place}/{name}; chown prometheus {place}/{name}", stdin=text)
        self.box.ssh("promtool check config /etc/prometheus/prometheus.yml")
        # without what it read before: the distribution's own configuration has it read itself
        self.box.ssh("systemctl stop prometheus; rm -rf /var/lib/prometheus/metrics2/*")
        self.box.ssh("systemctl start prometheus")
        ready = "curl -sf -o /dev/null http://127.0.0.1:9090/-/ready"
        assert until(lambda: self.box.run(ready).returncode == 0)

    def asked(self, query: str) -> dict[str, float]:
        """What it says, by job."""
        url = f"http://127.0.0.1:9090/api/v1/query?query={quote(query)}"
        found = json.loads(self.box.ssh(f"curl -sS '{url}'"))["data"]["result"]
        return {each["metric"].get("job", ""): float(each["value"][1]) for each in found}

    def status(self, host: Host, shown: str) -> str:
        """The answer to who shows this."""
        url = f"https://{host.ip}:{PORT}/node"
        return self.box.run(f"curl -sk -m 10 -o /dev/null -w '%{{http_code}}' {shown} {url}").stdout

    def number(self, query: str) -> float:
        """What it says of a query that has one answer; 0 for none."""
        return next(iter(self.asked(query).values()), 0)

    def says(self, host: Host, request: str, options: str, port: int = PORT) -> str:
        """The answer, and what openssl s_client says of TLS."""
        lines = f"{request}\nConnection: close\n\n".replace("\n", "\r\n")
        ask = f"timeout 10 openssl s_client -connect {host.ip}:{port} -ign_eof {options}"
        return self.box.run(f"{ask} 2>&1", lines).stdout
