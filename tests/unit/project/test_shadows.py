"""No name that a package gives stands in the place of one of its modules: which of the two a reader
gets would depend on what was imported last."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import roles


def packages() -> list[ModuleType]:
    found = pkgutil.walk_packages(roles.__path__, "roles.")
    return [importlib.import_module(each.name) for each in found if each.ispkg]


def test_nothing_shadows_a_module() -> None:
    for package in packages():
        modules = {each.name for each in pkgutil.iter_modules(package.__path__)}
        shadows = [n for n in modules if not isinstance(getattr(package, n, package), ModuleType)]
        given = modules & set(getattr(package, "__all__", ()))
        assert not shadows, f"{package.__name__}: {shadows}"
        assert not given, f"{package.__name__}: {given}"
