"""Content-Security-Policy: what is in force, what is only reported, and where reports go."""

from __future__ import annotations

from dataclasses import dataclass

STRICT = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self';"
    " form-action 'self'; frame-ancestors 'none'"
)
"""Nothing inline, nothing from elsewhere."""

LENIENT = (
    "default-src 'self' https: data: blob: 'unsafe-inline' 'unsafe-eval';"
    " connect-src 'self' https: wss:; object-src 'none'; base-uri 'self';"
    " form-action 'self' https:; frame-ancestors 'none'"
)
"""What pages of ordinary server-rendered applications do, over HTTPS: inline scripts and styles,
others' scripts, fonts and pictures, a payment's form. No plug-ins, and nobody's frame around them.
"""

WORDS = {"strict": STRICT, "lenient": LENIENT}
"""What a setting may say instead of a whole policy."""

REPORTS = "/.well-known/csp-report"
"""The path to which browsers report what a policy refused, or would."""

TARGET = "/etc/nginx/content-security-policy"
"""The file with the policy that reports are about."""


@dataclass(frozen=True)
class Policy:
    """enforced: what browsers do. reported: what they only report. Empty ones are not sent."""

    enforced: str
    reported: str

    @property
    def target(self) -> str:
        """The policy that reports are about."""
        return self.reported or self.enforced


def policy(setting: str) -> Policy:
    """What the setting means; one that is weaker than the strict one has that one reported."""
    enforced = WORDS.get(setting, setting)
    return Policy(enforced, STRICT if setting == "lenient" else "")


def reporting(value: str) -> str:
    """A policy with the place that its reports go to; empty for none."""
    return f"{value}; report-uri {REPORTS}" if value and "report-uri" not in value else value
