"""Releases that go wrong, each in its own way, as changes of the example that a team may make."""

from __future__ import annotations

from .shop import Shop

Files = dict[str, str]

# Five seconds after its start it takes 50 MB a second, on top of what it does.
LEAK = {
    "fastapi": """
import runpy, threading, time

kept = []

def leak():
    time.sleep(5)
    while True:
        kept.append(b"x" * 5_000_000)
        time.sleep(0.1)

threading.Thread(target=leak, daemon=True).start()
runpy.run_module("app", run_name="__main__")
""",
    "express": """
const kept = [];
const leak = () => setInterval(() => kept.push(Buffer.alloc(5_000_000, 1)), 100);
setTimeout(leak, 5000);
await import("./src/server.js");
""",
}


def own(shop: Shop, process: str) -> str:
    """The example's own command of a process."""
    lines = dict(line.split(": ", 1) for line in shop.text("Procfile").splitlines() if ": " in line)
    return lines[process]


def changed(shop: Shop, path: str, text: str, by: str) -> Files:
    """A file of the example with one text in place of another that it must have."""
    before = shop.text(path)
    assert text in before, f"{path} has no {text!r}"
    return {path: before.replace(text, by)}


def does_not_build(shop: Shop) -> Files:
    if shop.example == "fastapi":
        return {"app/broken.py": "def (\n"}
    return {"src/build.js": 'throw new SyntaxError("invalid syntax");\n'}


def fails_its_migration(shop: Shop) -> Files:
    return {"migrations/0099_wrong.sql": "SELECT no_such_function();\n"}


def has_no_such_program(shop: Shop) -> Files:
    return shop.procfile(web="no-such-server --workers 2")


def does_not_start(shop: Shop) -> Files:
    return shop.procfile(web="sh -c 'echo no configuration >&2; exit 3'")


def answers_500(shop: Shop) -> Files:
    if shop.example == "fastapi":
        return changed(shop, "app/health.py", "200 if healthy else 503", "500")
    return changed(shop, "src/health.js", "healthy ? 200 : 503", "500")


def answers_500_but_is_healthy(shop: Shop) -> Files:
    if shop.example == "fastapi":
        return changed(
            shop, "app/health.py", "JSONResponse(body, headers=FRESH)", "JSONResponse(body, 500)"
        )
    return changed(
        shop, "src/health.js", '"/version", (request, response) => {\n    response',
        '"/version", (request, response) => {\n    response.status(500)',
    )  # fmt: skip


def dies_after_10_s(shop: Shop) -> Files:
    """Of answering, by a signal of its own: however long a busy machine takes to start it."""
    answering = "until [ -S $SOCKET ]; do sleep 0.1; done"
    return shop.procfile(web=f"sh -c '{own(shop, 'web')} & {answering}; sleep 10; kill -BUS $$'")


def leaks_memory(shop: Shop) -> Files:
    if shop.example == "fastapi":
        return {**shop.procfile(web="python leak.py"), "leak.py": LEAK["fastapi"]}
    return {**shop.procfile(web="node leak.mjs"), "leak.mjs": LEAK["express"]}
