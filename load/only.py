"""No scenario leads anywhere but to the host that it is for: names are not asked of DNS."""

from __future__ import annotations

import socket
from collections.abc import Collection
from typing import Any


class Elsewhere(OSError):
    """A request that was not made."""


def only(names: Collection[str], address: str, module: Any = socket) -> None:
    """From here on `names` are `address` for this process, and nothing else can be reached."""
    real = module.getaddrinfo
    known = {name.lower() for name in names} | {address}
    numbers = {each[4][0] for each in real(address, 443, 0, socket.SOCK_STREAM)}

    def getaddrinfo(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name.lower().rstrip(".") not in known | numbers:
            raise Elsewhere(f"{name} is not this inventory's: nothing was sent to it")
        return real(address, port, *more, **named)

    class Socket(module.socket):
        def connect(self, where: Any) -> Any:
            self._allowed(where)
            return super().connect(where)

        def connect_ex(self, where: Any) -> Any:
            self._allowed(where)
            return super().connect_ex(where)

        def _allowed(self, where: Any) -> None:
            internet = self.family in (socket.AF_INET, socket.AF_INET6)
            if internet and where[0] not in numbers:
                raise Elsewhere(f"{where[0]} is not this inventory's: nothing was sent to it")

    module.getaddrinfo = getaddrinfo
    module.socket = Socket
