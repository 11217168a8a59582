"""Debian packages that a build has missed, told from what its tools say when they lack one."""

from __future__ import annotations

import re

from . import headers

COMPILER = "build-essential"
SIGNS = {
    COMPILER: (
        r"need a C compiler|linker `cc` not found|not found: make\b"
        r"|\b(gcc|g\+\+|cc|c\+\+|make): (command )?not found"
        r"|'[^']*\b(gcc|g\+\+|cc|c\+\+|make)' failed: No such file"
        r"|No such file or directory: '[^']*\b(gcc|g\+\+|cc|c\+\+|make)'"
    ),
    "python3-venv": r"\bensurepip is not\s+available|No module named '?ensurepip\b",
    "python3-dev": r"\bPython\.h: No such file",
    "libpq-dev": r"\bpg_config( executable)? not found|\b(libpq-fe|pg_config)\.h: No such file",
    "default-libmysqlclient-dev": (
        r"\bmysql_config: not found|\bmysql\.h: No such file|Specify MYSQLCLIENT_CFLAGS"
    ),
    "pkg-config": r"\bpkg-config: (command )?not found",
    "libvips-dev": (
        r"\bvips/\w+\.h: No such file|Package '?vips(-cpp)?'?,? .*not found"
        r"|No package '?vips"
    ),
    "libcairo2-dev": (
        r"\bcairo\.h: No such file|No package '?cairo'? found|Dependency \"cairo\" not found"
    ),
    "libsqlite3-dev": r"\bsqlite3\.h: No such file",
    "unixodbc-dev": r"\bsql(ext)?\.h: No such file",
    "libmagic1": r"failed to find libmagic|\bmagic\.h: No such file",
    "libgdal-dev": r"\bgdal-config: (command )?not found|\bgdal\.h: No such file|gdal_config_error",
    "libgeos-dev": r"\bgeos_c\.h: No such file|\bgeos-config: (command )?not found",
    "libmemcached-dev": r"\blibmemcached/\w+\.h: No such file",
    "libkrb5-dev": r"\bkrb5-config: (command )?not found|\bgssapi/\w+\.h: No such file",
    "libxmlsec1-dev": r"\bxmlsec/\w+\.h: No such file|No package '?xmlsec1",
    "zlib1g-dev": r"could not be found for zlib|\bzlib\.h: No such file",
    "libfreetype-dev": r"\bft2build\.h: No such file",
    "libyaml-dev": r"\byaml\.h: No such file",
    "cmake": (
        r"\bcmake: (command )?not found|No such file or directory: '[^']*\bcmake'"
        r"|CMake must be installed"
    ),
    "libffi-dev": r"\bffi\.h: No such file",
    "libxslt1-dev": r"libxml2 and libxslt development packages|\blibxml/\w+\.h: No such file",
    "libjpeg-dev": r"could not be found for jpeg|\bjpeglib\.h: No such file",
    "libssl-dev": r"\bopenssl/\w+\.h: No such file",
    "cargo": r"Cargo, the Rust package manager, is not installed|can't find Rust compiler",
    **headers.signs(),
    "git": r"Cannot find command 'git'|\bgit: (command )?not found",
}
"""What a package's lack looks like, in what compilers, pip, node-gyp and others write."""
OTHER_PYTHON = (
    ' is not the Python that it gets: set app.python.version, such as "3.12", or ask for a version'
    " of the package that fits"
)
OTHER_INDEX = (
    "pip could not reach an index, or found nothing there. A line -i or --index-url in"
    " requirements.txt goes before the host's own index: take it out if the host reaches only that"
)


def packages(command: str, said: str) -> list[str]:
    """What `command`, of a build, seems to have failed for: it `said` so. Whatever pip compiles
    wants Python's headers too, so both are named at once."""
    found = [name for name, sign in SIGNS.items() if re.search(sign, said)]
    if COMPILER in found and re.search(r"\bpip\b", command) and "python3-dev" not in found:
        found.insert(1, "python3-dev")
    return found


def advice(command: str, said: str) -> str:
    """What to set, in a line; empty where nothing is seen to be missing."""
    names = ", ".join(f'"{name}"' for name in packages(command, said))
    if names:
        return f"the host seems to lack what it needs: add to app.build.packages: {names}"
    sign = r"require a different python version.*(Requires-Python [^\s;]+)(?s:.*)No matching distr"
    wanted = re.search(sign, said)
    if wanted:
        return wanted[1] + OTHER_PYTHON
    listed = re.search(r"\bpip\b.* -r requirements\.txt", command)
    unreached = re.search(r"connection broken by|\(from versions: none\)", said)
    return OTHER_INDEX if listed and unreached else ""
