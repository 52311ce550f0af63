"""The watch over what tests leave behind sees what it is for."""

import threading

import pytest

pytest_plugins = ["pytester"]


LEAKS = {
    "import threading, time; threading.Thread(target=time.sleep, args=(9,), name='stray').start()": "stray",
    "import subprocess; subprocess.Popen(['sleep', '9'])": "sleep 9",
    "from PySide6.QtCore import QThread; global t; t = QThread(); t.start()": "test_leak_2",
    "from PySide6.QtCore import QTimer; global u; u = QTimer(); u.start(50)": "test_leak_3",
    "from PySide6.QtWidgets import QLabel; global v; v = QLabel(windowTitle='label')": "label",
}
"""Statements that leave something running, and a word of the message that names it."""


@pytest.mark.filterwarnings("ignore")
def test_a_leak_fails_its_test_and_is_named(pytester, request):
    conftest = request.config.rootpath / "tests" / "conftest.py"
    pytester.makeini(f"[pytest]\npythonpath = {conftest.parent / 'support'}\n")
    pytester.makeconftest(conftest.read_text().replace("GRACE_SECONDS = 3.0", "GRACE_SECONDS = 0.2"))
    tests = (
        f"def test_leak_{number}(qapp):\n    {leak}\n\ndef test_clean_{number}(qapp):\n    pass\n"
        for number, leak in enumerate(LEAKS)
    )
    pytester.makepyfile("\n".join(tests))
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", timeout=120)
    result.assert_outcomes(passed=2 * len(LEAKS), errors=len(LEAKS))
    _, *reports = (
        result.stdout.str().partition("short test summary")[0].split("ERROR at teardown of test_leak")
    )
    for report, named in zip(reports, LEAKS.values(), strict=True):
        assert "left behind" in report and named in report


def test_a_clean_test_passes():
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
