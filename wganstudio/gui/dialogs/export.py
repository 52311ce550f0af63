"""ExportDialog: which figures to export, and how they are printed, with a preview."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment.files import user_path
from wganstudio.export import FORMATS, as_panels
from wganstudio.figures import Figure, NoSuchStep, SessionFigure, StepFigure
from wganstudio.figures.comparison import common_limits, comparable, with_limits
from wganstudio.figures.panels import FigurePanel
from wganstudio.figures.print_style import COLOR_MAPS, FAMILY_TITLES, journal_style
from wganstudio.gui.dialogs.export_choices import (
    LAYOUTS,
    OTHER,
    PAGES,
    ExportChoices,
    PrintOptions,
    page_title,
)
from wganstudio.gui.dialogs.export_preview import ExportPreview
from wganstudio.gui.dialogs.export_request import ExportRequest
from wganstudio.gui.dialogs.figure_previewer import FigurePreviewer, FigurePreviewRequest
from wganstudio.gui.figure_source import FigureSource
from wganstudio.gui.form.editors import ScrollSafeComboBox
from wganstudio.gui.form.field_box import FieldBox
from wganstudio.gui.widgets.buttons import button_box
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.session.record import RunRecord

MAX_PANELS = 12
"""Selected runs that are printed as panels of one figure."""
FORMAT_USES = {
    "png": "pixels, for slides",
    "svg": "vectors with text as text, for editing",
    "pdf": "vectors, for papers",
    "pgf": "for LaTeX, in the fonts of the document",
    "csv": "the data itself",
}


class ExportDialog(QDialog):
    """The choice of figures, print, formats and folder."""

    def __init__(
        self,
        parent: QWidget,
        record: RunRecord,
        views: Mapping[str, FigureSource],
        choices: ExportChoices,
        previewer: FigurePreviewer,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export figures")
        self._record = record
        self._views = views
        self._figures = {name: view.figure() for name, view in views.items()}
        self._others = max((view.selected[1:] for view in views.values()), key=len, default=())
        self._last_ticked = ""
        self._make_controls(choices)
        self.preview = ExportPreview(previewer)
        self._build_layout()
        self._connect()
        self._show_page()
        self._check()

    def _make_controls(self, choices: ExportChoices) -> None:
        self.figure_boxes = {name: QCheckBox(view.title) for name, view in self._views.items()}
        shown = [name for name, view in self._views.items() if self._figures[name] and view.is_in_sight()]
        shown = shown or [name for name, figure in self._figures.items() if figure is not None][:1]
        for name, box in self.figure_boxes.items():
            available = self._figures[name] is not None
            box.setChecked(name in shown)
            box.setEnabled(available)
            if not available:
                box.setText(f"{box.text()} (empty)")
        self.layout_choice = _choice("Layout", LAYOUTS, choices.layout)
        if not self._others:
            self.layout_choice.removeItem(self.layout_choice.findData("runs"))
        self.page = _choice("Width", {page: page_title(page) for page in PAGES}, choices.page)
        self.width_box = FieldBox(PrintOptions, "width", choices.width)
        self.family = _choice("Font", FAMILY_TITLES, choices.family)
        self.size_box = FieldBox(PrintOptions, "size", choices.size)
        maps = {"": "That of each view", **{name: name.capitalize() for name in COLOR_MAPS}}
        self.color_map = _choice("Color map", maps, choices.color_map)
        self.with_title = _box("Title with numbers", choices.title)
        self.with_caption = _box("Caption", choices.caption)
        self.caption_file = _box("Caption as a .tex file beside the figure", choices.caption_file)
        texts = {name: f"{name.upper()}: {FORMAT_USES[name]}" for name in FORMATS}
        chosen = choices.formats.split(",")
        self.format_boxes = {name: _box(text, name in chosen) for name, text in texts.items()}
        self.dpi = FieldBox(PrintOptions, "dpi", choices.dpi)
        self.folder = QLineEdit(choices.folder)
        self.folder.setAccessibleName("Folder")
        self.browse = QPushButton("Choose\u2026")
        self.buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        self.export_button = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)

    def _build_layout(self) -> None:
        others = len(self._others)
        beside = f" and {others:,} more selected run{'s' * (others > 1)}" if others else ""
        head = Label(
            f"Exports run \u201c{self._record.name}\u201d{beside} at the shown step, using the current zoom.",
            wordWrap=True,
        )
        where = QHBoxLayout()
        where.addWidget(self.folder, 1)
        where.addWidget(self.browse)
        views = _form(("Views", _columns(self.figure_boxes.values(), 2)), ("Layout", self.layout_choice))
        texts = _columns((self.with_title, self.with_caption, self.caption_file), 1)
        paper = _form(
            ("Width", self.page),
            ("", self.width_box),
            ("Font", self.family),
            ("Size of type", self.size_box),
            ("Color map", self.color_map),
            ("Text", texts),
        )
        files = _form(
            ("Formats", _columns(self.format_boxes.values(), 1)),
            ("Resolution", self.dpi),
            ("Folder", where),
        )
        settings = QWidget()
        left = QVBoxLayout(settings)
        left.setContentsMargins(0, 0, 8, 0)
        left.addWidget(head)
        for title, form in (("Views", views), ("On paper", paper), ("Files", files)):
            group = QGroupBox(title)
            group.setLayout(form)
            left.addWidget(group)
        left.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(settings)
        area.setMinimumWidth(settings.sizeHint().width() + 24)
        sides = QHBoxLayout()
        sides.addWidget(area)
        sides.addWidget(self.preview, 1)
        column = QVBoxLayout(self)
        column.addLayout(sides, 1)
        column.addWidget(self.buttons)
        self.resize(1180, 660)

    def _connect(self) -> None:
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.browse.clicked.connect(self._browse)
        for name, box in self.figure_boxes.items():
            box.setObjectName(name)
            box.toggled.connect(self._view_toggled)
        for box in (*self.format_boxes.values(), self.with_title, self.with_caption, self.caption_file):
            box.toggled.connect(self._check)
        for choice in (self.layout_choice, self.family, self.color_map):
            choice.currentIndexChanged.connect(self._check)
        self.page.currentIndexChanged.connect(self._page_chosen)
        self.folder.textChanged.connect(self._check)
        for field in (self.width_box, self.size_box, self.dpi):
            field.changed.connect(self._check)

    def choices(self) -> ExportChoices:
        """Return the answers, which the next dialog shows."""
        return ExportChoices(
            folder=str(user_path(self.folder.text().strip())),
            formats=",".join(name for name, box in self.format_boxes.items() if box.isChecked()),
            dpi=self.dpi.value(),
            page=self.page.currentData(),
            width=self.width_box.value(),
            family=self.family.currentData(),
            size=self.size_box.value(),
            color_map=self.color_map.currentData(),
            title=self.with_title.isChecked(),
            caption=self.with_caption.isChecked(),
            caption_file=self.caption_file.isChecked(),
            layout=self.layout_choice.currentData(),
        )

    def request(self) -> ExportRequest:
        """Return the figures and how to print them."""
        choices = self.choices()
        return ExportRequest(
            figures=tuple(self._chosen_figures(choices.layout)),
            formats=tuple(name for name in choices.formats.split(",") if name),
            dpi=choices.dpi,
            folder=user_path(self.folder.text().strip()),
            style=choices.style,
            together=choices.layout != "separate",
            caption_file=choices.caption_file,
        )

    def _chosen_figures(self, layout: str) -> list[tuple[RunRecord, Figure]]:
        shown = {name: self._figures[name] for name, box in self.figure_boxes.items() if box.isChecked()}
        figures = [figure for figure in shown.values() if figure is not None]
        if layout != "runs":
            return [(self._record, figure) for figure in figures]
        among = next(iter(self._views.values())).session_records()
        runs = (self._record, *self._others)[:MAX_PANELS]
        return [pair for figure in figures for pair in figure_of_runs(figure, runs, among)]

    @Slot(bool)
    def _view_toggled(self, on: bool) -> None:
        self._last_ticked = self.sender().objectName() if on else ""
        self._check()

    @Slot()
    def _page_chosen(self) -> None:
        """Take the fonts of a journal, whose title and caption are those of the paper."""
        journal = PAGES[self.page.currentData()]
        if journal is not None:
            style = journal_style(*journal)
            self.family.setCurrentIndex(self.family.findData(style.family))
            self.size_box.set_value(style.size)
            self.with_title.setChecked(style.title)
            self.with_caption.setChecked(style.caption)
        self._show_page()
        self._check()

    def _show_page(self) -> None:
        self.width_box.setVisible(self.page.currentData() == OTHER)

    @Slot()
    def _check(self) -> None:
        request = self.request()
        fields = [self.dpi, self.size_box, *([self.width_box] if self.width_box.isVisibleTo(self) else [])]
        are_valid = all(field.valid for field in fields)
        self.export_button.setEnabled(
            bool(request.figures and request.formats and self.folder.text().strip() and are_valid)
        )
        if not are_valid:
            self.preview.show_request(None, "One of the numbers is not valid.")
        elif not request.figures:
            self.preview.show_request(None, "Tick a view to see it here.")
        else:
            panels = self._previewed(request)
            self.preview.show_request(FigurePreviewRequest(panels, request.style, self.preview.dpi), "")

    def _previewed(self, request: ExportRequest) -> tuple[FigurePanel, ...]:
        """Return the panels of the one figure, or the view that was ticked last."""
        if request.together:
            return as_panels(request.figures).panels
        figure = self._figures.get(self._last_ticked)
        return (FigurePanel(figure or request.figures[0][1]),)

    @Slot()
    def _browse(self) -> None:
        if chosen := QFileDialog.getExistingDirectory(self, "Export to", self.folder.text()):
            self.folder.setText(chosen)


def figure_of_runs(
    figure: Figure, runs: Sequence[RunRecord], among: Sequence[RunRecord]
) -> list[tuple[RunRecord, Figure]]:
    """Return a figure for each run that has one, with common colors and the ranges of the first.

    A figure that compares runs, or that no run has by itself, is returned once.
    """
    if isinstance(figure, SessionFigure):
        return [(runs[0], figure)]
    step = figure.step if isinstance(figure, StepFigure) else None
    candidates = [(run, _figure_at(type(figure), run, step, among)) for run in runs]
    figures = [(run, one) for run, one in candidates if one is not None]
    if not figures:
        return [(runs[0], figure)]
    if not all(comparable(figure, one) for _, one in figures):
        return figures
    limits = common_limits(one for _, one in figures)
    ranges = {name: value for name, value in vars(figure).items() if name in ("x_range", "y_range")}
    is_plane = not getattr(getattr(figure, "grid", None), "is_line", True)
    return [(run, with_limits(replace(one, **(ranges if is_plane else {})), limits)) for run, one in figures]


def _figure_at(
    kind: type[Figure], run: RunRecord, step: int | None, among: Sequence[RunRecord]
) -> Figure | None:
    """Return the figure of a run at a step, or its newest where it has not recorded that step."""
    try:
        return kind.from_record(run, step, among)
    except NoSuchStep:
        return kind.from_record(run, None, among)


def _choice(name: str, titles: Mapping[str, str], chosen: str) -> ScrollSafeComboBox:
    box = ScrollSafeComboBox()
    box.setAccessibleName(name)
    for value, title in titles.items():
        box.addItem(title, value)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    return box


def _box(text: str, is_checked: bool) -> QCheckBox:
    box = QCheckBox(text)
    box.setChecked(is_checked)
    return box


def _form(*rows: tuple[str, QWidget | QGridLayout | QHBoxLayout]) -> QFormLayout:
    form = QFormLayout()
    form.setVerticalSpacing(8)
    form.setHorizontalSpacing(12)
    for title, content in rows:
        form.addRow(title, content)
    return form


def _columns(widgets: Iterable[QWidget], count: int) -> QGridLayout:
    """Return widgets in columns, row by row."""
    grid = QGridLayout()
    grid.setVerticalSpacing(4)
    grid.setHorizontalSpacing(16)
    for place, widget in enumerate(widgets):
        grid.addWidget(widget, *divmod(place, count))
    return grid
