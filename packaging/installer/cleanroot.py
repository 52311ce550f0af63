"""Try the Linux installers where nothing is: in fresh systems made by debootstrap, as their users would.

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

from commands import virtual_x_server
from console import Problem, say
from release import Release
from wganstudio.session.document import Document, SessionError

TOOLS = ("debootstrap", "Xvfb", "xdotool", "import")
USER = "anna"
# What a desktop has and the smallest Debian lacks: opening by association, the databases behind it.
DESKTOP = ["libglib2.0-bin", "shared-mime-info", "desktop-file-utils", "xdg-utils"]
PASSING = re.compile(
    r"(tmp|proc|sys|dev|run|root|home/anna|var/(cache|log|tmp)|var/lib/(apt|dpkg|systemd))(/|$)"
)


def try_in_clean_root() -> int:
    """Install, use and remove both files; 0 if nothing failed and nothing was left."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if os.geteuid() or missing:
        raise Problem(
            "Trying in a clean root needs root" + (f", and {', '.join(missing)}." if missing else ".")
        )
    release = Release()
    base = release.work / "cleanroot"
    shots = release.dist / "screenshots"
    shots.mkdir(exist_ok=True)
    with virtual_x_server() as display:
        with Root.fresh(base / "deb", display, shots) as root:
            system_wide(root, newest(release.dist, "*.deb"))
        with Root.fresh(base / "run", display, shots) as root:
            in_the_home(root, newest(release.dist, "*.run"))
    say(f"Both installers passed in clean roots; screenshots: {shots}")
    return 0


def newest(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime)
    if not found:
        raise Problem("Nothing was built yet.", "Build it first: python3 packaging/bootstrap build")
    return found[-1]


def system_wide(root: "Root", package: Path) -> None:
    """The .deb: installed by apt, started from its entry, used, upgraded, and removed."""
    root.run("apt-get", "install", "-y", "--no-install-recommends", *DESKTOP)
    before = root.files()
    root.takes(package)
    begun = time.monotonic()
    root.run("apt-get", "install", "-y", "--no-install-recommends", f"/tmp/{package.name}")
    say(f"{package.name}: installed with its dependencies in {time.monotonic() - begun:.0f} s")
    if shutil.which("python3", path=str(root.path / "usr/bin")):
        raise Problem("There is a Python in the clean root, which may hide a missing part.")
    uses_the_app(root, "/usr/share/applications/wganstudio.desktop", "wganstudio", "deb")
    root.run("apt-get", "install", "-y", "--reinstall", f"/tmp/{package.name}")
    keeps_the_users_files(root)
    root.run("apt-get", "purge", "-y", "wganstudio")
    root.run("apt-get", "autoremove", "--purge", "-y")
    left = sorted(name for name in root.files() - before if "wgan" in name.lower())
    if left:
        raise Problem(f"{package.name} leaves behind: {', '.join(left[:8])}")
    keeps_the_users_files(root)
    others = sorted(root.files() - before)
    say(f"{package.name}: removed; left of its dependencies' caches: {', '.join(others[:6]) or 'nothing'}")


def in_the_home(root: "Root", file: Path) -> None:
    """The .run: as a plain user who has a desktop's libraries and no rights."""
    root.run("apt-get", "install", "-y", "--no-install-recommends", *DESKTOP, "xz-utils")
    root.takes(file)
    told = root.user(f"sh /tmp/{file.name} || test $? = 3")
    command = re.search(r"sudo apt install (.*)", told)
    if command is None:
        raise Problem(f"{file.name} does not say which libraries are missing: {told[-400:]}")
    say(f"{file.name}: names the missing libraries; installing the packages it names")
    root.run("apt-get", "install", "-y", "--no-install-recommends", *command[1].split())
    told = root.user(f"sh /tmp/{file.name}")
    if "needs:" in told:
        raise Problem(f"{file.name} named too few packages: {told[-400:]}")
    entry = f"/home/{USER}/.local/share/applications/wganstudio.desktop"
    uses_the_app(root, entry, f"/home/{USER}/.local/bin/wganstudio", "run")
    root.user(f"sh /tmp/{file.name} --uninstall")
    left = sorted(name for name in root.everything(f"home/{USER}") if "wganstudio" in name)
    mine = re.compile(r"home/anna/(\.config|\.local/state)/wganstudio")
    if astray := [name for name in left if not mine.match(name)]:
        raise Problem(f"{file.name} leaves behind: {', '.join(astray[:8])}")
    keeps_the_users_files(root)
    say(f"{file.name}: removed; the user's settings and sessions are still there")


def uses_the_app(root: "Root", entry: str, program: str, name: str) -> None:
    """What a user does: start it from the menu, train, pause, export, open a session by double-click."""
    root.user(f"{program} --self-test")
    seconds = root.opens(f"gio launch {entry}", "New session")
    root.screenshot(f"{name}-started")
    root.presses("F5")
    until(lambda: root.trained() >= 200, "The run did not come to step 200.")
    root.presses("F6")
    time.sleep(2)
    standing = root.trained()
    root.screenshot(f"{name}-paused")
    if root.trained() > standing:
        raise Problem("The run goes on although it was paused.")
    root.presses("ctrl+shift+e")
    root.presses("Return", "Export figures")
    until(lambda: len(root.figures()) == 6, "Exporting from the window did not write six figures.")
    root.screenshot(f"{name}-exported")
    root.ends()
    root.user(f"{program} run first-look --steps 50 --session ~/kept.wgs")
    kind = root.user("gio info -a standard::content-type ~/kept.wgs")
    if "application/x-wganstudio-session" not in kind:
        raise Problem(f"The system takes a session for something else: {kind}")
    root.opens("gio open ~/kept.wgs", "kept.wgs")
    time.sleep(2)
    root.screenshot(f"{name}-opened")
    root.presses("ctrl+q")
    time.sleep(3)
    root.ends()
    say(
        f"{name}: window after {seconds:.1f} s; trained {standing} steps, paused, exported, "
        "opened a session by its association"
    )


