"""What goes wrong with a certificate, in words that say what to do."""

from __future__ import annotations

from roles.core.host import errors


class CertificateError(errors.HostError):
    """It was not obtained or not put to use, and why. Lines for the operator."""


# What certbot says, and what to do about it; the first that is found.
ADVICE = (
    (
        r"rateLimited|too many (certificates|failed|registrations|new orders|requests)",
        "a rate limit of the authority: nothing is gained by more attempts before the time that it"
        " names (docs/certificates.md); try out with tls.acme.staging = true",
    ),
    (
        r"caa",
        "a CAA record in the DNS forbids this authority: allow it there, or choose another one",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed|SSLCertVerificationError",
        "the directory's own certificate is not trusted: a private authority needs"
        " tls.acme.ca_file; otherwise something between here and there intercepts TLS",
    ),
    (
        r"externalAccount|EAB|account.*(not exist|unauthorized)",
        "the authority wants an account that it knows: tls.acme.external_account_id and _key",
    ),
    (
        r"connection refused|ConnectionError|max retries|timed? ?out|Name or service not known"
        r"|temporary failure in name resolution|NewConnectionError|\b50[0-9]\b|serverInternal",
        "the authority does not answer: the timer asks again, and so does the next run",
    ),
    (
        r"plug-?in|authenticator",
        "the plug-in for the DNS did not do its work: check tls.acme.dns and the credentials",
    ),
)


def advised(said: str) -> str:
    """What was said, and the advice for the first known reason in it."""
    return errors.advised(said, ADVICE)
