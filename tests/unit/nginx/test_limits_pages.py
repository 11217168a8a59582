"""Limits fit what they protect: pages of an office, sessions, paths; counted by a real Nginx."""

from __future__ import annotations

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import ValidationError

from roles.core.machine import Machine
from roles.nginx import Nginx
from roles.nginx.limits import Limits
from roles.nginx.role import maintained

from .conftest import Serve, Web

OWN = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
FOREIGN = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    return serve(
        limits={
            "per_minute": 10,
            "per_hour": 0,
            "browsers_per_minute": 240,
            "key": "cookie:sid",
            "logins_per_minute": 2,
            "unlimited": ["127.0.0.99"],
            "paths": [
                {"path": "/ping", "rate_per_minute": 0},
                {"path": "/hooks/*/in", "rate_per_minute": 60, "burst": 4},
                {"path": "/import", "body_limit_mb": 1, "timeout_seconds": 1, "buffering": False},
                {"path": "/slow", "timeout_seconds": 1},
                {"path": "/auth", "rate_per_minute": 0},
            ],
        },
        body_limit_mb=2,
    )


def statuses(web: Web, count: int, source: str, path: str = "/answer", **how: Any) -> list[int]:
    return [web.ask(path, source=source, **how).status for _ in range(count)]


def test_WEB_04_a_page_of_the_site_has_a_browsers_allowance(web: Web) -> None:
    assert set(statuses(web, 40, "127.0.1.1", headers=OWN)) == {200}
    assert 429 in statuses(web, 60, "127.0.1.1", headers=OWN), "nobody asks without end"


def test_WEB_04_who_tests_the_load_is_not_counted_and_nobody_is_warned(web: Web) -> None:
    source = "127.0.1.40"
    lifted = web.root / "run/readyhost-load" / source
    lifted.parent.mkdir()
    lifted.touch()
    assert set(statuses(web, 40, source)) == {200}
    lifted.unlink()
    assert 429 in statuses(web, 40, source)
    # Here no site says whether it tests.
    assert web.ask("/.well-known/acme-challenge/none", tls=False).status == 404
    assert "uninitialized" not in (web.root / "var/log/nginx/error.log").read_text()


def test_WEB_04_another_sites_page_and_a_program_have_not(web: Web) -> None:
    assert statuses(web, 20, "127.0.1.2", headers=FOREIGN).count(429) >= 9
    assert statuses(web, 20, "127.0.1.3").count(429) >= 9


def test_WEB_04_who_is_logged_in_is_counted_by_session(web: Web) -> None:
    def of(session: str, count: int) -> list[int]:
        return statuses(web, count, "127.0.1.4", headers={"Cookie": f"sid={session}"})

    assert set(of("a", 10)) == set(of("b", 10)) == {200}
    assert of("a", 3).count(429) >= 2
    invented = [of(f"x{number}", 1)[0] for number in range(60)]
    assert 429 in invented, "invented sessions are no way around"
    cookies = {"Cookie": "sid=a"}
    assert set(statuses(web, 80, "127.0.0.99", headers=cookies)) == {200}


def test_WEB_17_a_path_has_its_own_rate_or_none(web: Web) -> None:
    assert set(statuses(web, 60, "127.0.1.5", "/ping")) == {200}
    assert set(statuses(web, 30, "127.0.1.5", "/PING/me")) == {200}
    hooks = statuses(web, 12, "127.0.1.5", "/hooks/stripe/in")
    assert hooks[:5] == [200] * 5
    assert hooks.count(429) >= 5
    assert set(statuses(web, 8, "127.0.1.5", "/hooks")) == {200}  # the general one, still whole
    tries = statuses(web, 5, "127.0.1.5", "/auth/token", method="POST", body=b"x")
    assert tries.count(429) == 3, "a path without a limit is no way to guess passwords"


def test_WEB_17_a_path_has_its_own_body_limit_and_timeout(web: Web) -> None:
    large = b"x" * (2**20 + 2**19)
    assert web.ask("/import", "POST", body=large, source="127.0.1.6").status == 413
    assert web.ask("/answer", "POST", body=large, source="127.0.1.6").status == 200
    assert web.ask("/slow?seconds=3", source="127.0.1.6").status == 504
    asked = [seen for seen in web.reached if "/slow" in str(seen)]
    assert len(asked) == 1, "what was too slow is not asked again"


def begun(web: Web) -> list[str]:
    return [target for upstream in web.upstreams for target in upstream.begun]


def test_WEB_17_an_upload_without_buffering_reaches_the_application_as_it_comes(web: Web) -> None:
    head = "POST {} HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 9\r\n\r\nhalf"
    with web.connect() as piecewise, web.connect() as whole:
        whole.sendall(head.format("/answer?kept").encode())
        piecewise.sendall(head.format("/import?piece").encode())
        end = time.monotonic() + 10
        while "/import?piece" not in begun(web):
            assert time.monotonic() < end, "it waits for the rest"
            time.sleep(0.02)
        assert "/answer?kept" not in begun(web), "a slow client keeps a process busy"
        for connection in (piecewise, whole):
            connection.sendall(b" done")
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")
    assert {"/answer?kept", "/import?piece"} <= set(begun(web))


