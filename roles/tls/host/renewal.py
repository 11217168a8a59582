"""What is done about the certificate: nothing, the authority is asked, or a new one put to use."""

from __future__ import annotations

import time

from . import activation, authority, names, process, record
from .certificate import Certificate, misfits, read
from .configuration import Configuration
from .errors import CertificateError

SERVICE = "certificate.service"
HOUR = 3600  # seconds
LOOKS = 3  # chances that a renewal must have


def is_right(wanted: Configuration) -> bool:
    """Whether the wanted certificate is in use and its renewal works. Asks nobody."""
    found = activation.current()
    return (
        not misfits(found, wanted)
        and found == read(wanted.obtained)
        and not record.last().reason
        and not too_seldom(wanted, found)
        and found is not None
        and time.time() < found.overdue
        and process.attempt(["systemctl", "is-failed", "-q", SERVICE]).returncode != 0
    )


def bring(wanted: Configuration, *, scheduled: bool) -> str:
    """Have the wanted certificate in use; out: what was done.

    A certificate that fits is not asked for again; when it is `scheduled`, or the last attempt
    failed, it is renewed if it is due. Raises CertificateError, and the former certificate serves
    on; how it ended is noted for the next run.
    """
    with record.alone():
        try:
            said = _bring(wanted, scheduled or bool(record.last().reason))
        except CertificateError as error:
            record.write(str(error))
            raise
        record.write("")
        return said


def _bring(wanted: Configuration, renewing: bool) -> str:
    kept = read(wanted.obtained)
    said = []
    if reasons := misfits(kept, wanted):
        _lead_here(wanted)
        authority.ask(wanted, now=True)
        said.append(f"obtained a certificate: {'; '.join(reasons)}")
    elif kept:
        said += _renewed(wanted, kept, renewing)
    certificate = read(wanted.obtained)
    if certificate is None or (reasons := misfits(certificate, wanted)):
        raise CertificateError(f"what the authority issued is not what was asked: {reasons}")
    if activation.current() != certificate:
        activation.put(wanted, certificate)
        said.append(f"{wanted.unit} serves the certificate {certificate.serial}")
    if reason := too_seldom(wanted, certificate):
        raise CertificateError(reason)
    return "\n".join(said) or "the certificate is as wanted and not due"


def _renewed(wanted: Configuration, kept: Certificate, renewing: bool) -> list[str]:
    """Renew `kept` if it is due; out: what there is to say."""
    now = time.time()
    due = now >= kept.due
    if not (due or (renewing and wanted.ari)):
        return []
    failures = [] if wanted.dns or not wanted.probe else names.failures(wanted.names)
    if failures and not due:
        return ["when renewal is due the authority would not reach this host:", *failures]
    if failures:
        raise unreachable(failures)
    authority.ask(wanted, now=due and (not wanted.ari or now >= kept.overdue))
    renewed = read(wanted.obtained)
    return ["renewed the certificate"] if renewed != kept else []


def _lead_here(wanted: Configuration) -> None:
    if wanted.probe and not wanted.dns and (found := names.failures(wanted.names)):
        raise unreachable(found)


def unreachable(failures: list[str]) -> CertificateError:
    """The names that do not lead here, and that nobody was asked."""
    headline = "the authority was not asked, since not every name leads to this host:"
    return CertificateError("\n".join([headline, *(f"  {line}" for line in failures)]))


def too_seldom(wanted: Configuration, certificate: Certificate | None) -> str:
    """Why the timer can't keep up with the authority's lifetimes; empty when it can."""
    if certificate is None:
        return ""
    left = certificate.end - certificate.due
    if left >= LOOKS * wanted.renew_hours * HOUR:
        return ""
    most = max(1, int(left / HOUR / LOOKS))
    life = (certificate.end - certificate.begin) / HOUR
    return (
        f"this authority's certificates live {life:.0f} h, and every {wanted.renew_hours} h is too"
        f" seldom to look whether renewal is due: set tls.acme.renew_hours = {most}"
    )
