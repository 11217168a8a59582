"""Uploads of an application that asks who it is: nobody gets them past it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.unit.app.conftest import settings
from tests.unit.environments.several import plan_of_several, several

from .conftest import Serve

SITE = "/etc/nginx/sites-enabled/{}.conf"


def sites(**shop: Any) -> dict[str, str]:
    """Nginx's files of two applications, by path."""
    plan = plan_of_several(several(shop=shop))
    entries = [e for p in plan.parts for s in p.steps for e in getattr(s, "entries", ())]
    return {e.path: getattr(e, "data", b"").decode(errors="replace") for e in entries}


def test_WEB_06_private_uploads_are_of_the_application_alone() -> None:
    files = sites(uploads="private")
    assert "/uploads" not in files[SITE.format("shop")]
    assert "location ^~ /uploads/ {" in files[SITE.format("blog")], "the other one's are as before"
    assert "location ^~ /uploads/ {" in sites()[SITE.format("shop")]


def test_WEB_06_below_uploads_the_application_answers(serve: Serve) -> None:
    web = serve(site={"uploads": ""})
    web.write("uploads/photo.png", "private")
    answer = web.ask("/uploads/photo.png")
    assert b"private" not in answer.body
    assert [request["path"] for request in web.reached] == ["/uploads/photo.png"]
    assert answer.all("content-disposition") == []


def test_WEB_06_a_bucket_says_for_itself_who_may_read_it() -> None:
    bucket = {"url": "https://s3.example/shop-uploads"}
    with pytest.raises(ValidationError, match=r'bucket\.access = "signed"'):
        settings(uploads="private", bucket=bucket)
