"""Static files and uploads: Nginx's own, and nothing else is."""

from __future__ import annotations

from tests.host.conftest import DOMAIN, Host
from tests.support.client import Server

from .asked import logged, upload


def test_WEB_06_static_files_are_nginxs_own(box: Host, web: Server, stylesheet: str) -> None:
    answer = web.ask(stylesheet)
    assert answer.status == 200
    assert answer.header("cache-control").startswith("public, max-age=2592000")
    assert answer.header("content-type").startswith("text/css")
    missing = web.ask("/static/none.css")
    assert (missing.status, missing.header("cache-control")) == (404, "no-store")
    ids = [one.header("x-request-id") for one in (answer, missing)]
    assert [entry["upstream"] for entry in logged(box, *ids)] == ["", ""]
    again = web.ask(stylesheet, headers={"If-None-Match": answer.header("etag")})
    assert (again.status, again.body) == (304, b"")


def test_WEB_06_uploads_are_nginxs_own_and_never_run(box: Host, web: Server) -> None:
    picture = upload(web, "photo.png", b"\x89PNG")
    assert picture.status == 201, picture.body
    shown = web.ask(picture.json()["url"])
    assert (shown.status, shown.body) == (200, b"\x89PNG")
    assert shown.header("cache-control") == "public, max-age=2592000"
    page = upload(web, "page.html", b"<script>alert(1)</script>")
    saved = web.ask(page.json()["url"])
    assert saved.header("content-disposition") == "attachment"
    assert "sandbox" in saved.header("content-security-policy")
    ids = [one.header("x-request-id") for one in (shown, saved)]
    assert [entry["upstream"] for entry in logged(box, *ids)] == ["", ""]


def test_WEB_06_uploads_lead_nowhere_else(box: Host, web: Server) -> None:
    uploads = box.ssh("echo /srv/*/uploads")
    box.ssh(f"ln -s /etc/hostname {uploads}/link.txt; ln -s /etc {uploads}/link")
    try:
        assert web.ask("/uploads/link.txt").status in (403, 404)
        assert web.ask("/uploads/link/passwd").status in (403, 404)
        for path in ("/uploads/../current/Procfile", "/uploads../current/Procfile"):
            assert b"web:" not in web.raw(
                f"GET {path} HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: close\r\n\r\n".encode()
            )
    finally:
        box.ssh(f"rm {uploads}/link.txt {uploads}/link")