def test_WEB_04_who_has_a_bearer_token_is_counted_by_it(serve: Serve) -> None:
    limits = {"per_minute": 5, "per_hour": 0, "browsers_per_minute": 60}
    web = serve(limits={**limits, "key": "header:Authorization"})
    begin = "Bearer " + "e" * 300  # tokens of one issuer begin alike

    def of(token: str, count: int, source: str = "127.0.5.1") -> list[int]:
        headers = {"Authorization": f"{begin}.{token}"}
        return statuses(web, count, source, headers=headers)

    assert set(of("ann", 5)) == set(of("bob", 5)) == {200}
    assert of("ann", 3).count(429) >= 2
    assert of("bob", 3, "127.0.5.2").count(429) >= 2, "another address is no other user"
    assert set(statuses(web, 5, "127.0.5.2")) == {200}, "who has none has the address' own"
    assert 429 in [of(f"x{number}", 1)[0] for number in range(30)]


def test_WEB_04_requests_for_files_are_not_among_those_in_progress(serve: Serve) -> None:
    web = serve(limits={"connections": 2, "browser_connections": 3, "per_minute": 0, "per_hour": 0})
    web.write("current/static/a.css", "body{}")
    with ThreadPoolExecutor(8) as pool:
        slow = [pool.submit(web.ask, "/slow?seconds=2", source="127.0.2.1") for _ in range(2)]
        pages = [
            pool.submit(web.ask, "/slow?seconds=2", source="127.0.2.1", headers=OWN)
            for _ in range(2)
        ]
        time.sleep(0.5)
        assert web.ask("/static/a.css", source="127.0.2.1").status == 200
        assert web.ask("/answer", source="127.0.2.1").status == 429
        found = Counter(asked.result().status for asked in [*slow, *pages])
    assert found[429] == 1, found


def test_WEB_04_the_usual_login_paths_are_found(serve: Serve) -> None:
    web = serve(limits={"logins_per_minute": 1, "per_minute": 0, "per_hour": 0})
    usual = (
        "/login", "/accounts/login/", "/admin/login/", "/api/login", "/api/v1/login/access-token",
        "/api/v1/users/login", "/auth/token", "/auth/jwt/login", "/api/auth/login",
    )  # fmt: skip
    for last, path in enumerate(usual, 1):
        assert statuses(web, 2, f"127.0.3.{last}", path, method="POST", body=b"x") == [200, 429]
    for path in ("/logins", "/api/v1/items", "/authors", "/blog/login"):
        assert 429 not in statuses(web, 3, "127.0.3.99", path, method="POST", body=b"x")


def test_WEB_10_the_usual_documentation_is_closed(web: Web) -> None:
    usual = (
        "/docs", "/docs/", "/openapi.json", "/api/v1/openapi.json", "/api/v1/docs", "/DOCS",
        "/redoc", "/redoc/",  # FastAPI
        "/swagger", "/swagger/", "/swagger.json", "/swagger-ui/index.html",  # drf-yasg, springdoc
        "/api/schema/", "/api/schema/swagger-ui/",  # drf-spectacular
        "/api-docs", "/api-docs/swagger.json", "/apidocs/", "/graphiql",  # Express, Flask, GraphQL
    )  # fmt: skip
    for path in usual:
        assert web.ask(path, source="127.0.0.99").status == 404, path
    # What they describe goes on.
    for path in ("/graphql", "/api/v1/schema", "/swaggered", "/api/items"):
        for method in ("GET", "POST"):
            assert web.ask(path, method, body=b"{}", source="127.0.0.99").status == 200, path
    assert web.ask("/help/docs", source="127.0.0.99").status == 200
    assert web.ask("/.closed", source="127.0.0.99").status == 404


@pytest.mark.parametrize("key", ["cookie", "cookie:a-b", "header:", "ip", "cookie:a;b"])
def test_what_cannot_be_counted_by_is_refused(key: str) -> None:
    with pytest.raises(ValidationError):
        Limits(key=key)


@pytest.mark.parametrize("path", ["hooks", "/a b", "/a{", "/a$", '/a"', "/(a)"])
def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(ValidationError):
        Nginx(limits={"paths": [{"path": path}]})


def test_WEB_04_a_refusal_names_its_setting_in_the_log(web: Web) -> None:
    assert 429 in statuses(web, 20, "127.0.4.1")
    assert 429 in statuses(web, 20, "127.0.4.2", "/hooks/stripe/in")
    assert 429 in statuses(web, 9, "127.0.4.3", "/login", method="POST", body=b"x")
    assert 429 in statuses(web, 100, "127.0.4.4", headers=OWN)
    log = (web.root / "var/log/nginx/error.log").read_text()
    named = dict(re.findall(r'limiting requests.* by zone "([^"]+)", client: ([0-9.]+)', log))
    wanted = {"per_minute": 1, "paths.2": 2, "logins_per_minute": 3, "browsers_per_minute": 4}
    assert {f"nginx.limits.{n}": f"127.0.4.{k}" for n, k in wanted.items()}.items() <= named.items()
    for name in ("per_minute", "logins_per_minute", "browsers_per_minute"):
        assert name in Limits.model_fields


@pytest.mark.parametrize("allow", [[], ["203.0.113.0/24"]])
def test_REL_07_a_closed_site_is_said_at_the_end_of_each_run(allow: list[str]) -> None:
    settings = Nginx(maintenance_allow=allow)
    assert maintained(settings, Machine.example()) == []
    (said,) = maintained(settings, Machine.example(told=("maintenance",)))
    assert said.startswith("closed to visitors (503) since somebody said `maintenance on`")
    assert (allow or ["nobody"])[0] in said
