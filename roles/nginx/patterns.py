"""Words that end up in Nginx's configuration, and so may not end a directive or name a variable."""

from typing import Annotated

from pydantic import StringConstraints

UrlPath = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9_~./-]*$", max_length=200)]
"""An absolute path of URLs, without escapes."""

HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]*$", max_length=64)]

HeaderValue = Annotated[str, StringConstraints(pattern=r'^[^"\\$\x00-\x1f\x7f]*$', max_length=4096)]
"""A header's value as it is sent, without quotes, backslashes and dollar signs."""

OriginPattern = Annotated[
    str,
    StringConstraints(
        pattern=r"^https?://(\*\.[a-z0-9-]+\.)?[a-z0-9.-]+(:[0-9]{1,5})?$", max_length=300
    ),
]
"""Scheme, host and port as a browser sends them in `Origin`, or those of all names one step below:
`https://*.preview.example.org`."""

MediaType = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]+$", max_length=127)]

Method = Annotated[str, StringConstraints(pattern=r"^[A-Z]+$", max_length=20)]


def variable(header: str) -> str:
    """Nginx's variable for a request's header: `Accept-Language` is `$http_accept_language`."""
    return "$http_" + header.lower().replace("-", "_")
