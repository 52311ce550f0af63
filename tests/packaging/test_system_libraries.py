"""System libraries: found missing, named, installed."""

from pathlib import Path

import pytest

from wganstudio_setup import console, system_libraries

LDD = """\
/venv/PySide6/Qt/lib/libQt6Gui.so.6:
\tlinux-vdso.so.1 (0x00007ffd)
\tlibEGL.so.1 => not found
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
\tlibglib-2.0.so.0 => not found
/venv/PySide6/Qt/plugins/platforms/libqxcb.so:
\tlibxcb-cursor.so.0 => not found
\tlibEGL.so.1 => not found
\tlibQt6XcbQpa.so.6 => /venv/PySide6/Qt/lib/libQt6XcbQpa.so.6 (0x00007f)
"""
LACKING = {"libEGL.so.1", "libglib-2.0.so.0", "libxcb-cursor.so.0"}


def test_the_loader_is_asked_about_the_plugin_of_the_platform(fake_commands):
    fake = fake_commands(output=LDD)
    assert system_libraries.missing(Path("/venv/Qt"), "xcb") == LACKING
    assert "/venv/Qt/plugins/platforms/libqxcb.so" in fake.asked[0]
    system_libraries.missing(Path("/venv/Qt"), "offscreen")
    assert "libqxcb" not in fake.asked[1]


@pytest.mark.parametrize(
    ("manager", "available", "packages"),
    [
        ("apt-get", {"libglib2.0-0t64"}, ["libegl1", "libglib2.0-0t64", "libxcb-cursor0"]),
        ("apt-get", set(), ["libegl1", "libglib2.0-0", "libxcb-cursor0"]),
        ("dnf", set(), ["glib2", "libglvnd-egl", "xcb-util-cursor"]),
        ("pacman", set(), ["glib2", "libglvnd", "xcb-util-cursor"]),
    ],
)
def test_packages_have_the_names_of_the_system(manager, available, packages):
    assert system_libraries.packages_for(LACKING, manager, available.__contains__) == packages


def test_every_package_is_named_for_every_manager():
    assert all(
        len(names) == len(system_libraries.MANAGERS) and all(names)
        for names in system_libraries.PACKAGES.values()
    )


def test_an_unknown_library_is_named():
    with pytest.raises(console.Problem, match=r"libnew\.so\.7"):
        system_libraries.packages_for({"libnew.so.7"}, "apt-get")


def test_root_installs_what_is_missing(monkeypatch, fake_commands, user, tmp_path):
    user("root")
    monkeypatch.setattr(system_libraries, "package_manager", lambda: "apt-get")
    fake = fake_commands("libglib2.0-0t64")  # a release without that name
    system_libraries.ensure(LACKING, "The window", tmp_path / "log")
    assert fake.mentioning("update") == ["apt-get update"]
    assert fake.asked[-1] == "apt-get install -y --no-install-recommends libegl1 libglib2.0-0 libxcb-cursor0"


def test_sudo_keeps_apt_from_asking(monkeypatch, fake_commands, user, tmp_path):
    user("sudo")
    monkeypatch.setattr(system_libraries, "package_manager", lambda: "apt-get")
    fake = fake_commands()
    system_libraries.ensure({"libEGL.so.1"}, "The window", tmp_path / "log")
    assert fake.asked[-1].startswith("sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install")


@pytest.mark.parametrize("who", ["plain", "root"])
def test_what_cannot_be_installed_is_named_with_the_exact_command(
    monkeypatch, fake_commands, user, tmp_path, who
):
    user(who)
    monkeypatch.setattr(system_libraries, "package_manager", lambda: "dnf")
    fake = fake_commands("dnf install")
    with pytest.raises(console.Problem) as problem:
        system_libraries.ensure(LACKING, "The window", tmp_path / "log")
    assert "sudo dnf install -y glib2 libglvnd-egl xcb-util-cursor" in str(problem.value)
    assert bool(fake.mentioning("install")) == (who == "root")  # a plain user's system is left alone


@pytest.mark.parametrize(("manager", "library"), [(None, "libEGL.so.1"), ("dnf", "libnew.so.7")])
def test_where_no_command_is_known_the_libraries_are_named(monkeypatch, manager, library):
    monkeypatch.setattr(system_libraries, "package_manager", lambda: manager)
    assert system_libraries.remedy({library}) == library


def test_nothing_is_touched_when_nothing_is_missing(fake_commands, tmp_path):
    fake = fake_commands()
    system_libraries.ensure(set(), "The window", tmp_path / "log")
    assert fake.asked == []
