import re

import pytest

from wganstudio import licenses
from wganstudio.licenses import components


def named(name):
    return next(one for one in components() if one.name.lower() == name.lower())


def test_every_requirement_is_there_with_what_it_requires_itself():
    names = {one.name.lower() for one in components()}
    assert {"wganstudio", "torch", "numpy", "pot", "pydantic", "pydantic_core", "pyqtgraph", "sympy"} <= names
    assert "pytest" not in names, "an extra is nothing the app stands on"


def test_every_component_names_a_license_and_has_a_text():
    for one in components():
        assert len(one.text) > 60, one.name
        assert one.version == "" or one.license != "", one.name
        assert one.license != "see its text" or "home page" in one.text or "icense" in one.text, one.name


@pytest.mark.parametrize(
    "name, words", [("numpy", "BSD-3-Clause"), ("matplotlib", "Python Software"), ("POT", "MIT")]
)
def test_a_license_is_read_from_wherever_the_package_says_it(name, words):
    assert words in named(name).license


def test_qt_comes_with_the_texts_that_its_license_asks_for():
    assert re.search(r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3", named("GNU LGPL 3").text)
    assert re.search(r"GNU GENERAL PUBLIC LICENSE\s+Version 3", named("GNU GPL 3").text)
    assert named("PySide6_Essentials").license.startswith("LGPL-3.0")


def test_a_package_that_is_not_installed_is_left_out(monkeypatch):
    monkeypatch.setattr(licenses, "REQUIREMENT", re.compile(r"(nobody-has-this)"))
    assert licenses.required("nobody-has-this") == []
