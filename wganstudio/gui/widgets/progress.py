"""RunProgress: steps done, rate and remaining time of a run."""

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.session.record import RunRecord


def clock(seconds: float) -> str:
    """Return a duration as text: "8 s", "3:05 min", "2:10 h"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02} h"


class RunProgress(QWidget):
    """A bar with the steps, and a line with rate and remaining time."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = QProgressBar()
        self.bar.setMaximumWidth(420)
        self.bar.setMinimumWidth(150)
        self.bar.setTextVisible(True)
        self.line = Label()
        set_role(self.line, "dim")
        self.line.setMinimumWidth(self.fontMetrics().averageCharWidth() * 24)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 0)
        row.setSpacing(10)
        row.addWidget(self.bar, 1)
        row.addWidget(self.line)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.show_record(None)

    def show_record(self, record: RunRecord | None, activity: str = "") -> None:
        """Show a run's progress; `activity` describes work other than training."""
        if record is None:
            self.bar.setRange(0, 1)
            self.bar.setValue(0)
            self.bar.setFormat("")
            self.line.setText(activity)
            return
        self.bar.setRange(0, max(record.steps, 1))
        self.bar.setValue(record.step)
        self.bar.setFormat(f"{record.step:,} / {record.steps:,} steps")
        progress = record.progress
        if activity:
            self.line.setText(activity)
        elif record.ended:
            self.line.setText(f"took {clock(record.ended.seconds)}")
        elif record.over:
            self.line.setText(record.state)
        elif progress is None:
            self.line.clear()
        else:
            self.line.setText(f"{progress.rate:,.0f} steps/s \u00b7 {clock(progress.eta)} left")
