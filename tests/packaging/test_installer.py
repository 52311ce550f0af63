"""The installers, built from a tiny stand-in for the frozen app: refusals, installation and removal."""

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from wganstudio_installer import app_contents, license_texts, linux, windows
from wganstudio_installer.check import debian_package
from wganstudio_installer.release import Release
from wganstudio_setup.console import Problem

REQUIRED = linux.Requirements({"libm.so.6", "libz.so.1"}, {"GLIBC": (2, 36), "GLIBCXX": (3, 4, 30)})
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what Linux users install")


def needs(*programs):
    missing = [program for program in programs if not shutil.which(program)]
    return pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} is not installed here")


@dataclass(frozen=True)
class FakeRelease(Release):
    """A release in a given folder."""

    root: Path = Path()

    @property
    def dist(self):
        return self.root / "dist"

    @property
    def work(self):
        return self.root / "work"


@pytest.fixture
def release(tmp_path):
    """A stand-in for the frozen app: a script that says its version."""
    fake = FakeRelease(root=tmp_path / "release")
    resources = fake.folder / "_internal" / "resources"
    (resources / "icons").mkdir(parents=True)
    (resources / "presets").mkdir()
    (resources / "presets" / "first-look.toml").write_text("")
    (resources / "icons" / "wganstudio.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    program = fake.folder / "wganstudio"
    program.write_text("#!/bin/sh\necho WGAN Studio of old\n")
    program.chmod(0o755)
    fake.work.mkdir()
    return fake


class Home:
    """A plain user's home, and the installer run in it."""

    def __init__(self, path, file):
        self.path = path
        self.file = file
        self.fakes = path / "fakes"
        self.fakes.mkdir(parents=True)

    def installs(self, *options):
        keep = {name: text for name, text in os.environ.items() if not name.startswith("XDG_")}
        environ = {**keep, "HOME": str(self.path), "PATH": f"{self.fakes}:{os.environ['PATH']}"}
        return subprocess.run(["sh", str(self.file), *options], env=environ, capture_output=True, text=True)

    def pretends(self, program, prints):
        """Another program of that name comes first on the path."""
        fake = self.fakes / program
        fake.write_text(f"#!/bin/sh\ncat <<'END'\n{prints}\nEND\n")
        fake.chmod(0o755)

    def contents(self):
        paths = (
            path.relative_to(self.path) for path in self.path.rglob("*") if self.fakes not in path.parents
        )
        return {str(path) for path in paths} - {"fakes"}


@pytest.fixture
def user_home(release, tmp_path):
    file = linux.self_extracting(release, REQUIRED)
    return Home(tmp_path / "a home", file)


@on_linux
@needs("xz")
class TestTheFileThatUnpacksItself:
    def test_installs_what_the_desktop_needs_and_removes_it_again(self, user_home):
        process = user_home.installs()
        assert process.returncode == 0, process.stderr
        app = user_home.path / ".local/opt/wganstudio/wganstudio"
        assert subprocess.run([app], capture_output=True, text=True).stdout == "WGAN Studio of old\n"
        entry = (user_home.path / ".local/share/applications/wganstudio.desktop").read_text()
        assert f'Exec="{app}" %f' in entry and "@" not in entry
        assert (user_home.path / ".local/bin/wganstudio").readlink() == app
        assert (user_home.path / ".local/share/mime/packages/wganstudio.xml").exists()
        assert (user_home.path / ".local/share/icons/hicolor/scalable/apps/wganstudio.svg").exists()
        process = user_home.installs("--uninstall")
        assert process.returncode == 0, process.stderr
        assert user_home.contents() <= {".local", ".local/share"}

    def test_an_upgrade_replaces_the_app_and_keeps_everything_else(self, user_home, release):
        user_home.installs()
        mine = user_home.path / ".config/wganstudio/window.ini"
        mine.parent.mkdir(parents=True)
        mine.write_text("theme=dark")
        (user_home.path / ".local/opt/wganstudio/left-over").write_text("of the old version")
        (release.folder / "wganstudio").write_text("#!/bin/sh\necho WGAN Studio of today\n")
        linux.self_extracting(release, REQUIRED)
        assert user_home.installs().returncode == 0
        app = user_home.path / ".local/opt/wganstudio"
        assert subprocess.run([app / "wganstudio"], capture_output=True, text=True).stdout.endswith("today\n")
        assert not (app / "left-over").exists() and mine.read_text() == "theme=dark"
        assert sorted(path.name for path in app.parent.iterdir()) == ["wganstudio"]

    def test_another_place_is_found_again_when_it_is_removed(self, user_home, tmp_path):
        place = tmp_path / "big disk" / "studio"
        assert user_home.installs("--target", str(place)).returncode == 0
        assert (place / "wganstudio").exists()
        assert user_home.installs("--uninstall").returncode == 0
        assert not place.exists()

    @pytest.mark.parametrize(
        "program, prints, words",
        [
            ("getconf", "glibc 2.31", "this Linux is too old: it has glibc 2.31, and WGAN Studio needs 2.36"),
            ("getconf", "", "another C library"),
            ("df", "x\ndisk 10 9 1 90% /", "are free; use --target"),
            ("sha256sum", "0000  -", "the file is damaged"),
        ],
    )
    def test_refuses_before_anything_is_written(self, user_home, program, prints, words):
        user_home.pretends(program, prints)
        process = user_home.installs()
        assert process.returncode == 1
        assert words in process.stderr and len(process.stderr.splitlines()) == 1
        assert user_home.contents() <= {".local", ".local/opt"}

    def test_another_processor_is_refused(self, user_home):
        user_home.pretends("uname", "Linux")
        process = user_home.installs()
        assert process.returncode == 1 and f"for {platform.machine()} processors" in process.stderr

    def test_never_touches_a_folder_that_is_not_its_own(self, user_home, tmp_path):
        theirs = tmp_path / "thesis"
        theirs.mkdir()
        (theirs / "chapter.tex").write_text("years of work")
        for options in (["--target", str(theirs)], ["--uninstall", "--target", str(theirs)]):
            process = user_home.installs(*options)
            assert process.returncode == 1 and "does not hold WGAN Studio" in process.stderr
        assert (theirs / "chapter.tex").read_text() == "years of work"

    def test_a_damaged_download_is_refused(self, user_home):
        whole = user_home.file.read_bytes()
        user_home.file.write_bytes(whole[:-20])
        process = user_home.installs()
        assert process.returncode == 1 and "damaged" in process.stderr
        assert not (user_home.path / ".local/opt/wganstudio").exists()

    def test_names_the_libraries_and_the_packages_that_are_missing(self, user_home):
        user_home.pretends("ldd", "\tlibxcb-cursor.so.0 => not found\n\tlibm.so.6 => /lib/libm.so.6 (0x0)")
        process = user_home.installs()
        assert process.returncode == 3
        assert "libxcb-cursor.so.0" in process.stderr and "libm" not in process.stderr
        assert "sudo apt install libc6 xkb-data zlib1g" in process.stderr

    def test_an_option_it_does_not_have(self, user_home):
        process = user_home.installs("--prefix=/")
        assert process.returncode == 1 and "there is no option --prefix=/; try --help" in process.stderr
        assert "--uninstall" in user_home.installs("--help").stdout


@on_linux
@needs("dpkg-deb")
@pytest.mark.parametrize("cuda", [False, True])
def test_the_debian_package_holds_what_the_desktop_needs(release, cuda):
    package = linux.deb(replace(release, cuda=cuda), REQUIRED)
    debian_package(package)
    field = ["dpkg-deb", "--field", str(package)]
    fields = subprocess.run(field, capture_output=True, text=True).stdout
    assert f"Package: wganstudio{'-cuda' if cuda else ''}\n" in fields
    assert f"Conflicts: wganstudio{'' if cuda else '-cuda'}\n" in fields
    assert "Depends: libc6 (>= 2.36), xkb-data, zlib1g\n" in fields


@on_linux
@needs("objdump", "dpkg-query")
def test_depends_are_what_the_programs_link_to_and_do_not_bring(tmp_path):
    shutil.copyfile("/bin/ls", tmp_path / "program")
    linked = subprocess.run(["ldd", "/bin/ls"], capture_output=True, text=True).stdout
    required = linux.requirements(tmp_path)
    assert required.libraries == {"libselinux.so.1", "libc.so.6"} & set(linked.split())
    assert (2, 2) <= required.versions["GLIBC"] < (3,)
    (tmp_path / "libselinux.so.1").touch()
    required = linux.requirements(tmp_path)
    assert required.libraries == {"libc.so.6"}
    assert linux.packages(required) == [f"libc6 (>= {required.glibc})", "xkb-data"]


def test_a_library_that_no_package_brings_is_named():
    with pytest.raises(Problem, match="libnobody"):
        linux.packages(linux.Requirements({"libnobody.so.7"}, {"GLIBC": (2, 36)}))


@pytest.mark.parametrize(
    "glibc, words", [("2.35", "Ubuntu 22.04"), ("2.36", "Debian 12"), ("2.39", "Debian 13")]
)
def test_an_old_system_is_reported_which_ones_will_do(glibc, words):
    assert words in linux.systems(glibc)


def test_a_template_with_a_word_left_open_or_never_used_is_an_error():
    with pytest.raises(KeyError, match="PROGRAM"):
        linux.fill("wganstudio.desktop")
    with pytest.raises(KeyError, match="NOBODY"):
        linux.fill("wganstudio.desktop", PROGRAM="x", NOBODY="y")


@pytest.mark.parametrize(
    "name, source, wanted",
    [
        ("torch/lib/libtorch_cpu.so", "/venv/torch/lib/libtorch_cpu.so", True),
        ("torch/bin/torch_shm_manager", "/venv/torch/bin/torch_shm_manager", True),
        ("torch/bin/test_api", "/venv/torch/bin/test_api", False),
        ("torch\\test\\cpp.exe", "C:\\venv\\torch\\test\\cpp.exe", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/venv/p/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", "/venv/p/libqvnc.so", False),
        ("libstdc++.so.6", "/lib/x86_64-linux-gnu/libstdc++.so.6", False),
        ("libfontconfig.so.1", "/usr/lib/x86_64-linux-gnu/libfontconfig.so.1", False),
        ("libcrypto.so.3", "/lib/x86_64-linux-gnu/libcrypto.so.3", True),
        ("libxcb-cursor.so.0", "/usr/lib/x86_64-linux-gnu/libxcb-cursor.so.0", True),
        ("libgomp-870cb1d0.so.1.0.0", "/venv/lib/libgomp-870cb1d0.so.1.0.0", True),
        ("numpy-2.4.6.dist-info/direct_url.json", "/venv/direct_url.json", False),
        ("numpy-2.4.6.dist-info/RECORD", "/venv/RECORD", True),
    ],
)
def test_what_goes_into_the_app(name, source, wanted):
    assert app_contents.is_wanted(name, source) is wanted


def test_python_and_every_library_of_the_system_travel_with_their_license(tmp_path):
    library = next(Path("/usr/lib").glob("*-linux-gnu/libcrypto.so.*"), None) if os.name == "posix" else None
    license_texts.write(tmp_path / "licenses", [str(library)] if library else [])
    texts = {path.stem: path.read_text() for path in (tmp_path / "licenses").iterdir()}
    python = next(
        text for name, text in texts.items() if name.startswith(f"Python {platform.python_version()}")
    )
    assert "PYTHON SOFTWARE FOUNDATION" in python.upper() or "PSF" in python
    if any("PyInstaller" in name for name in texts):  # an extra; its start program is part of the app
        assert any("bootloader" in text.lower() for name, text in texts.items() if "PyInstaller" in name)
    if library and shutil.which("dpkg-query"):
        assert any(name.startswith("libssl") and "OpenSSL" in text for name, text in texts.items())


@needs("makensis")
def test_the_windows_installer_compiles(release, tmp_path):
    (release.folder / "wganstudio.exe").write_bytes(b"MZ")
    icon = tmp_path / "icon.ico"
    from PIL import Image

    Image.new("RGBA", (64, 64)).save(icon)
    process = subprocess.run(
        windows.compiler(release, tmp_path / "out.exe", icon), capture_output=True, text=True
    )
    assert process.returncode == 0, process.stdout + process.stderr
    assert (tmp_path / "out.exe").read_bytes()[:2] == b"MZ"
    assert "0.1.0" in windows.version_resource("0.1.0") and "(0, 1, 0, 0)" in windows.version_resource(
        "0.1.0"
    )


def test_the_spec_is_python_that_compiles():
    spec = Path(windows.__file__).parents[1] / "wganstudio.spec"
    compile(spec.read_text(), str(spec), "exec")
