"""Whole applications of real frameworks, with the settings that the documentation gives."""

from __future__ import annotations

import json
import re
import time

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.host.application import traffic, units
from tests.host.conftest import DOMAIN
from tests.releases.shop import Shop
from tests.releases.test_warm import former
from tests.support.client import Server
from tests.support.readyhost import at_terminal
from vagrant.driver import ROOT

from .whole import again, deploy

GUNICORN_S_TIMEOUT = 30  # seconds, its default
COMMANDS = ROOT / "docs" / "commands.md"

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def django(servers: Shop) -> dict[str, str]:
    return deploy(servers, "Django", "django", "v10.0.0", READYHOST_APP__UPLOADS="private")


def test_APP_12_django_serves_its_pages_and_the_admins(
    servers: Shop, django: dict[str, str]
) -> None:
    for path in ("/", "/admin/login/"):
        page = servers.https(path).text
        styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        assert styles, page
        for style in styles:
            answer = servers.https(style)
            assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (
                200,
                True,
            )
    # to where a visitor is, by HTTPS
    assert servers.https("/admin/").headers["location"].startswith(("/admin/login/", "https://"))


def test_APP_12_django_takes_a_form_behind_https(servers: Shop, django: dict[str, str]) -> None:
    tls = {"sni_hostname": DOMAIN}
    with servers.client() as client:
        form = client.get("/admin/login/", extensions=tls).text
        (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        answer = client.post(
            "/admin/login/",
            data={"csrfmiddlewaretoken": token, "username": "ann", "password": "wrong"},
            headers={"Referer": f"https://{DOMAIN}/admin/login/", "Origin": f"https://{DOMAIN}"},
            extensions=tls,
        )
    # one that came from elsewhere would be refused with 403
    assert answer.status_code == 200
    assert "correct username and password" in answer.text


def test_REL_08_django_s_first_user_is_made_as_documented(
    servers: Shop, django: dict[str, str]
) -> None:
    """The documentation's own line, at a terminal, and then the admin's form."""
    line = next(p for p in COMMANDS.read_text().split("`") if p.endswith(" createsuperuser"))
    program, _, *arguments = line.split()
    assert program == "readyhost"
    word = f"Lamp-{time.time():.0f}"
    with at_terminal(servers, *arguments) as terminal:
        for asked, answer in (
            ("Username", "ann"),
            ("Email", "ann@shop.example"),
            ("Password: ", word),
            ("Password (again): ", word),
        ):
            terminal.wait_for(asked)
            terminal.write(f"{answer}\n")
        terminal.wait_for("Superuser created successfully.")
        assert terminal.ended() == 0
    assert word not in terminal.seen
    tls = {"sni_hostname": DOMAIN}
    with servers.client() as client:
        form = client.get("/admin/login/", extensions=tls).text
        (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        entered = client.post(
            "/admin/login/",
            data={"csrfmiddlewaretoken": token, "username": "ann", "password": word},
            headers={"Referer": f"https://{DOMAIN}/admin/login/", "Origin": f"https://{DOMAIN}"},
            extensions=tls,
        )
    assert entered.status_code == 302, entered.text


def test_APP_12_celery_does_what_django_asks(servers: Shop, django: dict[str, str]) -> None:
    made = servers.https("/orders", method="POST", data={"text": "a lamp"}).json()
    end = time.monotonic() + 20
    while not (order := servers.https(f"/orders?id={made['id']}").json())["shipped"]:
        assert time.monotonic() < end, order
        time.sleep(0.5)
    assert "a lamp" in servers.https("/").text


def test_WEB_06_a_private_upload_is_the_applications_to_give(
    servers: Shop, django: dict[str, str]
) -> None:
    """To whom it says, and at the file's own address to nobody."""
    servers.ssh("printf 'an invoice' >/srv/app/uploads/paper; chown app /srv/app/uploads/paper")
    hers = servers.https("/papers/paper", headers={"X-Customer": "ann"})
    assert (hers.status_code, hers.text) == (200, "an invoice")
    assert servers.https("/papers/paper").status_code == 403
    for path in ("/uploads/paper", "/uploads/%70aper", "/uploads/./paper"):
        answer = servers.https(path, headers={"X-Customer": "ann"})
        assert (answer.status_code, "invoice" in answer.text) == (404, False), path


def test_REL_03_the_next_django_loses_nobody(servers: Shop, django: dict[str, str]) -> None:
    again(servers, django, "v10.1.0")


def test_REL_03_the_former_gunicorn_goes_on_where_it_was_frozen(
    servers: Shop, django: dict[str, str]
) -> None:
    """Its master would take workers that were silent for so long for hanging, and end them."""
    slot = former(servers)
    frozen = forked(servers, slot)
    assert set(frozen.values()) == {"T"}
    assert len(frozen) > len(units(servers, "web")), "Gunicorn has no workers"
    time.sleep(GUNICORN_S_TIMEOUT + 5)
    with traffic(servers, "/version", clients=2) as seen:
        servers.ssh("app-release rollback")
        time.sleep(5)  # its master looks each second
    assert seen.failures == []
    assert servers.https("/version").json()["release"] == "v10.0.0"
    assert set(frozen) <= set(forked(servers, slot)), "it was started anew"
    assert "WORKER TIMEOUT" not in servers.ssh("journalctl -b -o cat -u 'app-web-*'")


def forked(servers: Shop, slot: str) -> dict[str, str]:
    """States of a slot's web processes and all that they have forked, by number."""
    shown = servers.ssh(f"systemctl show --value -p ControlGroup 'app-web-{slot}@*.service'")
    groups = [line for line in shown.split() if line]
    # of the second version of control groups, or of the first
    tops = ("/sys/fs/cgroup", "/sys/fs/cgroup/systemd")
    files = " ".join(f"{top}{each}/cgroup.procs" for top in tops for each in groups)
    numbers = ",".join(servers.ssh(f"cat {files} 2>/dev/null || true").split())
    rows = servers.ssh(f"ps -o pid=,state= -p {numbers}").splitlines()
    return dict(line.split() for line in rows)


def chat(server: Server) -> ClientConnection:
    return connect(f"ws://{DOMAIN}/ws", sock=server.connect())  # which speaks TLS already


@pytest.fixture(scope="module")
def nest(servers: Shop) -> dict[str, str]:
    return deploy(servers, "NestJS", "nest", "v11.0.0")


def test_APP_12_nest_reaches_redis_by_its_own_names(servers: Shop, nest: dict[str, str]) -> None:
    first, second = (servers.https("/visits", method="POST").json()["visits"] for _ in "12")
    assert second == first + 1


def test_APP_11_nest_talks_over_websockets_through_all_its_processes(
    servers: Shop, nest: dict[str, str]
) -> None:
    heard = set()
    server = Server(DOMAIN, servers.ip)
    with chat(server) as listens, chat(server) as speaks:
        for number in range(8):
            speaks.send(json.dumps({"event": "say", "data": f"hello {number}"}))
            heard.add(json.loads(listens.recv(timeout=20))["text"])
    assert heard == {f"hello {number}" for number in range(8)}


def test_REL_03_the_next_nest_loses_nobody(servers: Shop, nest: dict[str, str]) -> None:
    again(servers, nest, "v11.1.0")
