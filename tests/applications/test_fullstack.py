"""A back end and a front end from one tag, and an application that is only files."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field

import pytest

from tests.host.conftest import DOMAIN
from tests.releases.shop import Shop
from tests.support.client import Server
from vagrant.example import commit, git

from . import fullstack

pytestmark = pytest.mark.timeout(600)

YEAR = "public, max-age=31536000, immutable"
ABOUT = "frontend/src/about.js"
STATIC = {
    "READYHOST_APP__KIND": "static",
    "READYHOST_APP__MOUNTS": '[{"folder": "public"}]',
    # For the tests that come after: else there would be neither.
    "READYHOST_POSTGRES__SOURCE": "local",
    "READYHOST_REDIS__SOURCE": "local",
    # What had processes before would stay for a rollback.
    "READYHOST_APP__WARM_SECONDS": "0",
}


@dataclass
class Tab:
    """What a browser has in an open tab of the first release."""

    page: str
    files: list[str]
    chunks: list[str]
    seen: fullstack.Seen = field(default_factory=fullstack.Seen)


@pytest.fixture(scope="module")
def first(servers: Shop) -> Tab:
    """The first release, and a tab that is open in it."""
    fullstack.release(servers, "v20.0.0", {})
    page = servers.https("/").text
    files = fullstack.scripts(page)
    script = next(name for name in files if name.endswith(".js"))
    return Tab(page, files, fullstack.chunks(servers, script))


@pytest.fixture(scope="module")
def second(servers: Shop, first: Tab) -> Tab:
    """The tab, when another release is live."""
    text = (fullstack.EXAMPLE / ABOUT).read_text().replace("A back end", "Another back end")
    with fullstack.watched(servers) as first.seen:
        fullstack.release(servers, "v20.1.0", {ABOUT: text})
    return first


def test_WEB_16_the_page_and_its_deep_links(servers: Shop, first: Tab) -> None:
    for path in ("/", "/about", "/deep/link"):
        answer = servers.https(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache"), path
        assert answer.text == first.page
    assert servers.https("/api/greeting").json()["release"] == "v20.0.0"
    assert servers.https("/health").json() == {"status": "ok"}


def test_WEB_16_files_with_a_hash_are_kept_for_a_year(servers: Shop, first: Tab) -> None:
    assert len(first.files) == 2
    assert len(first.chunks) == 3
    for name in [*first.files, *first.chunks]:
        answer = servers.https(name)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, YEAR), name


def test_WEB_16_what_is_no_file_is_404_and_not_the_page(servers: Shop, first: Tab) -> None:
    for path in ("/assets/index-00000000.js", "/nothing.css", "/.env", "/assets/.hidden"):
        answer = servers.https(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store"), path
        assert "Loading" not in answer.text
    assert servers.https("/api/nothing").json() == {"detail": "Not Found"}


def test_WEB_16_it_was_compressed_when_it_was_built(servers: Shop, first: Tab) -> None:
    script = next(name for name in first.files if name.endswith(".js"))
    made = servers.ssh(f"stat -c '%U %a' /srv/app/current/frontend/dist{script}.gz")
    assert made == "root 644"
    answer = Server(DOMAIN, servers.ip).ask(script, headers={"Accept-Encoding": "gzip"})
    size = int(servers.ssh(f"stat -c %s /srv/app/current/frontend/dist{script}.gz"))
    assert (answer.header("content-encoding"), len(answer.body)) == ("gzip", size)
    assert gzip.decompress(answer.body).decode() == servers.https(script).text


def test_APP_14_only_the_output_of_a_front_end_is_kept(servers: Shop, first: Tab) -> None:
    assert servers.ssh("ls -A /srv/app/current/frontend") == "dist"
    assert servers.ssh("find /srv/app/current/ -name node_modules") == ""


def test_APP_14_both_parts_go_live_in_one_instant(servers: Shop, second: Tab) -> None:
    assert second.seen.failures == []
    assert second.seen.between() < 0.5
    assert servers.https("/api/greeting").json()["release"] == "v20.1.0"


def test_WEB_16_an_open_tab_finds_its_chunks_after_a_release(servers: Shop, second: Tab) -> None:
    now = servers.https("/").text
    assert now != second.page
    old = [name for name in second.chunks if "about" in name]
    assert old
    assert old[0] not in servers.ssh("ls /srv/app/current/frontend/dist/assets")
    for name in [*second.files, *second.chunks]:
        answer = servers.https(name)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, YEAR), name


def test_APP_14_both_parts_go_back_together(servers: Shop, second: Tab) -> None:
    with fullstack.watched(servers) as seen:
        servers.pyinfra("-y", deploy="rollback.py", values=fullstack.values())
    assert seen.failures == []
    assert seen.between() < 0.5
    assert servers.https("/").text == second.page
    assert servers.https("/api/greeting").json()["release"] == "v20.0.0"


def files(box: Shop, tag: str, word: str) -> None:
    """A release that is only files, live."""
    git(box.repository, "rm", "-rq", "--ignore-unmatch", ".")
    about = box.repository / "public" / "about"
    about.mkdir(parents=True)
    (about / "index.html").write_text(f"about {word}")
    (about.parent / "index.html").write_text(f"<h1>{word}</h1>")
    (about.parent / f"{word}.0123abcd.css").write_text(f"/* {word} */")
    (box.repository / "secret.txt").write_text("not served")
    commit(box.repository, tag)
    box.pyinfra("-y", "--data", f"tag={tag}", values=STATIC)


def test_APP_14_what_is_only_files_is_released_and_rolled_back(servers: Shop) -> None:
    files(servers, "v30.0.0", "first")
    assert servers.https("/").text == "<h1>first</h1>"
    assert servers.https("/about/").text == "about first"
    assert servers.https("/about").headers["location"].endswith("/about/")
    assert servers.https("/secret.txt").status_code == 404
    assert servers.ssh("systemctl list-units --no-legend --plain 'app-*-*@*'") == ""
    assert "nothing of app runs" in servers.ssh("app-command status")

    files(servers, "v30.1.0", "second")
    assert servers.https("/").text == "<h1>second</h1>"
    assert servers.https("/first.0123abcd.css").headers["cache-control"] == YEAR
    again = servers.pyinfra("-y", "--data", "tag=v30.1.0", values=STATIC).stdout
    assert "v30.1.0 is live" in again

    servers.pyinfra("-y", deploy="rollback.py", values=STATIC)
    assert servers.https("/").text == "<h1>first</h1>"
