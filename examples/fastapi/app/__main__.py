"""A web process: `python -m app`.

One process, one socket: Nginx balances over the sockets, so no process gets a longer queue than
the others. Uvicorn's own command would do, but for two things: it makes its socket writable for
every user of the host, and it tells the application that it stops only after the last response.
"""

import socket
from pathlib import Path
from types import FrameType

import uvicorn

from app import logs, protocol, settings, web

# Seconds that running requests get after SIGTERM; one less than the 5 s after which a host kills.
GRACE = 4


class Server(uvicorn.Server):
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Event streams never end by themselves; they watch this.
        self.config.app.state.stopping = True
        super().handle_exit(sig, frame)


def listen(config: settings.Settings) -> socket.socket:
    """A bound socket. Its file gets its mode from the umask that the service manager set."""
    if not config.socket:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", config.port))
        return listener
    Path(config.socket).unlink(missing_ok=True)  # left behind by a process that was killed
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(config.socket)
    return listener


def main() -> None:
    config = settings.load()
    logs.configure(config.log_level)
    server = Server(
        uvicorn.Config(
            web.create(config),
            loop="uvloop",
            http=protocol.Protocol,
            ws="websockets-sansio",
            backlog=2048,
            timeout_graceful_shutdown=GRACE,
            # Only Nginx can reach the Unix socket, and it overwrites what a client says of itself.
            forwarded_allow_ips="*" if config.socket else "127.0.0.1",
            access_log=False,  # app.logs writes it, as JSON
            log_config=None,
            server_header=False,
        )
    )
    server.run(sockets=[listen(config)])


if __name__ == "__main__":
    main()
