"""Dark figures: a figure of a report follows the theme in which the report is read."""

from dataclasses import astuple

from wganstudio.figures.style import DARK, LIGHT

_MAP = b"<image"


def follow_theme(svg: bytes) -> bytes:
    """Return a figure as SVG that has the dark colors of the window where the reader prefers a dark page.

    Pictures of fields keep their colors, and white lines over them stay white.
    """
    at = svg.index(b">", svg.index(b"<svg")) + 1
    return svg[:at] + b"\n" + _rules(has_map=_MAP in svg).encode() + svg[at:]


def _rules(*, has_map: bool) -> str:
    """Return a style element that replaces the colors of the light theme, as matplotlib writes them."""
    lines = []
    for light, dark in _colors().items():
        parts = ["fill"] if has_map and light == LIGHT.background else ["fill", "stroke"]
        lines += [f'[style*="{part}: {light}"]{{{part}:{dark}!important}}' for part in parts]
    return f"<style>@media (prefers-color-scheme: dark){{{''.join(lines)}}}</style>"


def _colors() -> dict[str, str]:
    """Return the color of the dark theme for each color of the light one."""
    pairs: dict[str, str] = {}
    for light, dark in zip(astuple(LIGHT), astuple(DARK), strict=True):
        both = zip(light, dark, strict=True) if isinstance(light, tuple) else [(light, dark)]
        for one, other in both:
            pairs.setdefault(one.lower(), other.lower())
    return pairs
