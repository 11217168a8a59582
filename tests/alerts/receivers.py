"""A real SMTP server and a webhook on a box, which write down what they get."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from vagrant.driver import Box

SMTP, HTTP = 2525, 2526
FOLDER = "/opt/receivers"
_PROGRAM = f"""
import email, http.server, json, time
from aiosmtpd.controller import Controller

def note(kind, **what):
    with open("{FOLDER}/got", "a") as file:
        file.write(json.dumps(dict(kind=kind, **what)) + chr(10))

class Mail:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content)
        text = "".join(part.get_payload(decode=True).decode() for part in message.walk()
                       if part.get_content_type() == "text/plain")
        note("mail", subject=message["Subject"], to=envelope.rcpt_tos, text=text)
        return "250 OK"

class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        note("post", path=self.path, body=json.loads(body))
        self.send_response(200)
        self.end_headers()
    def do_GET(self):
        note("get", path=self.path)
        self.send_response(200)
        self.end_headers()

Controller(Mail(), hostname="127.0.0.1", port={SMTP}).start()
http.server.ThreadingHTTPServer(("127.0.0.1", {HTTP}), Hook).serve_forever()
"""


@dataclass(frozen=True)
class Receivers:
    """Both, on `box`."""

    box: Box

    def start(self) -> None:
        self.box.ssh(
            "DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends"
            f" python3-aiosmtpd >/dev/null; mkdir -p {FOLDER}; cat >{FOLDER}/receivers.py",
            stdin=_PROGRAM,
            timeout=300,
        )
        self.box.ssh(f"systemd-run -q --unit=receivers python3 {FOLDER}/receivers.py")

    def got(self) -> list[dict[str, Any]]:
        text = self.box.ssh(f"cat {FOLDER}/got 2>/dev/null || :")
        return [json.loads(line) for line in text.splitlines()]

    def told(
        self, name: str, status: str, evidence: str = ""
    ) -> tuple[list[str], list[dict[str, Any]]]:
        """Mails, and alerts of the webhook, that say so of an alert; with this in its evidence.

        One mail may be of several alerts, some of them over: each has a line of its own."""
        mails, hooks = [], []
        for each in self.got():
            if each["kind"] == "mail" and any(
                f"({name})" in line and line.startswith("over: ") == (status == "resolved")
                for line in each["text"].splitlines()
            ):
                mails.append(each["subject"] + "\n" + each["text"])
            if each["kind"] == "post" and each["path"] == "/hook":
                hooks += [
                    alert
                    for alert in each["body"]["alerts"]
                    if alert["labels"]["alertname"] == name
                    and alert["status"] == status
                    and evidence in alert["annotations"]["evidence"]
                ]
        return [mail for mail in mails if evidence in mail], hooks

    def wait(
        self, name: str, status: str = "firing", seconds: float = 150, evidence: str = ""
    ) -> tuple[str, Any]:
        """The last mail and the last hook that say so, once both are there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            mails, hooks = self.told(name, status, evidence)
            if mails and hooks:
                return mails[-1], hooks[-1]
            time.sleep(2)
        raise AssertionError(f"{name} is not told as {status}: {self.told(name, status)}")

    def beats(self, path: str) -> int:
        """How often an address was asked."""
        return sum(path in each.get("path", "") for each in self.got())
