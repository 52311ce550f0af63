"""A generator follows a smoothed plan; five systems on one pair."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from wganstudio.gui.controllers import comparison_starter
from wganstudio.gui.widgets.docks import in_sight


def raised(user, qtbot, name):
    """A view brought to the front, once it has drawn something."""
    view = user.window.area.views[name]
    user.window.area.docks[name].raise_()
    user.waits_until(lambda: in_sight(view) and view.figure() is not None)
    return view


def test_see_where_the_mass_goes_and_whether_the_gradient_can_be_trusted(user, qtbot, quick, tmp_path):
    window = user.window
    user.waits_until_warm()
    window.form.load_preset("eight-gaussians-transport")
    user.fills_in({name: text for name, text in quick.items() if name.startswith("evaluation")})
    user.types("training.steps", "20")
    user.types("training.batch", "64")
    user.clicks("run")
    record = user.waits_for("ended", "failed")
    assert record.failed is None, record.failed

    plan = raised(user, qtbot, "plan")
    lines = plan.figure().picture
    at = lines.sources[0]

    def reads_the_shares():
        place = plan.canvas.mapFromScene(plan.box.mapViewToScene(QPointF(*map(float, at))))
        for shift in (1, 0):
            qtbot.mouseMove(plan.canvas.viewport(), place + QPoint(shift, shift))
        return "of its mass" in plan.readout.text() and plan.highlight.isVisible()

    user.waits_until(reads_the_shares)

    assert raised(user, qtbot, "transport_map").figure().to == "p", "there is only this map to data points"
    promises = raised(user, qtbot, "theory_checks")
    assert "theory: exponent 0.5" in promises.summary.text()
    for place, said in enumerate(("Gradient error", "Path", "Batches of 8")):
        promises.panel_choice.setCurrentIndex(place)
        assert promises.summary.text().startswith(said) and promises.curves
    accuracy = raised(user, qtbot, "accuracy")
    assert {curve.name for curve in accuracy.figure().curves} == {"marginal", "dual_gap", "grad2"}
    assert "certified duality gap" in accuracy.summary.text()

    def exports():
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            return False
        for format_, box in dialog.format_boxes.items():
            box.setChecked(format_ == "png")
        for box in dialog.figure_boxes.values():
            box.setChecked(box.isEnabled())
        dialog.folder.setText(str(tmp_path / "figures"))
        qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
        return True

    user.later(exports)
    window.actions_["export"].trigger()
    user.waits_until(lambda: not window.exporter.busy)
    for name in ("plan", "theory-checks", "accuracy"):
        assert any((tmp_path / "figures").glob(f"*-{name}*")), name


def test_train_the_five_systems_and_read_each_beside_its_truth(user, qtbot, quick, monkeypatch):
    window = user.window
    all_five = comparison_starter.five_systems

    def shortened(experiment):
        short = {"steps": 20, "batch": 64}
        return [
            one.model_copy(
                update={
                    "training": one.training.model_copy(update=short),
                    "evaluation": one.evaluation.model_copy(update={"final_samples": 1024, "resolution": 16}),
                }
            )
            for one in all_five(experiment)
        ]

    monkeypatch.setattr(comparison_starter, "five_systems", shortened)
    user.waits_until_warm()
    window.form.load_preset("first-look")
    window.actions_["systems"].trigger()
    user.waits_until(lambda: len(window.session.records()) == 5 and user.record.state in ("ended", "failed"))
    assert [record.state for record in window.session.records()] == ["ended"] * 5
    view = window.area.views["systems"]
    user.waits_until(lambda: in_sight(view) and view.figure() is not None)
    user.waits_until(lambda: all(row.truth for row in view.figure().rows))
    labels = [row.label for row in view.figure().rows]
    assert labels == ["wgan-gp, value", "wgan-gp, gap", "w1", "semi-discrete", "regularized", "convex"]
    assert len({round(row.upper, 3) for row in view.figure().rows}) == 6, "no two of them are the same number"
