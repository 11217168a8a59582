"""What teams wrote and what went wrong with it, each with the value that is right."""

from __future__ import annotations

import json

import pytest

from tests.host.application import NAME
from tests.host.conftest import DOMAIN

from .bad import changed, own
from .shop import Shop

UPLOADS = f"/srv/{NAME}/uploads"


@pytest.mark.timeout(240)
def test_REL_07_what_a_health_answer_says_is_no_command_of_a_hook(shop: Shop) -> None:
    """Neither systemd nor a shell takes a part of it for something to replace or to run."""
    text = f"$(touch {UPLOADS}/ran) `touch {UPLOADS}/ran` ${{HOME}} $$ 'x' \\"
    server = f"""
import http.server, json, os, socketserver
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(500)
        self.end_headers()
        self.wfile.write({text!r}.encode())
    def address_string(self):
        return "visitor"
socketserver.UnixStreamServer(os.environ["SOCKET"], Handler).serve_forever()
"""
    before = shop.serves()
    # A line in Python beside a package.json would make it an application in Python.
    kind = "node" if (shop.repository / "package.json").exists() else "python"
    files = {"unwell.py": server, **shop.procfile(web="python3 unwell.py")}
    hooks = {"on_failure": [f'echo "failed: ${{REASON}}" >> {UPLOADS}/.failed']}
    run = shop.deploy(
        shop.tag(files),
        check=False,
        READYHOST_APP__KIND=kind,
        READYHOST_APP__HEALTH__DEADLINE_SECONDS="3",
        READYHOST_APP__HOOKS=json.dumps(hooks),
    )
    said = shop.ssh(f"cat {UPLOADS}/.failed; rm {UPLOADS}/.failed; ls -A {UPLOADS}")
    assert run.returncode != 0
    assert shop.serves() == before
    assert said.startswith("failed: "), run.stdout
    assert text in said
    assert "\nran" not in said


@pytest.mark.timeout(240)
def test_APP_11_what_follows_in_a_line_runs_or_is_refused(shop: Shop) -> None:
    before, server = shop.serves(), own(shop, "web")
    tag = shop.tag(shop.procfile(web=f"python3 migrate.py && {server}"))
    run = shop.deploy(tag, check=False)
    assert run.returncode != 0
    assert "'python3 migrate.py' would run with each of the" in run.stdout
    assert f"and `web: {server}`" in run.stdout
    assert "Beginning operation run" not in run.stdout
    assert shop.run(f"ls -d /srv/{NAME}/releases/{tag}").returncode != 0
    assert shop.serves() == before
    tag = shop.tag({**shop.procfile(web=f"echo begun && cd . && {server}"), **wide(shop)})
    run = shop.deploy(tag)
    assert shop.serves() == tag
    # What is dropped of it is headers for other origins, and that is said.
    assert "the application sends Access-Control-Allow-Origin by itself" in run.stdout
    assert 'nginx.cors = "application"' in run.stdout
    asked = shop.https("/health", headers={"Host": DOMAIN, "Origin": "https://other.test"})
    assert "access-control-allow-origin" not in asked.headers


def wide(shop: Shop) -> dict[str, str]:
    """A file of the example that answers any origin by itself."""
    if shop.example == "express":
        no_store = '.set("Cache-Control", "no-store")'
        any_origin = f'{no_store}.set("Access-Control-Allow-Origin", "*")'
        return changed(shop, "src/health.js", no_store, any_origin)
    no_store = '"Cache-Control": "no-store"'
    any_origin = f'{no_store}, "Access-Control-Allow-Origin": "*"'
    return changed(shop, "app/health.py", no_store, any_origin)


@pytest.mark.timeout(240)
def test_APP_11_a_front_end_beside_a_server_is_passed_over_or_asked_about(shop: Shop) -> None:
    node = (shop.repository / "package.json").exists()
    beside = {"setup.py": ""} if node else {"package.json": '{"scripts": {"start": "vite"}}'}
    before, file = shop.serves(), next(iter(beside))
    unclear = shop.tag({**beside, "start.sh": "", **shop.procfile(web="sh start.sh")})
    run = shop.deploy(unclear, check=False)
    assert run.returncode != 0
    assert "which of them the web process needs: set app.kind to" in run.stdout
    assert "Beginning operation run" not in run.stdout
    assert shop.serves() == before

    tag = shop.tag(beside)
    run = shop.deploy(tag)
    assert shop.serves() == tag
    assert f"{file} beside it is not installed" in run.stdout
