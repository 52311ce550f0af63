"""A trainer that does not answer is offered to be ended, until it answers again."""

import os
import signal
import sys
import time
from types import SimpleNamespace

import psutil
import pytest

from wganstudio.gui.actions import WindowState
from wganstudio.gui.controllers.hang_watch import HangWatch
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.run_reports import status_text
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.widgets.banner import Banner
from wganstudio.training.signals import SIGNAL_EXIT
from wganstudio.training.silence import Silence

HUNG = Silence("train", 1234, 10, "is stopped")
QUESTION = (
    "The trainer has not answered for 10 s (process 1234 is stopped). "
    "Wait, or end it: everything recorded is kept."
)


@pytest.fixture
def fake(fake_process):
    return fake_process()


@pytest.fixture
def controller(qtbot, fake, experiment):
    session = OpenSession()
    controller = RunController(session, lambda: fake)
    controller.start(experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    yield controller
    controller.close()
    session.close()


@pytest.fixture
def banner(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    return banner


@pytest.fixture
def watch(controller, banner):
    watch = HangWatch(controller, Notifier(banner))
    yield watch
    watch.close()


def button(banner, text):
    return next(button for button in banner.offer_buttons if button.text() == text)


def test_the_question_comes_once_and_goes_with_the_first_answer(qtbot, watch, banner, fake):
    fake.be_silent(HUNG)
    qtbot.waitUntil(lambda: not banner.isHidden())
    assert banner.label.text() == QUESTION
    assert [b.text() for b in banner.offer_buttons] == ["End the run", "Wait"]
    fake.be_silent()
    qtbot.waitUntil(banner.isHidden)


def test_another_message_is_not_taken_back(qtbot, watch, banner, fake, controller):
    fake.be_silent(HUNG)
    qtbot.waitUntil(lambda: not banner.isHidden())
    banner.show_message("Something else.")
    fake.be_silent()
    qtbot.waitUntil(lambda: not controller.status.liveness.silences)
    assert not banner.isHidden() and banner.label.text() == "Something else."


def test_the_run_is_ended_on_request(qtbot, watch, banner, fake):
    fake.be_silent(HUNG)
    qtbot.waitUntil(lambda: not banner.isHidden())
    button(banner, "End the run").click()
    qtbot.waitUntil(lambda: fake.ended_silent == 1)
    assert banner.isHidden()


def test_who_waits_is_asked_again(qtbot, watch, banner, fake, controller, monkeypatch):
    watch._again.setInterval(200)
    fake.be_silent(HUNG)
    qtbot.waitUntil(lambda: not banner.isHidden())
    button(banner, "Wait").click()
    assert banner.isHidden()
    fake.be_silent(Silence("train", 1234, 20, "is stopped"))
    qtbot.waitUntil(lambda: controller.status.liveness.silences[0].seconds == 20)
    qtbot.waitUntil(lambda: not banner.isHidden())
    assert "for 20 s" in banner.label.text() and fake.ended_silent == 0


def test_a_long_step_is_a_text_and_no_question(qtbot, watch, banner, fake, controller):
    fake.step_seconds = 34.0
    fake._writer.send_bytes(b"x")
    qtbot.waitUntil(lambda: controller.status.liveness.step_seconds == 30)
    state = WindowState(status=controller.status)
    assert status_text(state) == "training; busy with one step for 30 s" and banner.isHidden()
    fake.be_silent(HUNG)
    qtbot.waitUntil(lambda: bool(controller.status.liveness.silences))
    assert status_text(WindowState(status=controller.status)) == "the trainer does not answer"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.process
def test_a_real_trainer_that_is_stopped_is_noticed_in_ten_seconds_and_ended(window, own_trainer, qtbot):
    window.form.load_preset("first-look")
    assert window.run_starter.start_form()
    controller = window.run_controller
    qtbot.waitUntil(lambda: controller.record is not None and controller.record.step > 20, timeout=90_000)
    pid = controller.pids["train"]
    os.kill(pid, signal.SIGSTOP)
    stopped = time.monotonic()
    qtbot.waitUntil(lambda: not window.banner.isHidden(), timeout=14_000)
    assert time.monotonic() - stopped < 12
    assert f"(process {pid} is stopped)" in window.banner.label.text()
    button(window.banner, "End the run").click()
    qtbot.waitUntil(lambda: not controller.busy, timeout=5_000)
    record = window.session.records()[0]
    assert record.failed.cause == "died" and "was ended" in record.failed.message
    assert record.step > 20 and not psutil.pid_exists(pid)
    assert window.session.resume(record.run, None).saved is not None


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.process
def test_a_window_whose_trainer_is_stopped_closes_at_once(window, own_trainer, qtbot, monkeypatch):
    ends = []
    application = SimpleNamespace(exit=ends.append)  # the real one would end the event loops of later tests
    monkeypatch.setattr("wganstudio.gui.window.QCoreApplication", application)
    window.form.load_preset("first-look")
    assert window.run_starter.start_form()
    controller = window.run_controller
    qtbot.waitUntil(lambda: controller.record is not None and controller.record.step > 20, timeout=90_000)
    pids = list(controller.pids.values())
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    window.quit_unasked(signal.SIGTERM)
    assert time.monotonic() - began < 4 and not window.isVisible()
    assert ends == [SIGNAL_EXIT + signal.SIGTERM]
    assert not any(map(psutil.pid_exists, pids))
