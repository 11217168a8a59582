"""A certificate from the operator's machine, checked there as strictly as a browser would."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtensionOID
from pydantic import SecretStr

from roles.core.errors import OperatorError

from .settings import Tls

MIN_RSA_BITS = 2048


@dataclass(frozen=True)
class Provided:
    """A chain and its private key, PEM; `warning` is what the operator should know, or empty."""

    chain: str
    key: SecretStr
    warning: str = ""


def read(
    settings: Tls, names: Iterable[str], *, root: Path, now: datetime | None = None
) -> Provided:
    """Read and check what `certificate_file` and `key_file` name, relative to `root`.

    Raises OperatorError, all problems at once, when a file can't be read, the key does not belong
    to the certificate, is encrypted or weak, a name of `names` is not covered, the certificate is
    not valid at `now`, or the chain's links do not fit.
    """
    assert settings.certificate_file and settings.key_file  # noqa: S101 - the model saw to it
    chain_path, key_path = root / settings.certificate_file, root / settings.key_file
    chain = _chain(chain_path)
    key = _key(key_path)
    leaf = chain[0]
    now = now or datetime.now(timezone.utc)

    problems = [
        *_key_problems(leaf, key),
        *(f"it does not cover {name}" for name in names if not covers(leaf, name)),
        *_time_problems(leaf, now),
        *_link_problems(chain),
    ]
    if problems:
        raise OperatorError(
            f"tls.certificate_file {chain_path} can't be used: {'; '.join(problems)}"
        )
    left = leaf.not_valid_after_utc - now
    warning = ""
    if left < timedelta(days=settings.renew_before_days):
        warning = f"the certificate {chain_path} ends in {left.days} days"
    pem = "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in chain)
    return Provided(pem, SecretStr(_read(key_path, "key_file").decode()), warning)


def covers(certificate: x509.Certificate, name: str) -> bool:
    """Whether a browser accepts `certificate` for `name` (RFC 6125: SAN, one-label wildcard)."""
    try:
        extension = certificate.extensions.get_extension_for_oid(
            ExtensionOID.SUBJECT_ALTERNATIVE_NAME
        )
    except x509.ExtensionNotFound:
        return False
    assert isinstance(extension.value, x509.SubjectAlternativeName)  # noqa: S101 - by its OID
    covered = {n.lower() for n in extension.value.get_values_for_type(x509.DNSName)}
    parent = name.lower().partition(".")[2]
    return name.lower() in covered or f"*.{parent}" in covered


def _read(path: Path, key: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OperatorError(f"tls.{key} {path} can't be read: {error.strerror}") from None


def _chain(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(_read(path, "certificate_file"))
    except ValueError:
        raise OperatorError(f"tls.certificate_file {path} holds no PEM certificate") from None


def _key(path: Path) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    try:
        key = load_pem_private_key(_read(path, "key_file"), password=None)
    except TypeError:
        raise OperatorError(
            f"tls.key_file {path} has a passphrase, which a server that starts by itself can't"
            " type; remove it: openssl pkey -in KEY -out KEY.plain"
        ) from None
    except ValueError:
        raise OperatorError(f"tls.key_file {path} holds no PEM private key") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise OperatorError(f"tls.key_file {path} is neither ECDSA nor RSA, so browsers refuse it")
    return key


def _key_problems(
    leaf: x509.Certificate, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
) -> list[str]:
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    problems = []
    if leaf.public_key().public_bytes(*form) != key.public_key().public_bytes(*form):
        problems.append("the key in tls.key_file belongs to another certificate")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < MIN_RSA_BITS:
        problems.append(f"its RSA key has {key.key_size} bits, at least {MIN_RSA_BITS} are needed")
    return problems


def _time_problems(leaf: x509.Certificate, now: datetime) -> list[str]:
    if now < leaf.not_valid_before_utc:
        return [f"it is valid only from {leaf.not_valid_before_utc:%Y-%m-%d %H:%M} UTC on"]
    if now >= leaf.not_valid_after_utc:
        return [f"it expired on {leaf.not_valid_after_utc:%Y-%m-%d %H:%M} UTC"]
    return []


def _link_problems(chain: list[x509.Certificate]) -> list[str]:
    return [
        f"certificate {position} of the file did not sign the one before it (leaf first, then"
        " intermediates)"
        for position, (child, parent) in enumerate(pairwise(chain), start=2)
        if not _signed(child, parent)
    ]


def _signed(child: x509.Certificate, parent: x509.Certificate) -> bool:
    try:
        child.verify_directly_issued_by(parent)
    except Exception:  # each algorithm raises its own
        return False
    return True
