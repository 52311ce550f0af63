"""A canvas whose type grows, as on the whole screen."""

from PySide6.QtGui import QFont, QFontMetricsF

from wganstudio.gui.views.momentum import MomentumView
from wganstudio.gui.views.plot_canvas import bar_width


def test_color_bars_have_room_for_larger_numbers(shown, plane_record, qtbot):
    view = shown(MomentumView, plane_record, size=(400, 800))
    axes = [panel.map.bar.axis for panel in view.panel.panels]
    before = axes[0].width()
    assert before == bar_width() > QFontMetricsF(QFont()).horizontalAdvance("0.005")
    larger = QFont(view.canvas.font())
    larger.setPointSizeF(1.5 * larger.pointSizeF())
    view.canvas.setFont(larger)
    qtbot.waitUntil(lambda: abs(axes[0].width() - 1.5 * before) <= 1)
    assert abs(view.panel.panels[0].plot.getAxis("left").width() - 75) <= 1
