"""No home folder and no name of the user survives in a report, in whatever spelling."""

import json
import re
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from wganstudio.diagnostics.privacy import Privacy

NAMES = st.one_of(
    st.sampled_from(
        ["ada", "Ada Lovelace", "o'brien", "jörg", "анна", "x-y", "a.b", "user_1", "nada", "小明"]
    ),
    st.text(st.characters(whitelist_categories=("Lu", "Ll", "Nd")), min_size=2, max_size=12),
)
WORDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=20)


def spellings(home: str) -> list[str]:
    """The ways in which a path stands in texts."""
    slashed = home.replace("\\", "/")
    forms = [home, slashed, home.upper(), repr(home), ascii(home), json.dumps(home)]
    forms += [home.replace("\\", "\\\\"), unicodedata.normalize("NFD", home)]
    forms += [f"file:///{quote(slashed.lstrip('/'), safe='/:')}", f"file://{slashed}"]
    return forms


def word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", re.IGNORECASE)


HOMES = st.sampled_from(["/home/{}", "/Users/{}", "/data/homes/{}", r"C:\Users\{}", "D:/Profiles/{}"])


@given(user=NAMES, root=HOMES, form=st.integers(0, 9), before=WORDS, after=WORDS, rest=st.booleans())
@example(user="ada", root="/home/{}", form=0, before="\\n", after="", rest=True)
@example(user="Ada Lovelace", root=r"C:\Users\{}", form=5, before="", after="", rest=False)
def test_no_home_and_no_name_survives(
    user: str, root: str, form: int, before: str, after: str, rest: bool
) -> None:
    assume(user.lower() not in {"user", "computer", "wganstudio", "localhost", "file", "home", "users"})
    home = root.format(user)
    separator = "\\" if "\\" in home else "/"
    folder = separator.join([home, "secret project", "table.csv"]) if rest else home
    text = f"{before} {spellings(folder)[form]} {after}\nFile {folder!r}, line 3\nthe window of {user} said"
    cleaned = Privacy([home], [user]).clean(text)
    for form_of_name in {user, unicodedata.normalize("NFD", user)}:
        assert not word(form_of_name).search(cleaned), cleaned
    assert home.lower() not in cleaned.lower()
    assert home.replace("\\", "/").lower() not in cleaned.lower()


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Saved to /home/ada/thesis/a.wgs.", "Saved to ~/…/a.wgs."),
        ("file:///home/ada/a%20b.csv", "~/a%20b.csv"),
        ("/home/adam/x.csv", "…/x.csv"),
        (r"C:\Users\ADALOV~1\AppData\Local\Temp\x.log", "…/x.log"),
        (r"\\server\share\ada\x.csv", "…/x.csv"),
        ('p_file = "C:\\\\Users\\\\ada\\\\t.csv"', 'p_file = "~/t.csv"'),
        ('p_file = "my data/secret/t.csv"', 'p_file = "…/t.csv"'),
        ('p_file = "/srv/my data/secret/my t.csv"', 'p_file = "…/my t.csv"'),
        ('File "/usr/lib/python3.11/runpy.py", line 3', 'File "…/python3.11/runpy.py", line 3'),
        (
            'File "/home/ada/x/.venv/lib/python3.11/site-packages/torch/nn.py", line 3',
            'File "…/python3.11/site-packages/torch/nn.py", line 3',
        ),
        ('File "/home/ada/src/wganstudio/cli/run.py", line 3', 'File "…/wganstudio/cli/run.py", line 3'),
        ('File "C:\\Users\\ada\\x.py", line 3', 'File "~/x.py", line 3'),
        ("the window of ada (process 12 on lab-3)", "the window of USER (process 12 on COMPUTER)"),
        (
            "https://github.com/x/y and 3 steps/s, 1 / 2, W1/W2",
            "https://github.com/x/y and 3 steps/s, 1 / 2, W1/W2",
        ),
        ("adamant, ADA and nada", "adamant, USER and nada"),
    ],
)
def test_paths_are_cut_to_what_helps(text: str, cleaned: str) -> None:
    privacy = Privacy(["/home/ada", r"C:\Users\ada"], ["ada"], ["lab-3"])
    assert privacy.clean(text) == cleaned
    assert privacy.clean(cleaned) == cleaned


@pytest.mark.parametrize("home", ["", "/", "C:\\", "C:"])
def test_a_root_is_no_home(home: str) -> None:
    assert Privacy([home], [""]).clean("W1 / W2 in C: a") == "W1 / W2 in C: a"


def test_this_user_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/countess")
    monkeypatch.setenv("USER", "lovelace")
    cleaned = Privacy.of_this_user().clean("/home/countess/x lovelace countess")
    assert cleaned == "~/x USER USER"


def test_without_a_home_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no home")

    monkeypatch.setattr("pathlib.Path.home", fail)
    monkeypatch.setattr("getpass.getuser", fail)
    assert Privacy.of_this_user().clean("plain") == "plain"
