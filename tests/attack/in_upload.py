"""An intruder in an upload: a file that runs in a visitor's browser as the site does.

The application is taken for one that keeps the names that its visitors give.
"""

from __future__ import annotations

from tests.host.conftest import Host
from tests.support.client import Answer, Server

from .attack import NGINX, Outside, edited

SITE, HEADERS = "/etc/nginx/sites-enabled/app.conf", "/etc/nginx/conf.d/headers.conf"
NO_TYPES = r"/^        types \{/,/^        \}/d; /^        default_type application.octet/d"
TYPES = edited(SITE, NO_TYPES, NGINX)
NO_RULES = r"/^    .~\^\/uploads\/. (.default-src|attachment)/d"
RULES = edited(HEADERS, NO_RULES, "true")  # in force with the next one
SNIFFED = edited(HEADERS, "/nosniff/d", NGINX)

SCRIPT = "<script>document.title = document.cookie</script>"
PAGES = {
    "page.html": f"<!doctype html>{SCRIPT}",
    "page.HTM": f"<!doctype html>{SCRIPT}",
    "page.xhtml": f'<html xmlns="http://www.w3.org/1999/xhtml">{SCRIPT}</html>',
    "drawing.svg": f'<svg xmlns="http://www.w3.org/2000/svg">{SCRIPT}</svg>',
    "data.xml": f'<x:x xmlns:x="http://www.w3.org/1999/xhtml"><x:script>1</x:script></x:x>{SCRIPT}',
}
SCRIPTS = {"worker.js": "self.x = 1", "module.mjs": "export default 1"}
RUN = ("text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml")


def kind(answer: Answer) -> str:
    return "".join(answer.all("content-type")).partition(";")[0].strip().lower()


def is_page(answer: Answer) -> bool:
    """Whether a browser runs what is in it with the rights of the site's own pages."""
    saved = any(value.startswith("attachment") for value in answer.all("content-disposition"))
    policy = ";".join(answer.all("content-security-policy"))
    runs = kind(answer) in RUN or (not kind(answer) and not answer.all("x-content-type-options"))
    return answer.status == 200 and runs and not saved and "sandbox" not in policy


def is_script(answer: Answer) -> bool:
    """Whether a page of the site may load it as a script: any type will do, if nobody forbids."""
    strict = "nosniff" in answer.all("x-content-type-options")
    wrong = kind(answer).startswith(("image/", "audio/", "video/")) or kind(answer) == "text/csv"
    return answer.status == 200 and ("javascript" in kind(answer) or not (strict or wrong))


def served(host: Host, name: str, content: str) -> Answer:
    folder = "/srv/app/uploads"
    host.ssh(f"cat >{folder}/{name}; chown app:www-data {folder}/{name}", content)
    try:
        return Server("shop.example", host.ip).ask(f"/uploads/{name}")
    finally:
        host.ssh(f"rm {folder}/{name}")


def page(name: str) -> Outside:
    def tries(host: Host) -> bool:
        return is_page(served(host, name, PAGES[name]))

    return Outside(f"a page of the site: {name}", tries, (RULES, TYPES))


def script(name: str) -> Outside:
    def tries(host: Host) -> bool:
        return is_script(served(host, name, SCRIPTS[name]))

    return Outside(f"a script of the site: {name}", tries, (TYPES,))


def picture(host: Host) -> bool:
    return is_script(served(host, "notes.txt", "self.x = 1"))


ATTACKS = (
    *(page(name) for name in PAGES),
    *(script(name) for name in SCRIPTS),
    Outside("a script of the site under a harmless name", picture, (SNIFFED,)),
)
