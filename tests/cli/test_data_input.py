"""Files and texts that a user gives at the terminal."""

from pathlib import Path

import pytest
from PIL import Image

from wganstudio.cli import main

CASES = Path(__file__).parents[1] / "data" / "cases"


def truth(capfd: pytest.CaptureFixture[str], *changes: str) -> tuple[int, str, str]:
    arguments = [text for change in changes for text in ("--set", change)]
    code = main(["truth", "data", "--set", "pair.held_out=0", *arguments])
    return code, *capfd.readouterr()


def test_pictures_over_white_equal_those_that_are_white(capfd: pytest.CaptureFixture[str]) -> None:
    sides = [
        f"pair.{side}_file={CASES / name}" for side, name in (("p", "hidden_rgb"), ("q", "hidden_right"))
    ]
    code, out, err = truth(capfd, *sides)
    assert code == 0 and out.startswith("w1         0  in [0, 0]"), err
    assert "transparency blended over white" in out


def test_a_folder_without_a_readable_picture_is_bad_input(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("a.png", "b.jpg"):
        (tmp_path / name).write_bytes(b"broken")
    code, _, err = truth(capfd, f"pair.p_file={tmp_path}")
    assert code == 2 and err.count("\n") == 1 and "pair.p_file: all 2 image files" in err


def test_pictures_of_several_sizes_name_the_setting_that_helps(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, size in (("a.png", (8, 8)), ("b.png", (6, 9))):
        Image.new("L", size, 100).save(tmp_path / name)
    code, _, err = truth(capfd, f"pair.p_file={tmp_path}")
    assert code == 2 and "set pair.image_size, such as 32" in err
    assert truth(capfd, f"pair.p_file={tmp_path}", "pair.image_size=4", "pair.q=standard")[0] == 0


def test_a_file_named_by_a_number_is_looked_for(capfd: pytest.CaptureFixture[str]) -> None:
    code, _, err = truth(capfd, "pair.p_file=20240101", "pair.columns=3")
    assert code == 2 and "20240101 cannot be read: No such file" in err
