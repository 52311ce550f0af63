"""Try the Linux installers in fresh systems made by debootstrap, as a user would.

Needs root, a Debian or Ubuntu, and the programs in TOOLS. Screenshots go to dist/screenshots.
"""

import contextlib
import os
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from wganstudio.session.document import Document, SessionError
from wganstudio_setup.commands import virtual_x_server
from wganstudio_setup.console import Problem, report

from .release import Release

TOOLS = ("debootstrap", "Xvfb", "xdotool", "import")
USER = "anna"
# Parts of a desktop that a minimal Debian lacks: opening files by association, and its databases.
DESKTOP = ["libglib2.0-bin", "shared-mime-info", "desktop-file-utils", "xdg-utils"]
TRANSIENT = re.compile(
    r"(tmp|proc|sys|dev|run|root|home/anna|var/(cache|log|tmp)|var/lib/(apt|dpkg|systemd))(/|$)"
)


def try_in_clean_root() -> int:
    """Install, use and remove both installers; return 0 if they pass and leave nothing behind."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if os.geteuid() or missing:
        raise Problem(
            "Trying in a clean root needs root" + (f", and {', '.join(missing)}." if missing else ".")
        )
    release = Release()
    base = release.work / "cleanroot"
    shots = release.dist / "screenshots"
    shots.mkdir(exist_ok=True)
    release.work.mkdir(exist_ok=True)
    with virtual_x_server(release.work / "cleanroot.log") as display:
        with Root.fresh(base / "deb", display, shots) as root:
            try_deb(root, newest(release.dist, "*.deb"))
        with Root.fresh(base / "run", display, shots) as root:
            try_self_extracting(root, newest(release.dist, "*.run"))
    report(f"Both installers passed in clean roots; screenshots: {shots}")
    return 0


def newest(folder: Path, pattern: str) -> Path:
    paths = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime)
    if not paths:
        raise Problem("There is no build yet.", "Build it first: python3 packaging/bootstrap build")
    return paths[-1]


def try_deb(root: "Root", package: Path) -> None:
    """Install the .deb with apt, start it from the menu entry, use, upgrade and remove it."""
    root.run("apt-get", "install", "-y", "--no-install-recommends", *DESKTOP)
    before = root.files()
    root.copy_in(package)
    start = time.monotonic()
    root.run("apt-get", "install", "-y", "--no-install-recommends", f"/tmp/{package.name}")
    report(f"{package.name}: installed with its dependencies in {time.monotonic() - start:.0f} s")
    if shutil.which("python3", path=str(root.path / "usr/bin")):
        raise Problem("The clean root contains a Python, which may hide a missing part of the app.")
    use_app(root, "/usr/share/applications/wganstudio.desktop", "wganstudio", "deb")
    root.run("apt-get", "install", "-y", "--reinstall", f"/tmp/{package.name}")
    require_user_files(root)
    root.run("apt-get", "purge", "-y", "wganstudio")
    root.run("apt-get", "autoremove", "--purge", "-y")
    left = sorted(name for name in root.files() - before if "wgan" in name.lower())
    if left:
        raise Problem(f"{package.name} leaves behind: {', '.join(left[:8])}")
    require_user_files(root)
    others = sorted(root.files() - before)
    report(f"{package.name}: removed; caches of its dependencies left: {', '.join(others[:6]) or 'nothing'}")


def try_self_extracting(root: "Root", file: Path) -> None:
    """Install, use and remove the .run as a user without administrator rights."""
    root.run("apt-get", "install", "-y", "--no-install-recommends", *DESKTOP, "xz-utils")
    root.copy_in(file)
    output = root.user(f"sh /tmp/{file.name} || test $? = 3")
    command = re.search(r"sudo apt install (.*)", output)
    if command is None:
        raise Problem(f"{file.name} does not name the missing libraries: {output[-400:]}")
    report(f"{file.name}: names the missing libraries; installing the packages it names")
    root.run("apt-get", "install", "-y", "--no-install-recommends", *command[1].split())
    output = root.user(f"sh /tmp/{file.name}")
    if "needs:" in output:
        raise Problem(f"{file.name} named too few packages: {output[-400:]}")
    entry = f"/home/{USER}/.local/share/applications/wganstudio.desktop"
    use_app(root, entry, f"/home/{USER}/.local/bin/wganstudio", "run")
    root.user(f"sh /tmp/{file.name} --uninstall")
    left = sorted(name for name in root.all_paths(f"home/{USER}") if "wganstudio" in name)
    settings = re.compile(r"home/anna/(\.config|\.local/state)/wganstudio")
    if unexpected := [name for name in left if not settings.match(name)]:
        raise Problem(f"{file.name} leaves behind: {', '.join(unexpected[:8])}")
    require_user_files(root)
    report(f"{file.name}: removed; the user's settings and sessions are kept")


def use_app(root: "Root", entry: str, program: str, name: str) -> None:
    """Start the app from the menu, train, pause, export, and open a session by double-click."""
    root.user(f"{program} --self-test")
    seconds = root.open_window(f"gio launch {entry}", "New session")
    root.screenshot(f"{name}-started")
    root.press("F5")
    wait_until(lambda: root.current_step() >= 200, "The run did not reach step 200.")
    root.press("F6")
    time.sleep(2)
    paused_at = root.current_step()
    root.screenshot(f"{name}-paused")
    if root.current_step() > paused_at:
        raise Problem("The run continues although it is paused.")
    root.press("ctrl+shift+e")
    root.press("Return", "Export figures")
    wait_until(lambda: len(root.exported_figures()) == 6, "The export did not write six figures.")
    root.screenshot(f"{name}-exported")
    root.end_processes()
    root.user(f"{program} run first-look --steps 50 --session ~/kept.wgs")
    kind = root.user("gio info -a standard::content-type ~/kept.wgs")
    if "application/x-wganstudio-session" not in kind:
        raise Problem(f"The system does not recognize a session file: {kind}")
    root.open_window("gio open ~/kept.wgs", "kept.wgs")
    time.sleep(2)
    root.screenshot(f"{name}-opened")
    root.press("ctrl+q")
    time.sleep(3)
    root.end_processes()
    report(
        f"{name}: window after {seconds:.1f} s; trained {paused_at} steps, paused, exported, "
        "opened a session by its association"
    )


def wait_until(condition: Callable[[], bool], otherwise: str, seconds: float = 120) -> None:
    """Wait for a condition; raise a Problem with `otherwise` after some time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Problem(otherwise)
        time.sleep(0.1)


