"""Files of a repository that say what a release is built with."""

from .choice import NODE, PYTHON

VERSIONS = (".python-version", ".nvmrc", ".node-version")
_BINARY = ("bun.lockb",)
NAMES = (
    *("requirements.txt", "pyproject.toml", "Pipfile"),
    *(name for name in (*PYTHON, *NODE, *VERSIONS) if name not in _BINARY),
)
