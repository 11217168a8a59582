"""What was changed since it was built is named and counts as not built."""

from __future__ import annotations

import time
from pathlib import Path

from roles.app.host import built, dependencies, prune, seal, verify
from roles.app.host.built import Built
from roles.app.host.layout import Layout
from roles.core.host import disk


def build(tmp_path: Path) -> tuple[Layout, Built, Path]:
    layout = Layout("shop", str(tmp_path))
    folder = layout.releases / "v1"
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / "a.py").write_text("good")
    # the files' own times are of now
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    made = Built("v1", "c", built.identity_of({}), when, seal.digest(folder))
    layout.facts("v1").mkdir(parents=True)
    built.write(layout, "v1", [made])
    return layout, made, folder


def test_SEC_02_a_changed_build_is_named_and_not_used(tmp_path: Path) -> None:
    layout, made, folder = build(tmp_path)
    assert verify.look(layout, "v1", made) == ""
    assert built.find(layout, "v1", "c", made.identity) == made

    (folder / "lib" / "a.py").write_text("evil")
    for number in range(4):
        (folder / f"z{number}").write_text("")
    assert verify.look(layout, "v1", made) == "lib/a.py, z0, z1 and 3 more changed since"
    assert built.find(layout, "v1", "c", made.identity) is None
    assert "not as it was built: lib/a.py" in built.again(layout, "v1", "c", {})
    assert prune._wanted(layout, "v1", [made]) == []

    built.write(layout, "v1", [made])
    for number in range(4):
        (folder / f"z{number}").unlink()
    (folder / "lib" / "a.py").write_text("good")
    assert verify.everything(layout) == ([], "1 builds and 0 kept sets of dependencies")
    assert built.find(layout, "v1", "c", made.identity) == made


def test_SEC_02_a_changed_copy_of_dependencies_is_used_no_more(tmp_path: Path) -> None:
    layout = Layout("shop", str(tmp_path))
    copy = layout.installed / "key"
    copy.mkdir(parents=True)
    disk.write_json(copy.with_suffix(".json"), {"tree": seal.digest(copy)})
    assert dependencies.copies(layout) == [copy]
    assert dependencies.sound(copy)
    (copy / "planted.pth").write_text("import evil")
    assert not dependencies.sound(copy)
    assert dependencies.copies(layout) == []
