"""A certificate in a folder, as openssl reads it, and whether it is what is wanted."""

from __future__ import annotations

import calendar
import re
import time
from dataclasses import dataclass
from pathlib import Path

from . import process
from .configuration import Configuration
from .errors import CertificateError

DAY = 86_400  # seconds
SHORT = 10 * DAY
CURVES = {"prime256v1": "ecdsa-p256", "secp384r1": "ecdsa-p384"}


@dataclass(frozen=True)
class Certificate:
    """names: without order. key: as in the settings. begin, end: seconds since 1970."""

    serial: str
    names: frozenset[str]
    key: str
    begin: float
    end: float

    @property
    def due(self) -> float:
        """When it should be renewed if the authority does not say: with a third of its life left,
        half for those that live less than ten days. certbot has the same rule."""
        life = self.end - self.begin
        return self.begin + life * (1 / 2 if life < SHORT else 2 / 3)

    @property
    def overdue(self) -> float:
        """When a renewal that should have happened evidently does not."""
        return (self.due + self.end) / 2


def read(folder: Path) -> Certificate | None:
    """The certificate in `folder`; None when there is none, or not with its own key."""
    chain, key = folder / "fullchain.pem", folder / "privkey.pem"
    try:
        words = ["openssl", "x509", "-noout", "-in", str(chain)]
        text = process.run([*words, "-serial", "-dates", "-ext", "subjectAltName"])
        public = process.run([*words, "-pubkey"])
        if public != process.run(["openssl", "pkey", "-pubout", "-in", str(key)]):
            return None
        kind = process.run(["openssl", "pkey", "-noout", "-text_pub", "-in", str(key)])
    except CertificateError:
        return None
    return parse(text, kind)


def parse(text: str, kind: str) -> Certificate:
    """Read what openssl printed of a certificate and of its key, whose text has no secret part."""
    values = dict(re.findall(r"^(serial|notBefore|notAfter)=(.+)$", text, re.MULTILINE))
    curve = re.search(r"ASN1 OID: (\S+)", kind)
    bits = re.search(r"\((\d+) bit", kind)
    key = CURVES.get(curve[1], curve[1]) if curve else f"rsa-{bits[1] if bits else '?'}"
    return Certificate(
        serial=values["serial"],
        names=frozenset(re.findall(r"DNS:([^,\s]+)", text)),
        key=key,
        begin=_seconds(values["notBefore"]),
        end=_seconds(values["notAfter"]),
    )


def _seconds(date: str) -> float:
    return calendar.timegm(time.strptime(date, "%b %d %H:%M:%S %Y GMT"))


def misfits(found: Certificate | None, wanted: Configuration) -> list[str]:
    """Why `found` is not what is wanted; empty when it is."""
    if found is None:
        return [f"there is none of {wanted.directory}"]
    names = set(wanted.names)
    missing, spare = sorted(names - found.names), sorted(found.names - names)
    reasons = [f"it lacks {', '.join(missing)}"] if missing else []
    reasons += [f"it is also for {', '.join(spare)}"] if spare else []
    reasons += [f"its key is {found.key}"] if found.key != wanted.key else []
    reasons += ["it has expired"] if found.end <= time.time() else []
    return reasons
