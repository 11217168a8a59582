"""An intruder on another site: a visitor's browser sends what his page asks for, with cookies."""

from __future__ import annotations

import contextlib
import json
import time

from tests.host.conftest import DOMAIN, Host
from tests.host.web.asked import handshake
from tests.support.client import Answer, Server
from tests.support.visitors import NETWORK, network

from .attack import NGINX, Outside, edited

EVIL = "https://evil.test"
CONF = "/etc/nginx/conf.d"
CORS = edited(f"{CONF}/cors.conf", '0,/default "";/s//default $http_origin;/', NGINX)
SOCKETS = edited("/etc/nginx/sites-enabled/app.conf", r"/if \(.websocket_foreign\)/,/\}/d", NGINX)
NAMES = edited("/etc/nginx/sites-enabled/00-unknown.conf", "/^server/,/^\\}/d", NGINX)
FRAMES = edited(f"{CONF}/headers.conf", "s/frame-ancestors .none.//; /X-Frame-Options/d", NGINX)
OPENER = edited(f"{CONF}/headers.conf", "/Cross-Origin-Opener-Policy/d", NGINX)
RESOURCE = edited(f"{CONF}/headers.conf", "/Cross-Origin-Resource-Policy/d", NGINX)
REPORTS = edited(f"{CONF}/reports.conf", 's/(-site.+ )1;/\\1"";/', NGINX)
SHOWN = edited("/usr/local/sbin/readyhost-csp", r's/c if " " <= c <= "~" else "\?"/c/', "true")
# As if whatever is odd were an attack.
HOSTILE = edited(f"{CONF}/hostile.conf", r's/"~:\(TRACE.*/"~." 1;/', NGINX)


def ask(host: Host, path: str = "/version", method: str = "GET", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Server(DOMAIN, host.ip).ask(path, method, headers=named)


def reads(host: Host) -> bool:
    allowed = ask(host, Origin=EVIL).all("access-control-allow-origin")
    return bool({EVIL, "*"} & set(allowed))


def writes(host: Host) -> bool:
    asked = {"Access_Control_Request_Method": "DELETE", "Access_Control_Request_Headers": "x-a"}
    answer = ask(host, "/items", "OPTIONS", Origin=EVIL, **asked)
    allowed = ",".join(answer.all("access-control-allow-methods"))
    return bool(answer.all("access-control-allow-origin")) and "DELETE" in allowed


def listens(host: Host) -> bool:
    request = handshake(f"Origin: {EVIL}\r\n")
    with Server(DOMAIN, host.ip).connect() as connection:
        connection.sendall(request)
        return connection.recv(4096).startswith(b"HTTP/1.1 101")


def frames(host: Host) -> bool:
    answer = ask(host)
    policy = ";".join(answer.all("content-security-policy"))
    return not answer.all("x-frame-options") and "frame-ancestors" not in policy


def keeps_window(host: Host) -> bool:
    return ask(host).all("cross-origin-opener-policy") != ["same-origin"]


def embeds(host: Host) -> bool:
    return not ask(host).all("cross-origin-resource-policy")


def other_name(host: Host) -> bool:
    """A name of his own, which he has lead to this host: the browser takes it for his site."""
    try:
        return Server("evil.test", host.ip).ask("/version").status == 200
    except OSError:
        return False
    except Exception:  # closed without an answer
        return False


def proposes(host: Host) -> bool:
    """A source of his own in the policy that is proposed to the operator."""
    said = {"effective-directive": "script-src", "blocked-uri": f"{EVIL}/x.js"}
    marks = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Origin": EVIL}
    body = json.dumps({"csp-report": {**said, "document-uri": f"https://{DOMAIN}/"}}).encode()
    kind = {"Content-Type": "text/plain;charset=UTF-8", **marks}
    log = "/var/log/nginx/reports.log"
    host.ssh(f"cp -p {log} {log}.kept")
    try:
        Server(DOMAIN, host.ip).ask("/.well-known/csp-report", "POST", headers=kind, body=body)
        time.sleep(0.3)
        return EVIL in host.ssh("readyhost-csp")
    finally:
        host.ssh(f"cat {log}.kept >{log}; rm {log}.kept")


def orders(host: Host) -> bool:
    """An order to the terminal of who looks at what browsers reported: a page's name has it."""
    page = f"https://{DOMAIN}/\x1b]52;c;cm0gLXJm\x07"
    said = {"effective-directive": "script-src", "blocked-uri": "https://cdn.test/x.js"}
    text = json.dumps({"csp-report": said})[:-2] + f', "document-uri": "{page}"}}}}'
    log = "/var/log/nginx/reports.log"
    host.ssh(f"cp -p {log} {log}.kept")
    try:
        kind = {"Content-Type": "application/csp-report"}
        server = Server(DOMAIN, host.ip)
        server.ask("/.well-known/csp-report", "POST", headers=kind, body=text.encode())
        time.sleep(0.3)
        seen = host.ssh("readyhost-csp")
        assert "cdn.test" in seen
        return "\x1b" in seen
    finally:
        host.ssh(f"cat {log}.kept >{log}; rm {log}.kept")


ODD = ("/%00", "/..%2f..%2fetc/passwd", "/.git/config", f"/{'a' * 4000}", "/docs", "/?<script>")


def shuts_out(host: Host) -> bool:
    """The visitor, by what the page has his browser ask for."""
    with network() as visitors:
        address = next(visitors)
        # What is left of an earlier run: fail2ban reads lines of the log after it was told to
        # unban, too, and who was banned before is banned sooner.
        listed = f"fail2ban-client set nginx-hostile {{}}ignoreip {NETWORK}"
        host.ssh(f"fail2ban-client unban {address}; {listed.format('del')}")
        marks = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Referer": EVIL}
        server = Server(DOMAIN, host.ip)
        try:
            for path in ODD * 5:
                with contextlib.suppress(OSError):
                    server.ask(path, headers=marks, source=address, timeout=2)
            end = time.monotonic() + 10  # fail2ban reads the log when it gets to it
            while time.monotonic() < end:
                try:
                    server.connect(source=address, timeout=2).close()
                except OSError:
                    return True
                time.sleep(0.5)
            return False
        finally:
            host.ssh(f"{listed.format('add')}; fail2ban-client unban {address}")


ATTACKS = (
    Outside("an answer that he reads", reads, (CORS,)),
    Outside("a change that he is allowed", writes, (CORS,)),
    Outside("a WebSocket with the visitor's cookies", listens, (SOCKETS,)),
    Outside("a frame around the site", frames, (FRAMES,)),
    Outside("a window of the site's that he goes on to hold", keeps_window, (OPENER,)),
    Outside("a file of the site's as his own", embeds, (RESOURCE,)),
    Outside("the site under a name of his", other_name, (NAMES,)),
    Outside("a source of his own in the proposed policy", proposes, (REPORTS,)),
    Outside("an order to the operator's terminal, in a report", orders, (SHOWN,)),
    Outside("the visitor's ban", shuts_out, (HOSTILE,)),
)
