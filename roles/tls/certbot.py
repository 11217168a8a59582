"""certbot, which speaks ACME: in an environment of its own on the host, every version pinned."""

from __future__ import annotations

import hashlib
import shlex
from pathlib import Path

from roles.core.machine import Machine

from .acme import Acme

ROOT = "/usr/local/lib/readyhost/certbot"
PROGRAM = f"{ROOT}/current/bin/certbot"
_PROJECT = Path(__file__).resolve().parents[2]

# certbot and all that it needs, by the names that constraints.txt has.
NEEDED = """
    acme certbot certifi cffi charset-normalizer configargparse configobj cryptography distro idna
    josepy parsedatetime pycparser pyopenssl pyrfc3339 requests typing-extensions urllib3
""".split()


def program(settings: Acme) -> str:
    """Path of the certbot that is used."""
    return PROGRAM if settings.certbot == "pinned" else "/usr/bin/certbot"


def packages(settings: Acme) -> list[str]:
    """Debian packages that this certbot needs."""
    if settings.certbot == "pinned":
        return ["python3-venv", "ca-certificates"]
    return ["certbot", *([f"python3-certbot-{settings.dns.plugin}"] if settings.dns.plugin else [])]


def pins(python: tuple[int, int]) -> list[str]:
    """name==version of certbot and all that it needs, for a host's Python.

    Python 3.9 has pins of its own: constraints.txt is for 3.10 and later.
    """
    if python < (3, 10):
        lines = Path(__file__).with_name("python3.9.txt").read_text().splitlines()
    else:
        lines = (_PROJECT / "constraints.txt").read_text().splitlines()
    return [line for line in lines if line.partition("==")[0] in NEEDED or python < (3, 10)]


def requirements(settings: Acme, python: tuple[int, int]) -> list[str]:
    """What is installed: certbot, and the plug-in for the DNS."""
    (certbot,) = (pin for pin in pins(python) if pin.startswith("certbot=="))
    if not settings.dns.plugin:
        return [certbot]
    version = certbot.partition("==")[2]
    return [certbot, settings.dns.package or f"certbot-{settings.dns.plugin}=={version}"]


def directory(settings: Acme, machine: Machine) -> str:
    """Where this very set of versions is installed."""
    python = machine.versions.python
    what = [*map(str, python), *pins(python), *requirements(settings, python)]
    return f"{ROOT}/{hashlib.sha256(' '.join(what).encode()).hexdigest()[:12]}"


def is_installed(settings: Acme, machine: Machine) -> str:
    """A shell test: the wanted versions are there, whole, and in use."""
    wanted = directory(settings, machine)
    return f'[ "$(readlink {ROOT}/current)" = {wanted} ] && [ -e {wanted}/whole ]'


def install(settings: Acme, machine: Machine) -> list[str]:
    """Commands that install the wanted versions beside others, then switch, then clean up."""
    python, wanted = machine.versions.python, directory(settings, machine)
    constraints = "\n".join(pins(python))
    names = shlex.join(requirements(settings, python))
    return [
        f"rm -rf {wanted}",
        f"mkdir -p {ROOT}",
        f"python3 -m venv {wanted}",
        f"printf '%s\\n' {shlex.quote(constraints)} >{wanted}/constraints.txt",
        f"{wanted}/bin/pip install -q --disable-pip-version-check --no-input --prefer-binary"
        f" -c {wanted}/constraints.txt {names} >{wanted}/log 2>&1 ||"
        f" {{ tail -n 20 {wanted}/log >&2; exit 1; }}",
        f"{wanted}/bin/certbot --version >/dev/null",
        f"touch {wanted}/whole",
        f"ln -sfn {wanted} {ROOT}/new",
        f"mv -T {ROOT}/new {ROOT}/current",
        f"find {ROOT} -mindepth 1 -maxdepth 1 -type d ! -path {wanted} -exec rm -rf {{}} +",
    ]