def require_user_files(root: "Root") -> None:
    for name in ("kept.wgs", ".config/wganstudio/window.ini", "wgan-figures"):
        if not (root.path / "home" / USER / name).exists():
            raise Problem(f"The user's {name} is gone.")


class Root:
    """A Debian system in a folder, with a display."""

    def __init__(self, path: Path, display: str, shots: Path) -> None:
        self.path = path
        self.display = display
        self.shots = shots

    @classmethod
    @contextlib.contextmanager
    def fresh(cls, path: Path, display: str, shots: Path) -> Iterator["Root"]:
        """Yield a new system; remove it afterward."""
        root = cls(path, display, shots)
        root.clear()
        path.mkdir(parents=True)
        suite = platform.freedesktop_os_release()["VERSION_CODENAME"]
        report(f"Creating a fresh {suite} in {path} (usually 2 minutes) ...")
        command = ["debootstrap", "--variant=minbase", suite, str(path)]
        process = subprocess.run(command, capture_output=True, text=True)
        if process.returncode:
            raise Problem(f"debootstrap failed: {process.stdout.strip()[-400:]}")
        shutil.copytree("/etc/apt", path / "etc/apt", dirs_exist_ok=True)  # the mirrors of this machine
        shutil.copyfile("/etc/resolv.conf", path / "etc/resolv.conf")
        subprocess.run(["mount", "-t", "proc", "proc", str(path / "proc")], check=True)
        subprocess.run(["mount", "--bind", "/dev", str(path / "dev")], check=True)
        try:
            root.run("apt-get", "update")
            root.run("useradd", "--create-home", USER)
            yield root
        finally:
            root.end_processes()
            root.clear()

    def clear(self) -> None:
        """Remove it, unless a file system of the host is still mounted in it."""
        mounts = [self.path / "dev", self.path / "proc"]
        for mount in mounts:
            subprocess.run(["umount", "-l", str(mount)], capture_output=True)
        if self.path.exists() and not any(map(os.path.ismount, mounts)):
            shutil.rmtree(self.path)

    def run(self, *command: str) -> str:
        """Return the output of a command run there as root."""
        return self._checked(
            ["chroot", str(self.path), "/usr/bin/env", "-i", *self._environ("/root"), *command]
        )

    def user(self, line: str) -> str:
        """Return the output of a shell line run there as the user."""
        return self._checked(self._as_user(line))

    def copy_in(self, file: Path) -> None:
        """Copy a file into its /tmp."""
        shutil.copyfile(file, self.path / "tmp" / file.name)

    def files(self) -> set[str]:
        """Return the paths that belong to the system."""
        return {name for name in self.all_paths() if not TRANSIENT.match(name)}

    def all_paths(self, below: str = "") -> set[str]:
        """Return every path below a folder."""
        top = self.path / below
        output = subprocess.run(["find", str(top), "-xdev"], capture_output=True, text=True).stdout
        return {os.path.relpath(line, self.path) for line in output.splitlines()}

    def open_window(self, line: str, title: str) -> float:
        """Start a program in the background; return the seconds until a window has this in its title."""
        start = time.monotonic()
        with (self.shots / "app.log").open("ab") as log:
            subprocess.Popen(self._as_user(line), stdout=log, stderr=log, start_new_session=True)
        self._window(title)
        return time.monotonic() - start

    def press(self, keys: str, title: str = "WGAN Studio") -> None:
        """Press keys in the window with this in its title."""
        self._xdotool("windowfocus", "--sync", self._window(title))
        self._xdotool("key", keys)

    def current_step(self) -> int:
        """Return the current step of the run in the window, from its unsaved session."""
        for path in (self.path / "home" / USER / ".local/state/wganstudio").rglob("*.wgs"):
            with contextlib.suppress(SessionError), contextlib.closing(Document.open(path)) as session:
                return max((record.step for record in session.records()), default=0)
        return 0

    def exported_figures(self) -> set[str]:
        """Return the figures in the default export folder."""
        return {
            path for path in self.all_paths(f"home/{USER}/wgan-figures") if path.endswith((".png", ".pdf"))
        }

    def screenshot(self, name: str) -> None:
        """Save a picture of the screen."""
        time.sleep(1)
        command = ["import", "-display", self.display, "-window", "root", str(self.shots / f"{name}.png")]
        subprocess.run(command, check=True)

    def end_processes(self) -> None:
        """Kill every process that runs there."""
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.readlink(process / "root") == str(self.path):
                    os.kill(int(process.name), 9)
        time.sleep(0.5)

    def _as_user(self, line: str) -> list[str]:
        environ = self._environ(f"/home/{USER}")
        return [
            "chroot",
            f"--userspec={USER}",
            str(self.path),
            "/usr/bin/env",
            "-i",
            *environ,
            "sh",
            "-c",
            line,
        ]

    def _environ(self, home: str) -> list[str]:
        return [
            "PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin",
            f"HOME={home}",
            f"DISPLAY={self.display}",
            "LANG=C.UTF-8",
            "DEBIAN_FRONTEND=noninteractive",
        ]

    def _checked(self, command: list[str]) -> str:
        process = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if process.returncode:
            raise Problem(
                f"{' '.join(command[6:])[-200:]} failed: {(process.stdout + process.stderr).strip()[-600:]}"
            )
        return process.stdout + process.stderr

    def _window(self, title: str) -> str:
        """Return the id of the window with this in its title, once it exists."""
        wait_until(
            lambda: bool(self._xdotool("search", "--onlyvisible", "--name", title)),
            f"There is no window {title!r}; see {self.shots / 'app.log'}",
        )
        return self._xdotool("search", "--onlyvisible", "--name", title)[-1]

    def _xdotool(self, *arguments: str) -> list[str]:
        environ = {**os.environ, "DISPLAY": self.display}
        return subprocess.run(
            ["xdotool", *arguments], env=environ, capture_output=True, text=True
        ).stdout.split()
