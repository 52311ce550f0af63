"""The shipped files, and those of plugins beside them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from wganstudio import resources
from wganstudio.experiment import presets
from wganstudio.gui.help_pages import help_page, help_pages
from wganstudio.gui.widgets.help_text import HelpText
from wganstudio.suites.running import suite_file, suite_files

PRESET = """
[about]
name = "Mine"
question = "Mine?"
[pair]
kind = "gaussians"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The folder of a plugin, which is registered."""
    files = {"presets/mine.toml": PRESET, "presets/broken.toml": "[pair]\nkind = 7", "help/mine.md": "# Mine"}
    files |= {"suites/mine.toml": "", "help/picture.png": ""}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    resources.register_files(tmp_path)
    yield tmp_path
    resources.unregister_files(tmp_path)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Read the files anew, before and after."""
    for cached in (presets, help_pages):
        cached.cache_clear()
    yield
    for cached in (presets, help_pages):
        cached.cache_clear()


def test_files_of_a_plugin_follow_the_shipped_ones(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    names = list(presets())
    assert names[0] == "first-look" and names[-1] == "mine" and "broken" not in names
    assert "broken.toml is left out" in caplog.text
    assert presets()["mine"].picture == folder / "presets" / "pictures" / "mine.npz"
    assert help_pages()[-1].title == "Mine" and help_page("mine").file == folder / "help" / "mine.md"
    assert suite_file("mine") == folder / "suites" / "mine.toml" and list(suite_files())[-1] == "mine"


def test_pictures_of_a_page_lie_beside_it(folder: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QImage, QTextDocument

    image = QImage(8, 8, QImage.Format.Format_RGB32)
    assert image.save(str(folder / "help" / "picture.png"))
    text = HelpText()
    qtbot.addWidget(text)
    text.show_link("mine")
    kind = QTextDocument.ResourceType.ImageResource.value
    assert text.loadResource(kind, QUrl("picture.png")).width() == 8
    assert text.loadResource(kind, QUrl("../presets/mine.toml")) is None
    assert text.loadResource(kind, QUrl("images/window.png")).isNull()  # of the shipped pages


def test_a_plugin_cannot_replace_a_file(tmp_path: Path) -> None:
    (tmp_path / "presets").mkdir()
    with pytest.raises(ValueError, match="has no files in presets, suites, help"):
        resources.register_files(tmp_path)
    (tmp_path / "presets" / "first-look.toml").write_text(PRESET, encoding="utf-8")
    with pytest.raises(ValueError, match=r"another file presets/first-look\.toml"):
        resources.register_files(tmp_path)
    assert [file.stem for file in resources.files("presets")].count("first-look") == 1


def test_a_folder_is_registered_once(folder: Path) -> None:
    resources.register_files(folder)
    assert [file.stem for file in resources.files("help")].count("mine") == 1
