"""Templates: strict, and a secret taints the file that it reaches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import FileSystemLoader, UndefinedError
from pydantic import SecretStr

from roles.core import templates
from roles.core.entries import File
from roles.core.fileset import difference

Write = Callable[[str], None]
SECRET = SecretStr("s3cret-value-of-a-key")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.setattr(templates.ENVIRONMENT, "loader", FileSystemLoader(tmp_path))
    monkeypatch.setattr(templates.ENVIRONMENT, "bytecode_cache", None)

    def write(text: str) -> None:
        (tmp_path / "x" / "etc").mkdir(parents=True, exist_ok=True)
        (tmp_path / "x" / "etc" / "x.conf.j2").write_text(text)
        templates.ENVIRONMENT.cache.clear()  # type: ignore[union-attr]

    return write


def test_blocks_leave_no_blank_lines_and_the_last_newline_stays(write: Write) -> None:
    write(
        "a {{ n }};\n{% if on %}\n  {% for i in 'xy' %}\nb {{ i }};\n  {% endfor %}\n{% endif %}\n"
    )
    file = templates.render("x", "/etc/x.conf", n=1, on=True)
    assert file == File("/etc/x.conf", "a 1;\nb x;\nb y;\n")


def test_a_missing_value_is_an_error(write: Write) -> None:
    write("{{ missing }}")
    with pytest.raises(UndefinedError):
        templates.render("x", "/etc/x.conf")


def test_a_secret_is_revealed_and_taints_the_file(write: Write) -> None:
    write("password {{ password }}\n")
    file = templates.render("x", "/etc/x.conf", mode=0o600, password=SECRET)
    assert file.content == "password s3cret-value-of-a-key\n"
    assert file.secret
    assert "s3cret" not in repr(file) + "".join(difference(file, "old"))


def test_a_secret_in_a_file_that_others_read_is_refused(write: Write) -> None:
    write("password {{ password }}\n")
    with pytest.raises(ValueError, match="holds a secret and may not have mode 644"):
        templates.render("x", "/etc/x.conf", password=SECRET)


def test_a_secret_that_is_joined_to_text_is_refused_instead_of_written_as_its_mask(
    write: Write,
) -> None:
    write("url {{ 'redis://' ~ password }}\n")
    with pytest.raises(ValueError, match="lost"):
        templates.render("x", "/etc/x.conf", mode=0o600, password=SECRET)


def test_one_secret_file_does_not_taint_the_next(write: Write) -> None:
    write("{{ password }}")
    templates.render("x", "/etc/x.conf", mode=0o600, password=SECRET)
    write("plain")
    assert not templates.render("x", "/etc/x.conf").secret
