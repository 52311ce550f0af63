"""A training loop of one's own in another process, followed by the window while it trains."""

import subprocess
import sys
from pathlib import Path

SUPPORT = Path(__file__).parents[1] / "support"
LOOP = """
import sys
sys.path.insert(0, sys.argv[1])
from training_loops import toy_loop
toy_loop(600, True, session=sys.argv[2], every=10, budget=0.5)
"""


def test_a_loop_of_ones_own_is_followed_to_its_end(user, tmp_path):
    window, path = user.window, tmp_path / "loop.wgs"
    with subprocess.Popen([sys.executable, "-c", LOOP, str(SUPPORT), str(path)]) as loop:
        try:
            user.waits_until(lambda: path.exists() or loop.poll() is not None)
            window.file_actions.follow_path(path)
            user.waits_until(lambda: user.record is not None or loop.poll() is not None)
            record = user.record
            user.waits_until(lambda: len(record.recorded_steps("critic")) >= 3 or loop.poll() is not None)
            assert record.state == "running" and "read-only" in window.windowTitle()
            assert not window.actions_["rename"].isEnabled()
            early = record.step

            view = window.area.views["landscape"]
            user.waits_until(lambda: view.drawn is not None)
            costs = window.area.views["costs"]
            user.waits_until(lambda: "w1" in record.truths and costs.drawn is not None)
            user.waits_until(lambda: record.state == "ended" and loop.poll() == 0)
        finally:
            loop.kill()
    assert record.step == 600 > early
    assert {curve.name for curve in costs.drawn.curves} == {"gap", "value", "true"}
    assert any("true cost to fresh samples of P between" in line for line in costs.drawn.summary_lines)
