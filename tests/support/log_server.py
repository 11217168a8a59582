"""A real log server on a box: rsyslog with RELP over TLS, which asks for a certificate."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from vagrant.driver import Box

NAME = "logs.example"
UNIT = "log-server"
FOLDER = "/opt/log-server"
_CONFIGURATION = f"""
# A line that was answered is in the file.
main_queue(queue.type="direct")
global(maxMessageSize="64k")
module(load="imrelp" tls.tlslib="openssl")
input(type="imrelp" port="6514" address="127.0.0.1" tls="on" tls.caCert="{FOLDER}/ca.pem"
      tls.myCert="{FOLDER}/used.pem" tls.myPrivKey="{FOLDER}/used.key" tls.authMode="certvalid")
template(name="raw" type="string" string="%rawmsg%\\n")
action(type="omfile" file="{FOLDER}/got" template="raw")
"""


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def _certificates(folder: Path) -> None:
    """Two authorities, a server's certificate of each, one for another name, a client's."""
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    for authority in ("ca", "stranger"):
        subject = ("-subj", f"/CN={authority}", "-days", "2")
        out = ("-keyout", f"{authority}.key", "-out", f"{authority}.pem")
        _openssl(folder, "req", "-x509", *new, *out, *subject)
    for leaf, name, authority in (
        ("good", NAME, "ca"),
        ("other-name", "other.example", "ca"),
        ("other-authority", NAME, "stranger"),
        ("client", "host.example", "ca"),
    ):
        out = ("-keyout", f"{leaf}.key", "-out", f"{leaf}.csr")
        _openssl(folder, "req", *new, *out, "-subj", f"/CN={name}")
        (folder / "names").write_text(f"subjectAltName=DNS:{name}\n")
        by = ("-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial")
        take = ("-in", f"{leaf}.csr", "-out", f"{leaf}.pem", "-extfile", "names", "-days", "2")
        _openssl(folder, "x509", "-req", *take, *by)


@dataclass
class LogServer:
    """The server on `box`; `folder` has its certificates, on this machine."""

    box: Box
    folder: Path

    @classmethod
    def made(cls, box: Box, folder: Path) -> LogServer:
        """A server that does not run yet. Needs rsyslog-relp on the box."""
        _certificates(folder)
        box.ssh(f"install -d {FOLDER}; cat >{FOLDER}/server.conf", _CONFIGURATION)
        box.ssh(f"cat >{FOLDER}/ca.pem", (folder / "ca.pem").read_text())
        return cls(box, folder)

    @property
    def setting(self) -> str:
        """`logs.forward` of a host that sends here."""
        return json.dumps(
            {
                "host": "127.0.0.1",
                "server_name": NAME,
                "ca_file": str(self.folder / "ca.pem"),
                "certificate_file": str(self.folder / "client.pem"),
                "key_file": str(self.folder / "client.key"),
                "retry_seconds": 1,
            }
        )

    def start(self, certificate: str = "good") -> None:
        for kind in ("pem", "key"):
            text = (self.folder / f"{certificate}.{kind}").read_text()
            self.box.ssh(f"umask 077; cat >{FOLDER}/used.{kind}; : >>{FOLDER}/got", text)
        self.box.ssh(
            f"systemctl reset-failed {UNIT} 2>/dev/null; systemd-run --collect -q --unit={UNIT}"
            f" rsyslogd -n -iNONE -f {FOLDER}/server.conf;"
            " for i in $(seq 50); do ss -ltn | grep -q :6514 && exit; sleep 0.1; done; exit 1"
        )

    def stop(self, signal: str = "TERM") -> None:
        """STOP: it stands still, with its connections; KILL: it is gone between two lines."""
        self.box.ssh(f"systemctl kill -s {signal} {UNIT}")
        if signal != "STOP":
            self.box.ssh(f"while systemctl is-active -q {UNIT}; do sleep 0.1; done")

    def got(self, word: str) -> list[str]:
        """What arrived with `word` in it, line by line."""
        text = self.box.run(f"grep -a -e '{word}' {FOLDER}/got").stdout
        return text.splitlines()

    def tokens(self, word: str, wanted: int = 0, seconds: float = 20) -> list[str]:
        """Each `WORD-NUMBER.` that arrived, twice if it did so twice; waited for until there are
        `wanted` different ones."""
        found = f"grep -aoE '{word}-[0-9]+[.]' {FOLDER}/got"
        self.box.run(
            f"for i in $(seq {int(seconds * 4)}); do"
            f" [ $({found} | sort -u | wc -l) -ge {wanted} ] && break; sleep 0.25; done",
            timeout=seconds + 60,
        )
        return re.findall(rf"{word}-\d+\.", self.box.run(found).stdout)

    def remove(self) -> None:
        self.box.run(f"systemctl kill -s KILL {UNIT}; rm -rf {FOLDER}")
