"""One of two applications is restored."""

from __future__ import annotations

import pytest

from tests.applications.two import APPS, Two, visitors

from .seen import pids

pytestmark = pytest.mark.timeout(900)


ROWS = "cd /; runuser -u postgres -- psql -XAtc 'SELECT word FROM mine ORDER BY 1' {database}"
SAY = (
    'psql -qc "INSERT INTO mine VALUES (\'{word}\')" "$DATABASE_URL"'
    " && echo {word} >/srv/{app}/uploads/word"
)


def test_BAK_02_one_is_restored_and_the_other_goes_on(two: Two) -> None:
    """Database and uploads, as saved; of the other not even a process begins anew."""
    for app in APPS:
        assert two.inside(app, SAY.format(app=app, word="saved")).returncode == 0
    two.box.ssh("backup dump && backup files", timeout=300)
    for app in APPS:
        assert two.inside(app, SAY.format(app=app, word="later")).returncode == 0
    before = pids(two, "blog")
    with visitors(two, "blog") as asked:
        for what in ("dump", "files"):
            two.ok("restore.py", "--data", "application=shop", "--data", f"restore.what={what}")
    assert asked.answers == {"200 blog.example v1.0.0"}
    assert asked.count > 20
    assert pids(two, "blog") == before
    assert two.answer("shop").startswith("200 shop.example")
    assert two.box.ssh("cat /srv/shop/uploads/word") == "saved"
    assert two.box.ssh("cat /srv/blog/uploads/word") == "later"
    rows = [two.box.ssh(ROWS.format(database=name)).split() for name in ("app", "blog")]
    assert ["later" in each for each in rows] == [False, True]
    assert all("saved" in each for each in rows)
