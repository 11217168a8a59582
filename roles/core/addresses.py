"""What an environment calls its domains and its hosts."""

import re
from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])")


def _domain(name: str) -> str:
    if not _DOMAIN.fullmatch(name):
        raise ValueError("must be a domain name in lower case, such as example.com")
    return name


def _address(text: str) -> str:
    try:
        ip_address(text)
    except ValueError:
        if not re.fullmatch(rf"({_LABEL}\.)*{_LABEL}", text, re.IGNORECASE):
            raise ValueError("must be a host name or an IP address") from None
    return text


Domain = Annotated[str, AfterValidator(_domain)]
Address = Annotated[str, AfterValidator(_address)]
