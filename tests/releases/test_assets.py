"""What Nginx serves by itself is part of a release: switched with it, proven, and there for pages
that were loaded before (WEB-14)."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256

import httpx
import pytest

from roles.app.host.page import named
from tests.host.conftest import DOMAIN

from .going_back import rollback
from .shop import Shop

# As many by LOADS=10000, which take switch after switch for many minutes.
LOADS = int(os.environ.get("LOADS", "0"))
NAME = {"extensions": {"sni_hostname": DOMAIN}}


def page(shop: Shop, text: str) -> dict[str, str]:
    """Files of a tag whose page has a script, or a style, with a hash in its name."""
    if shop.example == "express":  # its build gives each style such a name
        style = shop.text("assets/style.css")
        return {"assets/style.css": f"{style}/* {text} */\n"}
    name = f"app.{sha256(text.encode()).hexdigest()[:12]}.js"
    html = shop.text("app/index.html")
    script = f'<script src="/static/{name}"></script>\n</head>'
    return {"app/index.html": html.replace("</head>", script), f"static/{name}": f"// {text}\n"}


@dataclass
class Tabs:
    """Pages that were loaded, and what became of the files that they name, then and later."""

    names: set[str] = field(default_factory=set)
    loads: int = 0
    failed: list[str] = field(default_factory=list)
    again: int = 0

    def get(self, client: httpx.Client, path: str) -> str:
        """Ask; as browsers do, once more when a connection that was open had been closed. Nginx
        closes idle ones when it is reloaded."""
        try:
            answer = client.get(path, **NAME)  # type: ignore[arg-type]
        except httpx.RemoteProtocolError:
            self.again += 1
            answer = client.get(path, **NAME)  # type: ignore[arg-type]
        if answer.status_code != 200:
            self.failed.append(f"{path}: {answer.status_code}")
        return answer.text

    def load(self, client: httpx.Client) -> None:
        """A page with its files, then the files of all pages that are still open."""
        found = named(self.get(client, "/"), "/", DOMAIN)
        for path in {*found, *self.names}:
            self.get(client, path)
        self.names.update(found)
        self.loads += 1


@contextmanager
def open_tabs(shop: Shop, clients: int = 3) -> Iterator[Tabs]:
    tabs, done = Tabs(), threading.Event()

    def browse() -> None:
        with shop.client() as client:
            while not done.is_set():
                try:
                    tabs.load(client)
                except httpx.HTTPError as error:
                    tabs.failed.append(repr(error))

    threads = [threading.Thread(target=browse) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield tabs
    finally:
        done.set()
        for thread in threads:
            thread.join()


@pytest.mark.timeout(max(600, LOADS))
def test_WEB_14_open_pages_keep_their_files_over_deploys_and_rollbacks(shop: Shop) -> None:
    first, second = (shop.tag(page(shop, text)) for text in ("one", "two"))
    pid = shop.ssh("cat /run/nginx.pid; pgrep -f '[n]ginx: worker process'")
    with open_tabs(shop) as tabs:
        shop.deploy(first)
        shop.deploy(second)
        rollback(shop)
        assert shop.serves() == first
        while tabs.loads < LOADS:
            shop.deploy(shop.tag(page(shop, str(tabs.loads))))
            rollback(shop)
    assert (tabs.failed, tabs.again) == ([], 0), tabs.loads
    assert len(tabs.names) >= 3, tabs.names
    assert tabs.loads > 300, tabs.loads
    print("loads:", tabs.loads, "files:", sorted(tabs.names))
    assert shop.ssh("cat /run/nginx.pid; pgrep -f '[n]ginx: worker process'") == pid, "a reload"
    unknown = shop.https("/static/app.000000000000.js")
    assert (unknown.status_code, unknown.headers["cache-control"]) == (404, "no-store")


@pytest.mark.timeout(600)
def test_WEB_14_a_release_whose_page_lacks_its_files_takes_no_traffic(shop: Shop) -> None:
    before = shop.serves()
    with open_tabs(shop, 1) as tabs:
        index = "app/index.html" if shop.example == "fastapi" else "src/index.html"
        html = shop.text(index).replace("</head>", '<script src="/static/gone.js"></script></head>')
        run = shop.deploy(shop.tag({index: html}), check=False)
        assert run.returncode != 0
        assert "the page / names /static/gone.js" in run.stdout
        assert "app.health.page" in run.stdout
        # The same release, another setting: what Nginx serves does not change before the rest.
        # Nginx is reloaded for it, as for any setting of the site.
        run = shop.deploy(before, check=False, READYHOST_APP__STATIC="nowhere")
        assert run.returncode != 0
        assert "no folder 'nowhere'" in run.stdout
        assert shop.serves() == before
    assert tabs.failed == [], tabs.loads
    assert tabs.loads > 50
    shop.deploy(before)
    assert shop.https(sorted(tabs.names)[0]).status_code == 200
