"""What is refused of an application that is below a path of another one's domain."""

from __future__ import annotations

from typing import Any

import pytest

from roles.rules import RULES
from tests.unit.environments.several import plan_of_several, several

BLOG: dict[str, Any] = {
    "domain": "shop.example",
    "path": "/blog",
    "health": {"path": "/blog/health"},
}


def test_APP_13_one_is_below_a_path_of_the_other_s_domain() -> None:
    settings = several(blog=BLOG)
    assert not [conflict for rule in RULES for conflict in rule(settings)]
    assert [view.domain for view in settings.applications] == ["shop.example"] * 2
    entries = [e for part in plan_of_several(settings).parts for s in part.steps
               for e in getattr(s, "entries", ())]  # fmt: skip
    files = {e.path: getattr(e, "data", b"").decode(errors="replace") for e in entries}
    shop = files["/etc/nginx/sites-enabled/shop.conf"]
    blog = files["/etc/nginx/sites-enabled/blog.conf"]
    assert "location ^~ /blog/ {" in shop
    assert "server {" not in blog
    assert "upstream blog {" in blog
    assert "root /srv/blog/responses/live;" in shop, "what is kept is of the blog's own switches"
    assert "/srv/blog" not in shop.replace("/srv/blog/responses/live", ""), "a file of it"


@pytest.mark.parametrize(
    ("shop", "blog", "key", "said"),
    [
        ({}, {"domain": "other.example"}, "path", "no application has other.example itself"),
        ({"path": "/shop", "aliases": (), "static": None, "health": {"path": "/shop/health"}}, {},
         "path", "no application has shop.example itself"),
        ({}, {"path": "/static/blog", "health": {"path": "/static/blog/health"}}, "path",
         "/static is of shop"),
        ({}, {"path": "/uploads", "health": {"path": "/uploads/health"}}, "path", "/uploads is of"),
        ({"health": {"path": "/blog/up"}}, {}, "path", "/blog/up is of shop"),
        ({}, {"aliases": ["www.blog.example"]}, "aliases", "no names of its own"),
        ({}, {"static": "static"}, "static", "its processes answer everything"),
        ({}, {"mounts": [{"url": "/a/"}]}, "mounts", "its processes answer everything"),
        ({}, {"health": {"path": "/health"}}, "health.path", "/blog/health"),
        ({}, {"path": ""}, "domain", "shop.example is given 2 times"),
    ],
)  # fmt: skip
def test_APP_13_what_a_path_does_not_go_with_is_refused(
    shop: dict[str, Any], blog: dict[str, Any], key: str, said: str
) -> None:
    settings = several(shop=shop, blog={**BLOG, **blog})
    found = [conflict for rule in RULES for conflict in rule(settings)]
    assert True in [
        f"apps.blog.{key}" in conflict.keys for conflict in found if said in conflict.message
    ]
