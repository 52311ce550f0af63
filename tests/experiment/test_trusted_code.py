"""Code that an experiment names is found without importing it, and runs with consent to its content alone."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wganstudio.experiment import BadExperiment, read, trusted_code


@pytest.fixture(autouse=True)
def no_consent() -> Iterator[None]:
    before = trusted_code.granted()
    trusted_code.adopt({})
    yield
    trusted_code.adopt(before)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package whose import would fail, beside a folder without __init__.py."""
    folder = tmp_path / "hostile_package"
    folder.mkdir()
    for name in ("__init__", "critics"):
        (folder / f"{name}.py").write_text("raise AssertionError('it was imported')\n")
    (tmp_path / "plain_folder").mkdir()
    (tmp_path / "plain_folder" / "critics.py").write_text("raise AssertionError('it was imported')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def test_a_module_is_found_with_its_packages_and_not_imported(package: Path) -> None:
    files = trusted_code.module_files("hostile_package.critics")
    assert files == [package / "__init__.py", package / "critics.py"]
    assert trusted_code.module_files("plain_folder.critics") == [
        package.parent / "plain_folder" / "critics.py"
    ]
    assert not {"hostile_package", "plain_folder"} & set(sys.modules)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("no_such_module", "there is no module no_such_module"),
        ("hostile_package.nothing", "there is no module"),
        ("hostile_package.critics.deeper", "there is no module"),
        ("plain_folder", "plain_folder is no file of Python code"),
        ("sys", "sys is no file of Python code"),
    ],
)
def test_what_is_no_module_with_a_file_is_refused(package: Path, name: str, sentence: str) -> None:
    with pytest.raises(BadExperiment, match=sentence):
        trusted_code.allow(name)
    assert trusted_code.granted() == {}


def test_the_installed_app_names_its_own_place_of_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadExperiment, match="add its folder to PYTHONPATH"):
        trusted_code.allow("no_such_module")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(BadExperiment, match="put it into the folder of plugins"):
        trusted_code.allow("no_such_module")


def test_consent_is_to_the_present_content(package: Path) -> None:
    with pytest.raises(BadExperiment, match=r"is code that you have not allowed to run; .*--allow-code"):
        trusted_code.require_consent("hostile_package.critics")
    trusted_code.allow("hostile_package.critics")
    trusted_code.require_consent("hostile_package.critics")
    (package / "__init__.py").write_text("import os\n")
    with pytest.raises(BadExperiment, match="has changed since you allowed it"):
        trusted_code.require_consent("hostile_package.critics")


def test_a_job_replaces_the_consent_of_its_process(package: Path) -> None:
    trusted_code.allow("hostile_package")
    trusted_code.adopt({})
    with pytest.raises(BadExperiment, match="not allowed"):
        trusted_code.require_consent("hostile_package")


def test_names_as_users_type_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "critic.pt").touch()
    assert trusted_code.code_name("critic.pt") == str(tmp_path / "critic.pt")
    assert trusted_code.code_name("folder/critic.pt") == str(tmp_path / "folder" / "critic.pt")
    assert trusted_code.code_name("my_package.critics:Critic") == "my_package.critics"


def test_an_experiment_names_its_code(tmp_path: Path) -> None:
    critic = {"kind": "own", "module": "a.b:C"}
    generator = {"kind": "own", "script_file": str(tmp_path / "g.pt")}
    assert read({"critic": critic, "generator": generator}).code == ("a.b", str(tmp_path / "g.pt"))
    assert read({}).code == ()
