"""FigurePreviewer: draws the preview of a printed figure on another thread, the newest request only."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from wganstudio.figures.panels import FigurePanel
from wganstudio.figures.print_style import PrintStyle
from wganstudio.training.failures import explain


@dataclass(frozen=True)
class FigurePreviewRequest:
    """A figure to draw as PNG."""

    panels: tuple[FigurePanel, ...]
    style: PrintStyle
    dpi: int


@dataclass(frozen=True)
class Preview:
    """The picture of a request, or the reason why there is none."""

    request: FigurePreviewRequest
    png: bytes = b""
    problem: str = ""


class FigurePreviewJob(QRunnable):
    """Draws one figure."""

    class Signals(QObject):
        """Emitted at the end of the job."""

        done = Signal(object)

    def __init__(self, request: FigurePreviewRequest) -> None:
        super().__init__()
        self.signals = self.Signals()
        self._request = request
        self.setAutoDelete(False)

    def run(self) -> None:
        """Draw the figure; called by the pool."""
        request = self._request
        try:
            from wganstudio.figures.mpl import render_files  # imports matplotlib

            files = render_files(request.panels, ("png",), "preview", request.dpi, request.style)
            preview = Preview(request, files["preview.png"])
        except Exception as error:
            preview = Preview(request, problem=explain(error, "The preview"))
        self.signals.done.emit(preview)


class FigurePreviewer(QObject):
    """One preview at a time; a request that comes meanwhile waits, and the last one of several wins."""

    drawn = Signal(object)
    """Emitted with a `Preview`."""

    def __init__(self) -> None:
        super().__init__()
        self._pool = QThreadPool()
        self._job: FigurePreviewJob | None = None
        self._waiting: FigurePreviewRequest | None = None

    @property
    def busy(self) -> bool:
        """True while a preview is being drawn."""
        return self._job is not None

    def request(self, request: FigurePreviewRequest) -> None:
        """Draw a preview as soon as the present one is done."""
        self._waiting = request
        if self._job is None:
            self._start()

    def forget(self) -> None:
        """Draw no further preview."""
        self._waiting = None

    def close(self, milliseconds: int) -> None:
        """Wait, within bounds, for the preview that is being drawn."""
        self.forget()
        self._pool.waitForDone(milliseconds)

    def _start(self) -> None:
        request, self._waiting = self._waiting, None
        if request is not None:
            self._job = FigurePreviewJob(request)
            self._job.signals.done.connect(self._on_done)
            self._pool.start(self._job)

    @Slot(object)
    def _on_done(self, preview: Preview) -> None:
        self._job = None
        if self._waiting is None:
            self.drawn.emit(preview)
        self._start()
