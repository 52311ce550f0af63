"""A convex potential on a pair with a known map: both maps seen, a loose conjugate noticed, one exported."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from wganstudio.gui.widgets.docks import in_sight


def test_see_both_maps_and_export_one(user, qtbot, quick, tmp_path):
    window = user.window
    user.waits_until_warm()
    window.form.load_preset("convex-map")
    user.fills_in({name: text for name, text in quick.items() if name.startswith("evaluation")})
    user.fills_in({"training.steps": "40", "training.batch": "64", "critic.width": "16"})
    user.types("solver.max_iterations", "1")
    user.clicks("run")
    record = user.waits_for("ended", "failed")
    assert record.failed is None, record.failed
    view, costs = window.area.views["transport_map"], window.area.views["costs"]
    user.waits_until(lambda: in_sight(view) and view.drawn is not None)  # the preset brings it to the front
    landscape = window.area.views["landscape"]
    assert not in_sight(landscape) and landscape.drawn is None, "a view behind a tab costs nothing"
    there = view.figure()
    assert "UVP" in view.summary.text() and "error in mean" in view.summary.text()

    view.direction.setFocus()
    qtbot.keyClick(view.direction, Qt.Key.Key_Down)
    back = view.figure()
    assert view.direction.currentText() == "Q to P" and back.to == "p"
    np.testing.assert_allclose(back.true, there.starts, atol=1e-5)
    np.testing.assert_allclose(there.true, back.starts, atol=1e-5)

    window.area.docks["costs"].raise_()
    for said in (view, costs):
        user.waits_until(lambda said=said: "the conjugate is loose" in said.summary.text().lower())

    def fill_in():
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            return False
        for name, box in dialog.figure_boxes.items():
            box.setChecked(name == "transport_map")
        for name, box in dialog.format_boxes.items():
            box.setChecked(name in ("csv", "pdf"))
        dialog.folder.setText(str(tmp_path))
        qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
        return True

    user.later(fill_in)
    window.actions_["export"].trigger()
    user.waits_until(lambda: not window.exporter.busy and any(tmp_path.iterdir()))
    (samples,) = tmp_path.glob("*-transport-map.csv")
    rows = np.genfromtxt(samples, delimiter=",", names=True)
    np.testing.assert_allclose(rows["mapped_x"], view.figure().ends[:, 0], rtol=1e-5)
    assert len(list(tmp_path.glob("*-transport-map.pdf"))) == 1
