"""Which files a page names, and which of them a release lacks; what Nginx is to serve of it."""

from __future__ import annotations

from roles.app.host.page import named

PAGE = """<!doctype html><link rel="stylesheet" href="/static/a.css?v=1">
<link rel=icon href="/static/icon.png"><script src="static/b.js"></script>
<script>inline()</script><script type=module src="https://shop.example/static/c%20d.js"></script>
<script src="https://cdn.example/static/e.js"></script><script src="//cdn.example/static/f.js">
</script><link rel="modulepreload" href="/static/g.js"><script src="/own/h.js"></script>
<img src="/static/i.png"><script src="http://[broken/static/j.js"></script>"""


def test_WEB_14_a_pages_scripts_and_styles_of_its_own_origin() -> None:
    page = PAGE.replace('<script src="http://[broken/static/j.js"></script>', "")
    wanted = ["/static/a.css", "/static/b.js", "/static/c d.js", "/static/g.js"]
    assert named(page, "/", "shop.example") == wanted
    assert named(PAGE, "/", "shop.example") == wanted, "what no URL is does not matter"
    assert named("", "/", "shop.example") == []
