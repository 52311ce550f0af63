"""Save a printed figure as PGF, which LaTeX reads; no TeX system is needed to write it."""

import io
from typing import Any, Final

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_pgf import RendererPgf
from matplotlib.figure import Figure as MplFigure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.transforms import Affine2DBase
from PIL import Image

from wganstudio.figures.mathematics import escape_latex
from wganstudio.figures.print_style import Family

HEADER: Final = r"""%% WGAN Studio
%% In the preamble of the document: \usepackage{pgf}, and \usepackage{graphicx} where there are images.
%% In a figure environment: \input{STEM.pgf}
%% Images are found in the folder of the document, or in those of \graphicspath.
\begingroup
\makeatletter
\begin{pgfpicture}
"""
FOOTER: Final = "\\end{pgfpicture}\n\\makeatother\n\\endgroup\n"


class PgfRenderer(RendererPgf):
    """Writes PGF with the fonts of the document; texts are measured in the similar fonts of matplotlib."""

    def __init__(self, mpl_figure: MplFigure, out: io.StringIO, stem: str, family: Family) -> None:
        super().__init__(mpl_figure, out)  # type: ignore[no-untyped-call]
        width, height = mpl_figure.get_size_inches() * mpl_figure.dpi
        self.images: dict[str, bytes] = {}
        self._stem = stem
        self._family = "sans-serif" if family == "sans" else "serif"
        self._measure = RendererAgg(width, height, mpl_figure.dpi)  # type: ignore[no-untyped-call]

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Return the size of a text in pixels."""
        size = self._measure.get_text_width_height_descent(s, prop, ismath)  # type: ignore[no-untyped-call]
        width, height, descent = map(float, size)
        return width, height, descent

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """Write one line of text, in which all but formulas is escaped."""
        font = prop.copy()
        font.set_family(self._family)
        text, aligned = _latex(s, bool(ismath)), _aligned(mtext)
        super().draw_text(gc, x, y, text, font, angle, ismath, aligned)  # type: ignore[no-untyped-call]

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Affine2DBase | None = None) -> None:
        """Keep an image as a PNG file of its own, and write where it stands."""
        height, width = im.shape[:2]
        if not height or not width:
            return
        name = f"{self._stem}-image-{len(self.images) + 1}.png"
        content = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(im[::-1])).save(content, "png")
        self.images[name] = content.getvalue()
        inches = 1 / self.dpi
        if transform is None:
            matrix = (width * inches, 0, 0, height * inches, x * inches, y * inches)
        else:
            a, b, c, d, e, f = transform.frozen().to_values()
            matrix = (a * inches, b * inches, c * inches, d * inches, (e + x) * inches, (f + y) * inches)
        self.fh.write("\\begin{pgfscope}%\n")
        self._print_pgf_clip(gc)  # type: ignore[no-untyped-call]
        numbers = [f"{{{number:f}{'in' * (index > 3)}}}" for index, number in enumerate(matrix)]
        self.fh.write(f"\\pgfsys@transformcm{''.join(numbers)}%\n")
        self.fh.write(
            f"\\pgftext[left,bottom]{{\\includegraphics[width=1in,height=1in]{{{name}}}}}%\n"
            "\\end{pgfscope}%\n"
        )


def save_pgf(mpl_figure: MplFigure, stem: str, family: Family) -> dict[str, bytes]:
    """Return a PGF file, and its images as PNG files, by name.

    Parameters
    ----------
    mpl_figure
        The figure, typeset and laid out.
    stem
        The name of the file without its extension.
    family
        The family of fonts: the sans serif one of the document, or its main one.
    """
    out = io.StringIO()
    width, height = mpl_figure.get_size_inches()
    out.write(HEADER.replace("STEM", stem))
    out.write(f"\\pgfpathrectangle{{\\pgfpointorigin}}{{\\pgfqpoint{{{width:f}in}}{{{height:f}in}}}}%\n")
    out.write("\\pgfusepath{use as bounding box,clip}%\n")
    renderer = PgfRenderer(mpl_figure, out, stem, family)
    mpl_figure.draw(renderer)
    out.write(FOOTER)
    return {f"{stem}.pgf": out.getvalue().encode(), **renderer.images}


def _latex(text: str, has_formulas: bool) -> str:
    """Return a line of mathtext as LaTeX: formulas between dollar signs stay, all else is escaped."""
    if not has_formulas:
        return escape_latex(text)
    parts = text.replace(r"\$", "\0").split("$")
    escaped = [part if index % 2 else escape_latex(part) for index, part in enumerate(parts)]
    return "$".join(escaped).replace("\0", r"\$")


def _aligned(mtext: Text | None) -> Text | None:
    """Return the text whose alignment LaTeX keeps; None for one of several lines."""
    return None if mtext is None or "\n" in mtext.get_text() else mtext
