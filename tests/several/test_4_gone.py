"""One of two applications is taken out, and then removed."""

from __future__ import annotations

import pytest

from tests.applications.two import APPS, Two, visitors
from vagrant.running import changes

from .seen import LOGGED_IN, pids

pytestmark = pytest.mark.timeout(900)


def test_APP_13_one_is_taken_out_its_data_kept_and_removed_by_name(two: Two) -> None:
    refused = two.readyhost("remove", "blog", "--yes")
    assert refused.returncode != 0
    assert "is in the settings" in refused.stdout
    two.box.ssh("printf kept >/srv/blog/uploads/kept")
    shop, blog = (LOGGED_IN.format(app=name) for name in APPS)
    assert "OK" in two.inside("shop", f"{shop} SET shop:secret theirs").stdout
    for name in (r"blog:a\nshop:secret", r"blog:\377"):
        assert "OK" in two.inside("blog", f"{blog} SET \"$(printf '{name}')\" mine").stdout
    before = pids(two, "shop")
    two.settings(("shop",))
    with visitors(two, "shop") as asked:
        assert "blog is not in the settings" in two.ok("deploy.py")
    assert asked.answers == {"200 shop.example v1.0.0"}
    assert pids(two, "shop") == before
    assert two.box.run("pgrep -u blog").stdout == ""
    with pytest.raises(OSError):
        two.answer("blog")
    assert two.box.ssh("cat /srv/blog/uploads/kept") == "kept"
    databases = "runuser -u postgres -- psql -XAtc 'SELECT datname FROM pg_database ORDER BY 1'"
    assert "blog" in two.box.ssh(databases).split()
    assert changes(two.ok("deploy.py")) == {}
    asked_only = two.readyhost("remove", "blog")
    assert "nothing was removed" in asked_only.stdout
    assert two.readyhost("remove", "blog", "--yes").returncode == 0
    assert two.inside("shop", f"{shop} GET shop:secret").stdout.strip() == "theirs"
    assert "blog" not in two.box.ssh(databases).split()
    assert two.box.run("ls -d /srv/blog /etc/blog /var/log/blog 2>/dev/null").stdout == ""
    assert two.box.run("getent passwd blog blog-build").stdout == ""
    assert two.answer("shop") == "200 shop.example v1.0.0"
    assert changes(two.ok("deploy.py")) == {}
