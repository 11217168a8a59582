"""Which releases stay: as many as the settings keep now, whatever the live one was defined with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from roles.app.host import assets, built, finish, prune, record
from roles.app.host.built import Built
from roles.app.host.layout import Layout
from roles.core.host import disk


def define(folder: Path, tag: str, keep: int) -> None:
    values: dict[str, Any] = {"tag": tag, "commit": f"c-{tag}", "identity": tag, "keep": keep}
    folder.mkdir(parents=True)
    values.update(processes={"web": 1}, health={}, build={}, hooks={})
    (folder / "release.json").write_text(json.dumps(values))


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A host with v1 to v5, of which v5 is live and v4 was before, all of them good."""
    made = Layout("shop", str(tmp_path))
    made.etc.mkdir(parents=True)
    made.releases.mkdir(parents=True)
    for number in range(1, 6):
        tag = f"v{number}"
        made.release(tag).mkdir()
        define(made.definition(tag), tag, 5)
        new = Built(tag, f"c-{tag}", built.identity({}, {}), f"2026-01-0{number}", "tree")
        built.write(made, tag, [new])
        record.append(made.record, who="ann", tag=tag, commit=f"c-{tag}", outcome="live")
    for slot, tag in (("blue", "v5"), ("green", "v4")):
        define(made.started(slot), tag, 5)
        disk.link(made.slot(slot), made.release(tag))
    disk.link(made.live, made.run("blue"))
    return made


def there(layout: Layout) -> list[str]:
    return sorted(path.name for path in layout.releases.iterdir())


def test_REL_03_fewer_releases_are_kept_at_once(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "publish", lambda *_: None)
    define(layout.next, "v5", 5)
    assert prune.overdue(layout) == []
    (layout.next / "release.json").unlink()
    layout.next.rmdir()
    define(layout.next, "v5", 3)
    assert prune.overdue(layout) == ["v2", "v1"]
    said: list[str] = []
    finish.clean(layout, "blue", 5, said.append)
    assert said == ["=> removed what is not gone back to: v2, v1"]
    assert there(layout) == ["v3", "v4", "v5"]
    assert prune.overdue(layout) == []


def test_the_live_one_s_number_counts_where_nothing_else_is_known(layout: Layout) -> None:
    assert (prune.limit(layout, 4), prune.overdue(layout)) == (4, [])
    assert prune.prune(layout, prune.limit(layout, 4)) == (["v1"], [])
