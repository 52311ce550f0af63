"""The watch over what tests leave behind sees what it is for."""

import threading

import pytest

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("leak", "named"),
    [
        (
            "import threading, time; threading.Thread(target=time.sleep, args=(9,), name='stray').start()",
            "stray",
        ),
        ("import subprocess; subprocess.Popen(['sleep', '9'])", "sleep 9"),
        ("from PySide6.QtCore import QThread; global t; t = QThread(); t.start()", "test_leak"),
        ("from PySide6.QtCore import QTimer; global t; t = QTimer(); t.start(50)", "test_leak"),
        (
            "from PySide6.QtWidgets import QLabel; global t; t = QLabel(windowTitle='stray')",
            "stray",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_a_leak_fails_its_test_and_is_named(pytester, request, leak, named):
    conftest = request.config.rootpath / "tests" / "conftest.py"
    pytester.makeconftest(conftest.read_text().replace("GRACE_SECONDS = 3.0", "GRACE_SECONDS = 0.2"))
    pytester.makepyfile(f"def test_leak(qapp):\n    {leak}\n\ndef test_clean(qapp):\n    pass\n")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", timeout=60)
    said = result.stdout.str()
    assert "2 passed, 1 error" in said and "left behind" in said and named in said


def test_a_clean_test_passes():
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
