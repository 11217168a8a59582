"""Other origins: only the own domains may read answers, whatever the application says."""

import pytest
from pydantic import ValidationError

from roles.nginx import Nginx

from .conftest import Serve, Web

ALLOW = "access-control-allow-origin"
OWN = ["https://shop.test", "https://www.shop.test", "https://admin.example.org:8443"]
FOREIGN = [
    "https://evil.test",
    "http://shop.test",
    "https://shop.test.evil.test",
    "https://evilshop.test",
    "https://shop.test:444",
    "https://shoptest",
    "null",
]


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    return serve(cors_origins=["https://admin.example.org:8443"], limits={"per_minute": 0})


@pytest.mark.parametrize("origin", OWN)
def test_own_origins_may_read(web: Web, origin: str) -> None:
    answer = web.answer(headers={"Origin": origin})
    assert answer.header(ALLOW) == origin
    assert answer.header("access-control-allow-credentials") == "true"
    assert "Origin" in answer.all("vary")


@pytest.mark.parametrize("origin", FOREIGN)
def test_foreign_origins_may_not(web: Web, origin: str) -> None:
    answer = web.answer(
        200,
        "Access-Control-Allow-Origin:*",
        "Access-Control-Allow-Credentials:true",
        headers={"Origin": origin},
    )
    assert answer.status == 200
    assert [name for name, _ in answer.headers if name.startswith("access-control")] == []


def test_a_question_of_an_own_origin_is_answered_here(web: Web) -> None:
    before = len(web.reached)
    question = {
        "Origin": "https://www.shop.test",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type, x-csrf",
    }
    answer = web.ask("/items", "OPTIONS", headers=question)
    assert (answer.status, len(web.reached) - before) == (204, 0)
    assert "PUT" in answer.header("access-control-allow-methods")
    assert answer.header("access-control-allow-headers") == "content-type, x-csrf"
    assert answer.header("access-control-max-age") == "7200"


def test_a_question_of_a_foreign_origin_is_not_allowed(web: Web) -> None:
    question = {"Origin": "https://evil.test", "Access-Control-Request-Method": "PUT"}
    answer = web.ask("/items", "OPTIONS", headers=question)
    assert [name for name, _ in answer.headers if name.startswith("access-control")] == []


def test_another_options_request_is_the_applications(web: Web) -> None:
    before = len(web.reached)
    assert web.ask("/items", "OPTIONS").status == 200
    assert len(web.reached) - before == 1


def test_the_application_may_decide_by_itself(serve: Serve) -> None:
    web = serve(cors="application")
    answer = web.answer(200, "Access-Control-Allow-Origin:*", headers={"Origin": "https://a.test"})
    assert answer.header(ALLOW) == "*"


def test_WEB_09_previews_are_names_one_step_below(serve: Serve) -> None:
    web = serve(
        cors_origins=["https://*.preview.shop.test"], cors_exposed=["X-Total", "X-Request-ID"]
    )
    for name in ("pr-12", "a"):
        answer = web.answer(headers={"Origin": f"https://{name}.preview.shop.test"})
        assert answer.header(ALLOW) == f"https://{name}.preview.shop.test"
        assert answer.header("access-control-expose-headers") == "X-Total, X-Request-ID"
    for origin in (
        "https://preview.shop.test",
        "https://.preview.shop.test",
        "https://a.b.preview.shop.test",
        "https://evil.test/.preview.shop.test",
        "https://evilxpreview.shop.test",
        "https://a.preview-shop.test",
        "https://a.preview.shop.test.evil.test",
        "http://a.preview.shop.test",
        "https://a.preview.shop.test:444",
    ):
        assert web.answer(headers={"Origin": origin}).all(ALLOW) == [], origin
    for pattern in ("https://*", "https://*.test.*", "https://a*.shop.test", "*", "https://*."):
        with pytest.raises(ValidationError):
            Nginx(cors_origins=[pattern])
