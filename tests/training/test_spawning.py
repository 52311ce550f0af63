"""Worker processes know nothing of the script that starts them."""

import multiprocessing
import sys
import time
from contextlib import nullcontext

import pytest

from wganstudio.training.spawning import main_left_alone


@pytest.mark.parametrize(("hiding", "code"), [(main_left_alone, 0), (nullcontext, 1)])
def test_a_spawned_process_does_not_run_the_script_again(monkeypatch, tmp_path, hiding, code):
    script = tmp_path / "script.py"
    script.write_text("raise SystemExit(1)")
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "__spec__", None)
    monkeypatch.setattr(main, "__file__", str(script), raising=False)
    process = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(0,))
    with hiding():
        process.start()
    assert sys.modules["__main__"] is main
    process.join()
    assert process.exitcode == code
    process.close()
