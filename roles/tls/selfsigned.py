"""A certificate that the host makes for itself: the shell that makes it, and the one that asks.

The key is made on the host and never leaves it.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

MAX_COMMON_NAME = 64  # characters, X.520


@dataclass(frozen=True)
class SelfSigned:
    """A certificate for `names` (none: one that names nobody) in `directory`."""

    directory: str
    names: tuple[str, ...]
    days: int
    renew_before_days: int

    @property
    def san(self) -> str:
        """The subject's names as `openssl x509 -ext subjectAltName` prints them."""
        return ", ".join(f"DNS:{name}" for name in self.names or ("invalid",))


def is_current(certificate: SelfSigned) -> str:
    """A shell test: key and certificate are there, belong together, cover exactly the names, and
    have longer to live than `renew_before_days`."""
    return f"""
cd {shlex.quote(certificate.directory)}
[ "$(stat -c %a:%u privkey.pem)" = 600:0 ]
is=$(openssl x509 -in fullchain.pem -noout -checkend {certificate.renew_before_days * 86400} \\
  -ext subjectAltName -pubkey)
echo "$is" | sed 's/^ *//' | grep -qxF {shlex.quote(certificate.san)}
[ "$(echo "$is" | sed -n '/^--*BEGIN/,/^--*END/p')" = "$(openssl pkey -in privkey.pem -pubout)" ]
""".strip()


def make(certificate: SelfSigned) -> str:
    """Shell commands that make it beside its place, then move key and certificate there."""
    directory = shlex.quote(certificate.directory)
    common_name = next((n for n in certificate.names if len(n) <= MAX_COMMON_NAME), "invalid")
    san = certificate.san.replace(" ", "")
    return f"""
umask 077
new=$(mktemp -d {directory}.XXXXXX) || exit
trap 'rm -rf "$new"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 \\
  -days {certificate.days} -subj {shlex.quote(f"/CN={common_name}")} \\
  -addext {shlex.quote(f"subjectAltName={san}")} -addext keyUsage=critical,digitalSignature \\
  -addext extendedKeyUsage=serverAuth \\
  -keyout "$new/privkey.pem" -out "$new/fullchain.pem" 2>"$new/log" ||
  {{ cat "$new/log" >&2; exit 1; }}
chmod 644 "$new/fullchain.pem"
mkdir -p -m 755 {directory}
mv "$new/privkey.pem" {directory}/privkey.pem
mv "$new/fullchain.pem" {directory}/fullchain.pem
""".strip()


def all_current(certificates: Sequence[SelfSigned]) -> str:
    """A shell test for several; each in its own subshell that stops at the first failure."""
    return " && ".join(f"sh -ec {shlex.quote(is_current(c))}" for c in certificates)


def make_all(certificates: Sequence[SelfSigned]) -> list[str]:
    """Commands that make each one that is not current, and leave the others alone."""
    return [
        f"sh -ec {shlex.quote(is_current(c))} >/dev/null 2>&1 || sh -ec {shlex.quote(make(c))}"
        for c in certificates
    ]
