"""No settings file, however damaged, keeps the window from opening."""

import pytest

from wganstudio import folders
from wganstudio.gui.app import _mode
from wganstudio.gui.settings import Settings

DAMAGES = {
    "empty": b"",
    "noise": bytes(range(256)) * 20,
    "not a section": b"[General\ntheme=\x00\x01==\n[[[]]",
    "wrong types": b"[General]\ntheme=@Variant(\\0\\0\\0\\x7f)\nrecent=@ByteArray(x)\n"
    b"[layout1]\ngeometry=5\nwindow=@ByteArray(garbage)\nviews=hello\n[export]\ndpi=many\n",
}


def test_what_was_put_is_there_next_time(tmp_path):
    settings = Settings()
    settings.put("theme", "dark")
    settings.add_recent(tmp_path / "a.wgs")
    settings.add_recent(tmp_path / "b.wgs")
    settings.save()
    again = Settings()
    assert again.get("theme", "system") == "dark"
    assert again.recent == [tmp_path / "b.wgs", tmp_path / "a.wgs"]


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_window_opens_with_damaged_settings(damage, request):
    (folders.config() / "window.ini").write_bytes(DAMAGES[damage])
    window = request.getfixturevalue("window")
    experiment = window.form.valid_experiment
    applicable = {name for name, view in window.area.views.items() if view.applies_to(experiment)}
    visible = {name for name, dock in window.area.docks.items() if dock.isVisible()}
    assert window.isVisible() and "landscape" in visible and visible == applicable
    assert window.theme.mode == "light"


def test_an_unknown_theme_is_the_systems():
    assert [_mode(text) for text in ("dark", "", "pink")] == ["dark", "system", "system"]


def test_without_a_place_to_write_nothing_is_remembered_and_nothing_breaks(monkeypatch):
    monkeypatch.setenv("WGANSTUDIO_HOME", "/proc/nowhere")
    settings = Settings()
    settings.add_recent(folders.Path("x.wgs"))
    assert settings.get("theme", "system") == "system"


def test_settings_that_cannot_be_written_say_so(monkeypatch):
    assert Settings().problem == ""
    monkeypatch.setattr(folders, "is_writable", lambda folder: False)
    assert Settings().problem == f"Settings cannot be saved: {folders.config()} is not writable."
    monkeypatch.setenv("WGANSTUDIO_HOME", "/proc/nowhere")
    assert Settings().problem.startswith("Settings cannot be saved: ")
