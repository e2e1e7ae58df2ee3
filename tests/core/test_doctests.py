import doctest
import importlib
import pkgutil

import pytest

import redway.core
import redway.figures

MODULES = [
    module.name
    for package in (redway.core, redway.figures)
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_the_docstrings_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