def until(condition: Callable[[], bool], otherwise: str, seconds: float = 120) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Problem(otherwise)
        time.sleep(0.1)


def keeps_the_users_files(root: "Root") -> None:
    for place in ("kept.wgs", ".config/wganstudio/window.ini", "wgan-figures"):
        if not (root.path / "home" / USER / place).exists():
            raise Problem(f"The user's {place} is gone.")


class Root:
    """A system of its own in a folder, and a screen for it."""

    def __init__(self, path: Path, display: str, shots: Path) -> None:
        self.path = path
        self.display = display
        self.shots = shots

    @classmethod
    @contextlib.contextmanager
    def fresh(cls, path: Path, display: str, shots: Path) -> Iterator["Root"]:
        """A new one; it is gone afterward."""
        root = cls(path, display, shots)
        root.clear()
        path.mkdir(parents=True)
        suite = platform.freedesktop_os_release()["VERSION_CODENAME"]
        say(f"Making a fresh {suite} in {path} (usually 2 minutes) ...")
        command = ["debootstrap", "--variant=minbase", suite, str(path)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Problem(f"debootstrap failed: {done.stdout.strip()[-400:]}")
        shutil.copytree("/etc/apt", path / "etc/apt", dirs_exist_ok=True)  # the mirrors of this machine
        shutil.copyfile("/etc/resolv.conf", path / "etc/resolv.conf")
        subprocess.run(["mount", "-t", "proc", "proc", str(path / "proc")], check=True)
        subprocess.run(["mount", "--bind", "/dev", str(path / "dev")], check=True)
        try:
            root.run("apt-get", "update")
            root.run("useradd", "--create-home", USER)
            yield root
        finally:
            root.ends()
            root.clear()

    def clear(self) -> None:
        """Remove it; never while something of this system is mounted in it."""
        mounts = [self.path / "dev", self.path / "proc"]
        for place in mounts:
            subprocess.run(["umount", "-l", str(place)], capture_output=True)
        if self.path.exists() and not any(map(os.path.ismount, mounts)):
            shutil.rmtree(self.path)

    def run(self, *command: str) -> str:
        """What a command prints there, as root."""
        return self._checked(
            ["chroot", str(self.path), "/usr/bin/env", "-i", *self._environ("/root"), *command]
        )

    def user(self, line: str) -> str:
        """What a line of shell prints there, as the plain user."""
        return self._checked(self._as_user(line))

    def takes(self, file: Path) -> None:
        """Put a file into its /tmp, as a download."""
        shutil.copyfile(file, self.path / "tmp" / file.name)

    def files(self) -> set[str]:
        """Everything that belongs to the system."""
        return {name for name in self.everything() if not PASSING.match(name)}

    def everything(self, below: str = "") -> set[str]:
        """Every file below a folder."""
        top = self.path / below
        found = subprocess.run(["find", str(top), "-xdev"], capture_output=True, text=True).stdout
        return {os.path.relpath(line, self.path) for line in found.splitlines()}

    def opens(self, line: str, title: str) -> float:
        """Start something in the background; the seconds until a window has this in its title."""
        begun = time.monotonic()
        with (self.shots / "app.log").open("ab") as log:
            subprocess.Popen(self._as_user(line), stdout=log, stderr=log, start_new_session=True)
        self._window(title)
        return time.monotonic() - begun

    def presses(self, keys: str, title: str = "WGAN Studio") -> None:
        """Press keys in the window of that title."""
        self._xdotool("windowfocus", "--sync", self._window(title))
        self._xdotool("key", keys)

    def trained(self) -> int:
        """The step that the run in the window has come to, as its unsaved session tells."""
        for path in (self.path / "home" / USER / ".local/state/wganstudio").rglob("*.wgs"):
            with contextlib.suppress(SessionError), contextlib.closing(Document.open(path)) as session:
                return max((record.step for record in session.records()), default=0)
        return 0

    def figures(self) -> set[str]:
        """What was exported into the folder that the window proposes."""
        return {one for one in self.everything(f"home/{USER}/wgan-figures") if one.endswith((".png", ".pdf"))}

    def screenshot(self, name: str) -> None:
        """A picture of the screen."""
        time.sleep(1)
        command = ["import", "-display", self.display, "-window", "root", str(self.shots / f"{name}.png")]
        subprocess.run(command, check=True)

    def ends(self) -> None:
        """End every process that runs there."""
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.readlink(place / "root") == str(self.path):
                    os.kill(int(place.name), 9)
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
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise Problem(
                f"{' '.join(command[6:])[-200:]} failed: {(done.stdout + done.stderr).strip()[-600:]}"
            )
        return done.stdout + done.stderr

    def _window(self, title: str) -> str:
        """The window with this in its title, once it is there."""
        until(
            lambda: bool(self._xdotool("search", "--onlyvisible", "--name", title)),
            f"There is no window {title!r}; see {self.shots / 'app.log'}",
        )
        return self._xdotool("search", "--onlyvisible", "--name", title)[-1]

    def _xdotool(self, *words: str) -> list[str]:
        environ = {**os.environ, "DISPLAY": self.display}
        return subprocess.run(["xdotool", *words], env=environ, capture_output=True, text=True).stdout.split()
