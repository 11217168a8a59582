"""The role's files below a directory of their own, so that Nginx can read them without a host."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from roles.core.entries import Directory, Entry, File
from roles.core.machine import SUPPORTED, Machine
from roles.nginx import Nginx, Scraped, Site
from roles.nginx.features import features
from roles.nginx.files import entries
from roles.tls import Tls
from roles.tls.configuration import tls_configuration
from roles.tls.selfsigned import SelfSigned, make

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin") or "nginx"
# What sends files that are compressed so already; where it is not installed they are not.
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def installed() -> tuple[int, int]:
    """The version of the Nginx on this machine."""
    said = subprocess.run([NGINX, "-v"], capture_output=True, text=True, check=True).stderr
    major, minor = re.findall(r"/(\d+)\.(\d+)", said)[0]
    return int(major), int(minor)


def readable_here() -> list[str]:
    """Those releases of a distribution whose files this machine's Nginx takes without a word."""
    able = features(installed())
    return [
        codename
        for codename, versions in SUPPORTED.items()
        if able.http2_directive == features(versions.nginx).http2_directive
        and able.reject_handshake >= features(versions.nginx).reject_handshake
    ]


def site(root: Path = Path("/"), processes: int = 2) -> Site:
    """A site with all that a site can have."""
    sockets = tuple(str(root / f"srv/shop/live/web-{n + 1}.sock") for n in range(processes))
    return Site(
        name="shop",
        domain="shop.test",
        aliases=("www.shop.test",),
        sockets=sockets,
        tls=tls_configuration(Tls()),
        static=(("/static/", str(root / "srv/shop/current/static")),),
        served=str(root / "srv/shop/served"),
        kept=3,
        responses=str(root / "srv/shop/responses/live"),
        uploads=str(root / "srv/shop/uploads"),
    )


def lay_out(
    root: Path,
    settings: Nginx,
    machine: Machine,
    site: Site,
    ports: tuple[int, int],
    *others: Site,
    measured: Scraped | None = None,
) -> None:
    """Write the files below `root`, with every path and both ports changed to be there."""
    for entry in entries(settings, machine, (site, *others), measured=measured):
        _write(root, entry, ports)
    for directory in ("var/log/nginx", "var/lib/nginx", "run", "srv/shop/live"):
        (root / directory).mkdir(parents=True, exist_ok=True)
    (root / "srv/shop/responses/first").mkdir(parents=True, exist_ok=True)
    (root / "srv/shop/responses/live").symlink_to("first")
    links = root / "srv/shop/served/static"
    links.mkdir(parents=True, exist_ok=True)
    for name, release in (("live", "current"), ("1", "earlier")):
        (links / name).symlink_to(root / "srv/shop" / release / "static")
    for place, names in (("live", site.names), ("nameless", ())):
        certificate = SelfSigned(str(root / f"etc/readyhost/tls/{place}"), names, 397, 30)
        Path(certificate.directory).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["sh", "-ec", make(certificate)], check=True)


def _write(root: Path, entry: Entry, ports: tuple[int, int]) -> None:
    path = root / entry.path.lstrip("/")
    if isinstance(entry, Directory):
        path.mkdir(parents=True, exist_ok=True)
    elif isinstance(entry, File):
        path.parent.mkdir(parents=True, exist_ok=True)
        text = entry.data.decode()
        path.write_text(_moved(text, root, ports))
        path.chmod(entry.mode)


def _moved(text: str, root: Path, ports: tuple[int, int]) -> str:
    text = re.sub(r"(?<=[ =])(/(etc|var|run)/[a-z])", rf"{root}\1", text)
    here = BROTLI.exists()
    modules = f"load_module {BROTLI};" if here else ""
    text = text.replace(f"include {root}/etc/nginx/modules-enabled/*.conf;", modules)
    text = text if here else text.replace("brotli_static on;", "")
    text = re.sub(r"listen 80\b", f"listen 127.0.0.1:{ports[0]}", text)
    text = text.replace("http://127.0.0.1:80;", f"http://127.0.0.1:{ports[0]};")
    text = re.sub(r"listen 443\b", f"listen 127.0.0.1:{ports[1]}", text)
    paths = "".join(f"{name}_temp_path {root}/var/lib/nginx/{name};\n" for name in TEMPORARY)
    return text.replace("http {\n", f"http {{\n{paths}", 1)


def check(root: Path) -> str:
    """What `nginx -t` says of the files below `root`; empty when it has nothing against them."""
    configuration = str(root / "etc/nginx/nginx.conf")
    done = subprocess.run(
        [NGINX, "-t", "-q", "-c", configuration], capture_output=True, text=True, check=False
    )
    lines = done.stderr.splitlines()
    # Only where a test does not run as root, as it does not have to.
    return "\n".join(line for line in lines if '"user" directive makes sense only' not in line)
