"""Requests that nobody sends by accident, byte by byte, and how each has to be answered.

TOKEN stands for a path that is this attack's alone: what is below it in the application's log came
from here. `passes` says whether the attack itself, as Nginx understood it, may get there; what it
carries within (SMUGGLED) never may, unless Nginx counted it as a request of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

DOMAIN = "shop.example"
CLOSED = 0  # the connection ends without a word
HOST = f"Host: {DOMAIN}\r\n"
SMUGGLED = f"GET /TOKEN/smuggled HTTP/1.1\r\n{HOST}\r\n"
MB = 2**20


@dataclass(frozen=True)
class Attack:
    name: str
    data: str
    statuses: tuple[int, ...]
    passes: bool = False

    def bytes(self, token: str) -> bytes:
        """What is sent, with `token` (20 characters) in place."""
        return self.data.replace("TOKEN", token).encode("latin-1")


def get(
    path: str = "/TOKEN", extra: str = "", *, host: str = HOST, method: str = "GET",
    version: str = "HTTP/1.1", body: str = "",
) -> str:  # fmt: skip
    return f"{method} {path} {version}\r\n{host}{extra}\r\n{body}"


def post(lengths: str, body: str, version: str = "HTTP/1.1") -> str:
    return f"POST /TOKEN {version}\r\n{HOST}{lengths}\r\n{body}"


def chunks(text: str) -> str:
    return f"{sized(text):x}\r\n{text}\r\n0\r\n\r\n"


def sized(text: str) -> int:
    """Its bytes when the token, of 20 characters, is in place."""
    return len(text) + 15 * text.count("TOKEN")


CHUNKED = "Transfer-Encoding: chunked\r\n"

HEADS = (
    Attack("a line of 9 KiB", get(extra="X-A: " + "a" * 9000 + "\r\n"), (400,)),
    Attack("40 KiB of lines", get(extra=("X-A: " + "a" * 4000 + "\r\n") * 10), (400,)),
    Attack("10000 lines", get(extra="X: a\r\n" * 10_000), (400,)),
    Attack("a URL of 9 KiB", get("/TOKEN" + "a" * 9000), (414,)),
    Attack("a body of 51 MB", post(f"Content-Length: {51 * MB}\r\n", ""), (413,)),
    Attack("a chunk of 51 MB", post(CHUNKED, f"{51 * MB:x}\r\nx"), (413,)),
    Attack("TRACE", get(method="TRACE"), (405,)),
    Attack("CONNECT", f"CONNECT {DOMAIN}:443 HTTP/1.1\r\n{HOST}\r\n", (400, 405)),
    Attack("an unknown method", get(method="PROPFIND"), (405,)),
    Attack("a method in lower case", get(method="get"), (400,)),
    Attack("a long method", get(method="A" * 5000), (400, 405)),
    Attack("HTTP/2.0 in words", get(version="HTTP/2.0"), (505,)),
    Attack("HTTP/1.1x", get(version="HTTP/1.1x"), (400,)),
    Attack("HTTP/0.9", "GET /TOKEN\r\n", (CLOSED,)),
    Attack("a NUL in a header", get(extra="X-A: a\0b\r\n"), (400,)),
    Attack("a bare CR in a header", get(extra="X-A: a\rX-B: c\r\n"), (400,)),
    Attack("no Host", get(host=""), (400,)),
    Attack("two Hosts", get(host=HOST + "Host: evil.test\r\n"), (400,)),
    Attack("another Host", get(host="Host: evil.test\r\n"), (CLOSED,)),
    Attack("a Host with a user", get(host=f"Host: {DOMAIN}@evil.test\r\n"), (CLOSED, 400)),
    Attack("a Host with a path", get(host=f"Host: {DOMAIN}/evil\r\n"), (400,)),
    Attack("a Host with a blank", get(host=f"Host: {DOMAIN} evil.test\r\n"), (CLOSED, 400)),
    Attack("two names in a Host", get(host=f"Host: {DOMAIN},evil.test\r\n"), (CLOSED, 400)),
    Attack("a NUL in Host", get(host=f"Host: {DOMAIN}\0.evil.test\r\n"), (400,)),
    Attack("a blank before the colon", get(host=f"Host : {DOMAIN}\r\n"), (400,)),
    Attack("a foreign URL", get("http://evil.test/TOKEN"), (CLOSED,)),
    Attack(
        "a folded Host", get(host=HOST.rstrip() + "\r\n .evil.test\r\n"), (400, 404), passes=True
    ),
    Attack("own URL", get(f"https://{DOMAIN}/TOKEN", host="Host: evil.test\r\n"), (404,), True),
    Attack("a packed body", post("Content-Encoding: gzip\r\nContent-Length: 1\r\n", "x"), (415,)),
    Attack("twice", post("Content-Encoding: br,gzip\r\nContent-Length: 1\r\n", "x"), (415,)),
    Attack("packed in x", post("Content-Encoding: gzip, x\r\nContent-Length: 1\r\n", "x"), (415,)),
)  # fmt: skip

PATHS = (
    *(
        Attack(path, get(path), (400,))
        for path in (
            "/../TOKEN", "/TOKEN/../../../etc/passwd", "/%2e%2e/TOKEN",
            "/static/%2e%2e/%2e%2e/TOKEN", "/TOKEN%00", "/TOKEN\0", "/TOKEN%zz", "/TOKEN%u002e",
            "/TOKEN evil", "/TOKEN\x01",
            "/TOKEN\x7f", "/TOKEN#/x", "/TOKEN HTTP/1.1\tx", "*", "TOKEN",
        )
    ),
    *(
        Attack(path, get(path), (404,))
        for path in (
            "/static/../docs", "/static/..%2fdocs", "/static/..%5cProcfile",
            "/uploads/x/..%2f..%2fdocs", "/static//a/../../docs",
            "/docs", "//docs", "///docs//", "/./docs", "/x/../docs", "/%64ocs", "/docs/x",
            "/docs;x", "/DOCS", "/docs%2f", "/docs?x", "/docs.", "/docs%20",
            "/docs.json", "/;x/docs",
            "/docs/..", "/docs/%2e%2e/TOKEN", "/docs/..;/TOKEN", "/TOKEN/./x",
            "/%20docs", "/docs%5c",
            "/.git/config", "/%2egit/config",
            "/static/.env",
            "/.env", "/TOKEN/.env", "/.error/404.html", "/static/%252e%252e/Procfile",
        )
    ),
)  # fmt: skip

# Names like any other, so the application may say that it has no such page.
PATHS += tuple(
    Attack(path, get(path), (404,), passes=True)
    for path in ("/static../Procfile", "/uploads../current/Procfile", "/%252e%252e/Procfile")
)

HIDDEN = f"GET /docs HTTP/1.1\r\n{HOST}\r\n"
SMUGGLING = (
    Attack(
        "CL.TE",
        post(f"Content-Length: {5 + sized(SMUGGLED)}\r\n{CHUNKED}", "0\r\n\r\n" + SMUGGLED),
        (400,),
    ),
    Attack("TE.CL", post(f"{CHUNKED}Content-Length: 4\r\n", chunks(SMUGGLED)), (400,)),
    Attack(
        "CL.CL",
        post(f"Content-Length: 0\r\nContent-Length: {sized(SMUGGLED)}\r\n", SMUGGLED),
        (400,),
    ),
    Attack("the same twice", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), (400,)),
    *(
        Attack(f"Content-Length: {value}", post(f"Content-Length: {value}\r\n", SMUGGLED), (400,))
        for value in ("3, 3", "+3", "-1", "0x3", "3 3", "9" * 30, "", "3;3", "\x0b3")
    ),
    *(
        Attack(
            f"Transfer-Encoding:{value!r}",
            post(f"Content-Length: 4\r\nTransfer-Encoding:{value}\r\n", chunks(SMUGGLED)),
            (400, 501),
        )
        for value in (
            " xchunked", "\tchunked", " \x0bchunked", " chunked, identity", " gzip, chunked",
            ' "chunked"', "\r\n chunked", " cHuNkEd", " chunked\0",
        )
    ),
    *(
        Attack(
            f"{name} twice",
            post(f"Transfer-Encoding: {name}\r\n{CHUNKED}Content-Length: 4\r\n", chunks(SMUGGLED)),
            (400, 501),
        )
        for name in ("chunked", "identity", "x")
    ),
    Attack("chunks in HTTP/1.0", post(CHUNKED, "0\r\n\r\n" + SMUGGLED, "HTTP/1.0"), (400,)),
    *(
        Attack(f"chunk {line!r}", post(CHUNKED, f"{line}\r\nabc\r\n0\r\n\r\n" + SMUGGLED), (400,))
        for line in ("0x3", "-3", "+3", " 3 3", "g", "f" * 16 + "1", "3\n", "2")
    ),
    # Nginx takes the first line for what it is, and the rest for the requests that it holds.
    Attack(
        "a blank before TE's colon",
        post("Content-Length: 4\r\nTransfer-Encoding : chunked\r\n", chunks(HIDDEN)),
        (400, 404),
        passes=True,
    ),
    Attack(
        "TE with an underscore",
        post(
            f"Content-Length: {5 + sized(SMUGGLED)}\r\nTransfer_Encoding: chunked\r\n",
            "0\r\n\r\n" + SMUGGLED,
        ),
        (400, 404, 405),
        passes=True,
    ),
    Attack(
        "a GET with a body",
        get(extra=f"Content-Length: {sized(SMUGGLED)}\r\n", body=SMUGGLED),
        (404,),
        passes=True,
    ),
    Attack(
        "a trailer",
        post(CHUNKED, "3\r\nabc\r\n0\r\nX-Real-IP: 6.6.6.6\r\nContent-Length: 9\r\n\r\n"),
        (404, 405),
        passes=True,
    ),
)  # fmt: skip
