"""pip, where Debian left it out."""

import hashlib
import sys

import pytest

from wganstudio_setup import console, environment, pip_wheel, system_libraries

PAGE = f"""<a href="../../files/pip-1.0.tar.gz#sha256=00">pip-1.0.tar.gz</a>
<a data-requires-python="&gt;=3.10" href="../../files/{pip_wheel.WHEEL}#sha256=11">{pip_wheel.WHEEL}</a>"""


def test_the_wheel_is_found_on_an_indexs_page():
    link = pip_wheel.link_to_wheel(PAGE, "https://mirror.example/simple/pip/")
    assert link == f"https://mirror.example/files/{pip_wheel.WHEEL}#sha256=11"


def test_an_index_without_the_wheel_is_a_lookup_error():
    with pytest.raises(LookupError):
        pip_wheel.link_to_wheel("<a href='pip-1.0.tar.gz'>", "https://mirror.example/simple/pip/")


def install(tmp_path, content: bytes, run) -> list[str]:
    asked = []

    def get(address):
        asked.append(address)
        return PAGE.encode() if address.endswith("/pip/") else content

    pip_wheel.install_pip(tmp_path / "python", tmp_path, get, run)
    return asked


def test_a_wheel_that_is_not_the_known_one_is_not_run(tmp_path, fake_commands):
    run = fake_commands()
    with pytest.raises(LookupError, match="expected checksum"):
        install(tmp_path, b"something else", run)
    assert run.asked == []


def test_the_wheel_comes_from_pips_own_index_and_installs_itself(tmp_path, monkeypatch, fake_commands):
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple/")
    monkeypatch.setattr(pip_wheel, "SHA256", hashlib.sha256(b"the wheel").hexdigest())
    run = fake_commands()
    assert install(tmp_path, b"the wheel", run)[0] == "https://mirror.example/simple/pip/"
    assert "--no-index" in run.asked[0]
    assert not (tmp_path / pip_wheel.WHEEL).exists()


@pytest.mark.parametrize("who", ["root", "plain"])
def test_without_ensurepip_and_network_the_systems_package_helps_or_is_named(
    checkout, monkeypatch, fake_commands, user, who
):
    def unreachable(*_):
        raise OSError("timed out")

    user(who)
    fake = fake_commands()
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(pip_wheel, "install_pip", unreachable)
    monkeypatch.setattr(system_libraries, "package_manager", lambda: "apt-get")
    package = f"python3.{sys.version_info.minor}-venv"
    if who == "root":
        checkout.ensure()
        assert fake.asked[-2:] == ["apt-get update", f"apt-get install -y --no-install-recommends {package}"]
    else:
        with pytest.raises(console.Problem) as problem:
            checkout.ensure()
        command = f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {package}"
        assert str(problem.value).splitlines() == [
            "error: This Python has no pip, and downloading it failed: timed out.",
            "  Connect to the internet and try again, or run this command before:",
            f"  {command}",
        ]
        assert not fake.mentioning("install")
