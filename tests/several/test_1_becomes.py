"""One application becomes the first of several, and each is released by itself."""

from __future__ import annotations

import pytest

from tests.applications.two import FORMER, Two, env, toml, visitors
from tests.support import site
from vagrant.example import commit
from vagrant.running import changes

from .seen import pids

pytestmark = pytest.mark.timeout(900)


KEPT = "/srv/shop/uploads/kept"
AS_BEFORE = (
    f"cat {KEPT}; cd /; runuser -u postgres -- psql -XAtc 'SELECT * FROM mine' app;"
    " shop-release list | grep -c '^v'"
)


def test_APP_13_one_application_becomes_the_first_of_several(two: Two) -> None:
    """Its data, its releases and its visitors stay; under another name it is refused."""
    insert = "cd /; runuser -u postgres -- psql -XAtqc \"INSERT INTO mine VALUES ('kept')\" app"
    two.box.ssh(f"printf 'kept\n' >{KEPT}; chown shop {KEPT}; {insert}")
    before = two.box.ssh(AS_BEFORE)
    assert before.split() == ["kept", "kept", "1"]
    wanted = toml(two.box, two.place)
    with visitors(two, "shop") as asked:
        two.write(wanted.replace(FORMER, ""), env())
        refused = two.pyinfra("deploy.py")
        assert refused.returncode != 0
        assert "database shop is gone" in refused.stdout
        assert "This host has app too: is that the application's" in refused.stdout
        two.write(wanted.replace("[apps.shop", "[apps.mill"), env(("mill", "blog")))
        refused = two.pyinfra("deploy.py")
        assert refused.returncode != 0
        assert "call its table [apps.shop]" in refused.stdout
        two.settings()
        two.ok("deploy.py")
    assert asked.answers == {"200 shop.example v1.0.0"}
    assert asked.count > 50
    assert two.box.ssh(AS_BEFORE) == before


def test_APP_13_both_are_served_and_a_second_run_changes_nothing(two: Two) -> None:
    assert two.answer("shop") == "200 shop.example v1.0.0"
    assert two.answer("blog") == "200 blog.example v1.0.0"
    assert changes(two.ok("deploy.py")) == {}


def test_APP_13_one_is_released_and_rolled_back_and_the_other_serves_on(two: Two) -> None:
    commit(two.place / "shop", "v1.1.0")
    before = pids(two, "blog")
    with visitors(two, "blog") as asked:
        two.ok("deploy.py", "--data", "shop.tag=v1.1.0")
        assert two.answer("shop") == "200 shop.example v1.1.0"
        two.ok("rollback.py", "--data", "application=shop")
        assert two.answer("shop") == "200 shop.example v1.0.0"
    assert asked.answers == {"200 blog.example v1.0.0"}
    assert asked.count > 50
    assert pids(two, "blog") == before
    unnamed = two.pyinfra("rollback.py")
    assert unnamed.returncode != 0
    assert "which application?" in unnamed.stdout


def test_APP_13_one_is_below_a_path_of_the_other_s_domain(two: Two) -> None:
    """And comes back to its own; the other's visitors notice neither."""
    commit(two.place / "blog", "v1.1.0")
    shop, blog = toml(two.box, two.place).split("[apps.blog]")
    blog = blog.replace('"blog.example"', '"shop.example"\npath = "/blog"')
    blog = f'{blog.replace("v1.0.0", "v1.1.0")}[apps.blog.health]\npath = "/blog/health"\n'
    with visitors(two, "shop") as asked:
        two.write(f"{shop}[apps.blog]{blog}", env())
        two.ok("deploy.py")
        for path, release in (("/blog", 1), ("/blog/a?b", 1), ("/blogs", 0), ("/", 0)):
            said = site.asked(two.box.ip, "shop.example", path)
            assert said == f"200 shop.example v1.{release}.0"
        assert changes(two.ok("deploy.py")) == {}
        two.settings()
        two.ok("deploy.py")
    assert asked.answers == {"200 shop.example v1.0.0"}
    assert two.answer("blog") == "200 blog.example v1.0.0"
