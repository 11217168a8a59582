"""A second box, with a Prometheus of the distribution's that hosts send to."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from vagrant.driver import Box

from .seen import until

NAME, PORT = "metrics.provider.test", 9443
WORD = "a-word-of-the-teams"
PREFIX = "READYHOST_MONITORING__REMOTE_WRITE__"
# 2.31, of Ubuntu 22.04, knows the first way alone.
SET_UP = f"""
set -e
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update && apt-get -qq install -y --no-install-recommends prometheus curl >/dev/null
way=--web.enable-remote-write-receiver
prometheus --help 2>&1 | grep -q -- $way || way=--enable-feature=remote-write-receiver
cd /etc/prometheus
echo '{{}}' >prometheus.yml
install -o prometheus -m 600 /root/server.key /root/server.pem .
echo "ARGS='--web.config.file=/etc/prometheus/web.yml --web.listen-address=:{PORT} $way'" \\
  >/etc/default/prometheus
"""
# bcrypt of that word; Prometheus reads it anew, but keeps connections that it has let in.
USERS = "basic_auth_users: {shop: $2b$04$aaaaaaaaaaaaaaaaaaaaaOHZgNr9xBK9eFghwZjgXwDa/Ci3yTvrK}"
TLS = "cert_file: server.pem, key_file: server.key"
# In front of it, for who has a token: Prometheus itself knows none.
GATE = 9444
TAKES = """
server {{
    listen {port} ssl;
    ssl_certificate /etc/prometheus/server.pem;
    ssl_certificate_key /etc/prometheus/server.key;
    location / {{
        if ($http_authorization != "Bearer {token}") {{
            return 401;
        }}
        proxy_pass https://127.0.0.1:{behind};
        proxy_set_header Authorization "Basic {login}";
    }}
}}
"""


class Receiver:
    """The other box."""

    def __init__(self, box: Box, folder: Path) -> None:
        self.box, self.folder = box, folder

    def demands(self, *, password: bool = True, authority: str = "") -> None:
        """Who comes has to know the password; or shows a certificate that this one signed."""
        asks = ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: client-ca.pem"
        if authority:
            text = (self.folder / authority).read_text()
            self.box.ssh("cat >/etc/prometheus/client-ca.pem", stdin=text)
        tls = f"tls_server_config: {{{TLS}{asks if authority else ''}}}"
        text = "\n".join([tls, *([USERS] if password else []), ""])
        self.box.ssh("cat >/etc/prometheus/web.yml; systemctl restart prometheus", stdin=text)

    def takes(self, token: str) -> None:
        """At another port who has the token is let in."""
        login = base64.b64encode(f"shop:{WORD}".encode()).decode()
        text = TAKES.format(port=GATE, token=token, behind=PORT, login=login)
        self.box.ssh("cat >/etc/nginx/conf.d/gate.conf; systemctl restart nginx", stdin=text)

    def values(self, **more: str) -> dict[str, str]:
        return {
            "READYHOST_MONITORING__MODE": "local",
            "READYHOST_MONITORING__EVERY_SECONDS": "5",
            "READYHOST_ALERTS__ENABLED": "true",
            "READYHOST_ALERTS__WEBHOOK_URL": "http://127.0.0.1:9/hook",
            "READYHOST_ALERTS__PATIENCE_PERCENT": "5",
            "READYHOST_ALERTS__LIMITS__SENDING_MINUTES": "1",
            f"{PREFIX}URL": f"https://{NAME}:{PORT}/api/v1/write",
            f"{PREFIX}USER": "shop",
            f"{PREFIX}PASSWORD": WORD,
            f"{PREFIX}CA_FILE": str(self.folder / "ca.pem"),
            f"{PREFIX}LABELS": '{"team": "shop"}',
            **more,
        }

    def asked(self, query: str, when: float = 0) -> list[dict[str, Any]]:
        url = f"https://localhost:{PORT}/api/v1/query?query={quote(query)}"
        at = f"&time={when:.0f}" if when else ""
        shown = f"-u 'shop:{WORD}' --cert /root/ours.pem --key /root/ours.key"
        said = self.box.ssh(f"curl -sSk {shown} '{url}{at}'")
        found: list[dict[str, Any]] = json.loads(said)["data"]["result"]
        return found

    def has(self, query: str) -> bool:
        """Whether it has a series; not while it is away."""
        try:
            return bool(self.asked(query))
        except Exception:
            return False

    def stop(self) -> None:
        self.box.ssh("systemctl stop prometheus")

    def start(self) -> None:
        self.box.ssh("systemctl start prometheus")
        self.answers()

    def answers(self) -> None:
        assert until(lambda: self.has("vector(1)"))
