"""Which Debian packages a failed build is told to have lacked."""

from __future__ import annotations

import pytest

from roles.app.host.missing import advice, packages

PIP = ".venv/bin/pip install -r requirements.txt"


@pytest.mark.parametrize(
    ("command", "said", "names"),
    [
        (
            PIP,
            "    Exception: you need a C compiler to build uWSGI",
            ["build-essential", "python3-dev"],
        ),
        (
            PIP,
            "error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory",
            ["build-essential", "python3-dev"],
        ),
        (PIP, "src/x.h:3:10: fatal error: Python.h: No such file or directory", ["python3-dev"]),
        (
            "npm ci",
            "The virtual environment was not created successfully because ensurepip is not"
            "\navailable.  On Debian/Ubuntu systems, you need to install the python3-venv",
            ["python3-venv"],
        ),
        (PIP, "Error: pg_config executable not found.", ["libpq-dev"]),
        (PIP, "ERROR: Cannot find command 'git' - do you have 'git' installed?", ["git"]),
        ("npm ci", "npm error gyp ERR! stack Error: not found: make", ["build-essential"]),
        ("npm ci", "/bin/sh: 1: gcc: not found", ["build-essential"]),
        ("cargo build", "error: linker `cc` not found", ["build-essential"]),
        (PIP, "c.c:1:10: fatal error: vips/vips.h: No such file or directory", ["libvips-dev"]),
        (
            "npm ci",
            "Package vips-cpp was not found in the pkg-config search path.",
            ["libvips-dev"],
        ),
        (PIP, 'Dependency "cairo" not found, tried pkgconfig', ["libcairo2-dev"]),
        (PIP, "fatal error: sqlite3.h: No such file or directory", ["libsqlite3-dev"]),
        (PIP, "a.h:3: fatal error: sql.h: No such file or directory", ["unixodbc-dev"]),
        (PIP, "/bin/sh: 1: gdal-config: not found", ["libgdal-dev"]),
        (PIP, "/bin/sh: 1: krb5-config: not found", ["libkrb5-dev"]),
        (PIP, "fatal error: zlib.h: No such file or directory", ["zlib1g-dev"]),
        ("npm ci", "/bin/sh: 1: cmake: not found", ["cmake"]),
        (PIP, "c/_cffi_backend.c:15:10: fatal error: ffi.h: No such file", ["libffi-dev"]),
        (PIP, "fatal error: libxml/xmlversion.h: No such file or directory", ["libxslt1-dev"]),
        (
            PIP,
            "Exception: Can not find valid pkg-config name.\nSpecify MYSQLCLIENT_CFLAGS",
            ["default-libmysqlclient-dev"],
        ),
        (PIP, "a.c:1:10: fatal error: bzlib.h: No such file or directory", ["libbz2-dev"]),
        (PIP, "a.c:1:10: fatal error: 'lzma.h' file not found", ["liblzma-dev"]),
        (PIP, "a.c:1:10: fatal error: sasl/sasl.h: No such file", ["libsasl2-dev"]),
        (
            PIP,
            "Could not run curl-config: [Errno 2] No such file or directory: 'curl-config'",
            ["libcurl4-openssl-dev"],
        ),
        (PIP, "/bin/sh: 1: swig: not found", ["swig"]),
        (PIP, "error: command 'swig' failed: No such file or directory: 'swig'", ["swig"]),
        ("npm ci", "../src/x.h:1:10: fatal error: png.h: No such file", ["libpng-dev"]),
        ("npm ci", "fatal error: mypng.h: No such file or directory", []),
        ("npm run build", "sh: 1: cargo-go: not found", []),
        ("npm run build", "no file mysql.head, yaml.hpp, vips", []),
        ("npm run build", "Error: Cannot find module 'gcc'", []),
        (PIP, "ERROR: No matching distribution found for django>=6.0", []),
        (PIP, "error: command '/usr/bin/gcc' failed with exit code 1", []),
    ],
)
def test_what_is_missing_is_named(command: str, said: str, names: list[str]) -> None:
    assert packages(command, said) == names


def test_the_advice_is_a_line_of_the_settings() -> None:
    said = advice(PIP, "Error: pg_config executable not found.\nPython.h: No such file")
    assert said.endswith('add to app.build.packages: "python3-dev", "libpq-dev"')
    assert advice(PIP, "out of luck") == ""


def test_a_package_for_another_python_is_told_by_the_hosts() -> None:
    said = (
        "ERROR: Ignored the following versions that require a different python version: 6.0"
        " Requires-Python >=3.12; 6.0.1 Requires-Python >=3.12\n"
        "ERROR: No matching distribution found for Django<6.1,>=6.0"
    )
    assert advice(PIP, said).startswith(
        "Requires-Python >=3.12 is not the Python that it gets: set"
    )


def test_an_index_of_the_list_that_is_not_the_hosts_is_told() -> None:
    said = (
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(…)':"
        " /simple/django/\n"
        "ERROR: Could not find a version that satisfies the requirement django==5.2 (from"
        " versions: none)\n"
        "ERROR: No matching distribution found for django==5.2"
    )
    assert "--index-url" in advice(PIP, said)
    # A lock file's list has no index, and a version that an index has not is no index's fault.
    assert advice(".venv/bin/pip install -r ~/requirements.txt", said) == ""
    assert advice(PIP, "the requirement django==9 (from versions: 5.1, 5.2)") == ""
