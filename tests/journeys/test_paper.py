"""A user makes the figure of a paper: GP and LP on one pair, two panels in a two-column page of LaTeX."""

import re
import shutil
import subprocess

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

LEFT = Qt.MouseButton.LeftButton
PAGE = r"""\documentclass[10pt,twocolumn,letterpaper]{article}
\usepackage[textwidth=6.75in,textheight=9in,columnsep=0.25in]{geometry}
\usepackage{lmodern,graphicx,pgf}
\begin{document}
\begin{figure*}
\centering
\input{STEM.pgf}
\input{STEM-caption.tex}
\end{figure*}
\begin{figure*}
\centering
\includegraphics{STEM.pdf}
\end{figure*}
The gradient penalty holds the norm of the gradient near one from both sides, the Lipschitz penalty
from above.
The caption tells the two panels apart by their letters.
\end{document}
"""


def size_of(pdf):
    """Width and height of the page of a PDF file in inches."""
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    return float(box[1]) / 72, float(box[2]) / 72


def exports_gp_and_lp(user, qtbot, folder):
    """Trains both solvers, selects both runs and exports their landscapes as two panels."""
    window = user.window
    for solver in ("gp", "lp"):
        kinds = window.form.groups["solver"].kind
        kinds.setCurrentIndex(kinds.findData(solver))
        user.runs(user.quick)
    window.runs.view.selectAll()
    user.waits_until(lambda: len(window.run_selection.records) == 2)

    def fill_in():
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            return False
        ticked = {name for name, box in dialog.figure_boxes.items() if box.isChecked()}
        assert "landscape" in ticked and ticked < set(dialog.figure_boxes), "only the views in sight"
        for name, box in dialog.figure_boxes.items():
            box.setChecked(name == "landscape")
        dialog.page.setCurrentIndex(dialog.page.findData("icml-two"))
        assert not dialog.with_title.isChecked() and not dialog.with_caption.isChecked()
        dialog.layout_choice.setCurrentIndex(dialog.layout_choice.findData("runs"))
        dialog.family.setCurrentIndex(dialog.family.findData("latex"))
        dialog.caption_file.setChecked(True)
        for name, box in dialog.format_boxes.items():
            box.setChecked(name in ("pdf", "pgf", "csv"))
        dialog.folder.setText(str(folder))
        qtbot.waitUntil(lambda: dialog.preview.is_current, timeout=60_000)
        pixmap = dialog.preview.picture.pixmap()
        assert pixmap.width() / dialog.preview.dpi == pytest.approx(6.75, abs=0.02)
        assert dialog.preview.note.text().startswith("6.75 ×")
        qtbot.mouseClick(dialog.export_button, LEFT)
        return True

    user.later(fill_in)
    window.actions_["export"].trigger()
    user.waits_until(lambda: not window.exporter.busy and any(folder.iterdir()))


@pytest.fixture
def files(user, qtbot, quick, tmp_path):
    """The files of the figure by their extension."""
    user.quick = quick
    exports_gp_and_lp(user, qtbot, tmp_path)
    return {path.suffix: path for path in tmp_path.iterdir() if not path.name.endswith(".png")}


def test_a_user_makes_a_figure_of_two_panels_for_a_two_column_page(files, user, tmp_path):
    pdf = files[".pdf"].read_bytes()
    width, height = size_of(pdf)
    assert width == pytest.approx(6.75, abs=0.01) and 1.5 < height < 4
    fonts = set(re.findall(rb"/BaseFont /(?:[A-Z]{6}\+)?([\w-]+)", pdf))
    assert b"Cmr10" in fonts and b"DejaVuSans-Bold" not in fonts
    pgf = files[".pgf"].read_text()
    names = [record.name for record in user.window.run_selection.records]
    assert "(a)" in pgf and "(b)" in pgf and "critic $u$" in pgf and len(names) == 2
    assert all(
        image in {path.name for path in tmp_path.iterdir()} for image in re.findall(r"\{([\w-]+\.png)\}", pgf)
    )
    caption = files[".tex"].read_text()
    assert caption.startswith(r"\caption{(a) ") and "(b) " in caption
    assert "GP" in caption and "LP" in caption and r"$\lambda" in caption
    tables = {path.name for path in tmp_path.glob("*.csv")}
    assert any("-landscape-a" in name for name in tables) and any("-landscape-b" in name for name in tables)

    dialog_settings = user.window.settings
    assert dialog_settings.get("export/page", "") == "icml-two"
    assert dialog_settings.get("export/layout", "") == "runs"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_latex_sets_the_page(files, tmp_path):
    stem = files[".pgf"].stem
    (tmp_path / "page.tex").write_text(PAGE.replace("STEM", stem))
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout.replace("Overfull \\vbox", ""), done.stdout[-2000:]
