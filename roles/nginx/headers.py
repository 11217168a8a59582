"""The headers that tell browsers how little they may do."""

from pydantic import Field, model_validator
from typing_extensions import Self

from roles.core.model import Section

from .patterns import HeaderValue

HSTS_PRELOAD_SECONDS = 31_536_000  # hstspreload.org asks for a year


class Headers(Section):
    """Security headers of every response. An empty value sends none.

    What the application sends itself wins, where it knows better than one rule for all its pages:
    everything but Strict-Transport-Security and X-Content-Type-Options.
    """

    hsts_seconds: int = Field(
        63_072_000,
        ge=0,
        le=315_360_000,
        description="How long browsers refuse to come by plain HTTP, seconds. Two years, as"
        " Mozilla recommends; it can't be taken back before. 0: none.",
    )
    hsts_subdomains: bool = Field(
        False, description="HSTS for every name below the domain too. Only if all speak HTTPS."
    )
    hsts_preload: bool = Field(
        False,
        description="Consent to be built into browsers (hstspreload.org). Needs hsts_subdomains and"
        " a year or more; takes months to undo.",
    )
    content_security_policy: HeaderValue = Field(
        "lenient",
        description="What pages may load and run. lenient: what ordinary server-rendered pages do;"
        " browsers report to the host what strict would refuse, and `readyhost-csp` there shows it."
        " strict: nothing inline, nothing from elsewhere. Or a policy of your own. What the"
        " application's own responses carry replaces it.",
    )
    frame_options: HeaderValue = Field(
        "DENY", description="Who may show pages in a frame, for browsers without frame-ancestors."
    )
    referrer_policy: HeaderValue = Field(
        "strict-origin-when-cross-origin",
        description="What other sites learn of the page a visitor comes from: its origin only.",
    )
    permissions_policy: HeaderValue = Field(
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(),"
        " magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
        description="Which of a browser's devices pages may ask for: none.",
    )
    cross_origin_opener_policy: HeaderValue = Field(
        "same-origin",
        description="Whether pages share a window with other sites' pages. Logins through another"
        " site's pop-up need same-origin-allow-popups.",
    )
    cross_origin_resource_policy: HeaderValue = Field(
        "same-site",
        description="Which sites may embed responses. same-site: names below the same domain.",
    )

    @model_validator(mode="after")
    def _preload_is_whole(self) -> Self:
        if self.hsts_preload and not (
            self.hsts_subdomains and self.hsts_seconds >= HSTS_PRELOAD_SECONDS
        ):
            raise ValueError(
                "hsts_preload needs hsts_subdomains = true and"
                f" hsts_seconds of {HSTS_PRELOAD_SECONDS} or more"
            )
        return self


def hsts(headers: Headers) -> str:
    """The value of Strict-Transport-Security, empty for none."""
    if not headers.hsts_seconds:
        return ""
    parts = [f"max-age={headers.hsts_seconds}"]
    parts += ["includeSubDomains"] if headers.hsts_subdomains else []
    parts += ["preload"] if headers.hsts_preload else []
    return "; ".join(parts)


def own_or_default(headers: Headers) -> dict[str, str]:
    """Headers that the application may set itself, by name, with the value for when it does not.

    Content-Security-Policy is one more, whose value depends on the place.
    """
    values = {
        "X-Frame-Options": headers.frame_options,
        "Referrer-Policy": headers.referrer_policy,
        "Permissions-Policy": headers.permissions_policy,
        "Cross-Origin-Opener-Policy": headers.cross_origin_opener_policy,
        "Cross-Origin-Resource-Policy": headers.cross_origin_resource_policy,
    }
    return {name: value for name, value in values.items() if value}
