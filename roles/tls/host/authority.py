"""Asking the authority, by certbot."""

from __future__ import annotations

import re

from . import process
from .configuration import Configuration
from .errors import CertificateError, advised
from .layout import ETC

SECONDS = 900
NOISE = re.compile(
    r"^(Saving debug log|Ask for help|See the logfile|- - -|If you like|\s*\* Donating|Account reg"
    r"|Requesting a|Renewing an|Some challenges have failed)",
)


def ask(wanted: Configuration, *, now: bool) -> str:
    """Let certbot obtain the certificate: `now`, or if it or the authority thinks that it is due.

    Out: what certbot said. Raises CertificateError with the reason and advice.
    """
    command = [wanted.certbot, "certonly", "--config", f"{ETC}/certbot.ini"]
    command += ["--cert-name", wanted.lineage, "--renew-with-new-domains"]
    command += ["--force-renewal"] if now else ["--keep-until-expiring"]
    for name in wanted.names:
        command += ["-d", name]
    env = {"REQUESTS_CA_BUNDLE": wanted.ca_file} if wanted.ca_file else {}
    try:
        return clean(process.run(command, seconds=SECONDS, env=env))
    except CertificateError as error:
        raise CertificateError(advised(clean(str(error)))) from None


def clean(said: str) -> str:
    """What certbot said, without what it says each time."""
    return "\n".join(line for line in said.splitlines() if line.strip() and not NOISE.match(line))
