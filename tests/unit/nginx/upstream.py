"""An application that answers what it is told to: what Nginx does with it is what is tested.

`/answer?status=…&header=Name:value&text=…&times=…` is the answer itself, `/slow?seconds=…` a late
one, `/gone` none at all; `/ws…` echoes WebSocket frames, `/events` sends an event every 50 ms.
Anything else, the request as it arrived, as JSON. Run as a program it takes the socket's path.
"""

import asyncio
import base64
import contextlib
import hashlib
import json
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

WEBSOCKET_KEY = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455


class Upstream:
    """A server on a Unix socket; `seen` holds the requests that reached it, `begun` the targets of
    those whose body may still be on its way."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self.seen: list[dict] = []
        self.begun: list[str] = []

    async def serve(self) -> None:
        self.socket.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._answer, self.socket, backlog=2048)
        self.socket.chmod(0o666)
        async with server:
            await server.serve_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError
        with contextlib.suppress(*ends):
            request = await self._request(reader)
            self.seen.append(request)
            await self._route(request, reader, writer)
            await writer.drain()
        writer.close()

    async def _request(self, reader: asyncio.StreamReader) -> dict:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        self.begun.append(target)
        pairs = [line.split(": ", 1) for line in head[1:] if line]
        headers = {name.lower(): value for name, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        url = urlsplit(target)
        return {
            "method": method,
            "target": target,
            "path": url.path,
            "query": parse_qs(url.query),
            "headers": headers,
            "bytes": len(body),
            "socket": self.socket.name,
        }

    async def _route(
        self, request: dict, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        query = request["query"]
        if request["path"] == "/gone":
            return
        if request["path"].endswith("/slow"):
            await asyncio.sleep(float(query["seconds"][0]))
        if request["path"].startswith("/ws") and "upgrade" in request["headers"]:
            await self._echo(request, reader, writer)
        elif request["path"] == "/events":
            await self._events(writer)
        elif request["path"].endswith("/kept"):
            self._send(writer, "200", [["Cache-Control", "public, max-age=600"]], "the site's")
        elif request["path"] == "/answer":
            text = query.get("text", ["ok"])[0] * int(query.get("times", ["1"])[0])
            headers = [header.split(":", 1) for header in query.get("header", [])]
            self._send(writer, query.get("status", ["200"])[0], headers, text)
        else:
            self._send(writer, "200", [["Content-Type", "application/json"]], json.dumps(request))

    @staticmethod
    def _send(
        writer: asyncio.StreamWriter, status: str, headers: list[list[str]], text: str
    ) -> None:
        body = text.encode()
        lines = [f"HTTP/1.1 {status} As told", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)

    @staticmethod
    async def _events(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        for number in range(200):
            writer.write(f"data: {number}\n\n".encode())
            await writer.drain()
            await asyncio.sleep(0.05)

    @staticmethod
    async def _echo(
        request: dict, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        key = request["headers"]["sec-websocket-key"].encode() + WEBSOCKET_KEY
        accept = base64.b64encode(hashlib.sha1(key, usedforsecurity=False).digest()).decode()
        writer.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )
        while True:
            first, second = await reader.readexactly(2)
            length = second & 0x7F  # short frames are enough to see that they pass
            mask = await reader.readexactly(4)
            data = bytes(b ^ mask[i % 4] for i, b in enumerate(await reader.readexactly(length)))
            writer.write(bytes([first, length]) + data)
            if first & 0x0F == 8:  # close
                return


if __name__ == "__main__":
    asyncio.run(Upstream(Path(sys.argv[1])).serve())
