"""The figures of the flow for print: the law, and the momentum beside the true one."""

from matplotlib.figure import Figure as Sheet

from wganstudio.figures import style
from wganstudio.figures.congestion_theorem.figure import X_LABEL, Y_LABEL, CongestionTheorem
from wganstudio.figures.momentum.figure import Momentum
from wganstudio.figures.mpl_plane import draw_map
from wganstudio.figures.style import LIGHT


def draw_law(sheet: Sheet, figure: CongestionTheorem) -> None:
    """The points, colored by sigma, and the diagonal."""
    axes = sheet.add_subplot()
    axes.plot(*figure.diagonal, color=LIGHT.foreground, linestyle="--", linewidth=0.8, gid="diagonal")
    points = axes.scatter(
        figure.lawful,
        figure.slope,
        c=figure.shade,
        cmap=figure.scale.name,
        vmin=figure.scale.low,
        vmax=figure.scale.high,
        s=1.5 if len(figure.slope) > 500 else 5,
        linewidths=0,
    )
    sheet.colorbar(points, ax=axes, label=figure.scale.label, fraction=0.05, pad=0.02)
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel=X_LABEL, ylabel=Y_LABEL)


def draw_momentum(sheet: Sheet, figure: Momentum) -> None:
    """Critic, truth and error as maps with arrows; over a line, both curves above their difference."""
    if figure.grid.is_line:
        top, bottom = sheet.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        top.plot(figure.grid.x, figure.own[0], color=LIGHT.value, label="w_u, the critic's")
        top.plot(figure.grid.x, figure.true[0], color=LIGHT.truth, linestyle="--", label="w, the truth's")
        top.legend(framealpha=0.85)
        top.set(xlim=figure.x_range, ylim=figure.y_range, ylabel="momentum")
        bottom.plot(figure.grid.x, figure.off, color=LIGHT.foreground)
        bottom.axhline(0, color=LIGHT.faint, linewidth=0.6)
        bottom.set(xlabel=figure.grid.labels[0], ylabel="w_u - w", ylim=figure.off_range)
    else:
        maps = sheet.subplots(1, 3)
        for axes, field, scale, arrows in zip(maps, figure.sizes, figure.scales, figure.arrows, strict=True):
            draw_map(axes, figure.grid, field, scale)
            axes.plot(*arrows.T, color=style.ARROW_COLOR, linewidth=0.4, gid="arrows")
            axes.set(xlim=figure.x_range, ylim=figure.y_range)
        for axes in maps[1:]:
            axes.set_ylabel("")
