"""The figure of a soak: curves of memory and latency over the hours."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

Rows = list[dict[str, float]]


def plot(rows: Rows, file: Path) -> None:
    """Draw memory, latency and speed over the time of the soak into a PNG file."""
    figure = Figure(figsize=(8, 7), layout="constrained")
    memory, latency, speed = figure.subplots(3, sharex=True)
    for name, label in (("window", "window"), ("train", "trainer"), ("truths", "truths")):
        curve(memory, rows, f"rss_mib_{name}", label)
    memory.set(ylabel="memory (MiB)", ylim=(0, None))
    for name in ("p50", "p99", "max"):
        curve(latency, rows, f"late_{name}_ms", name)
    latency.set(ylabel="timer delay (ms)", yscale="log")
    curve(speed, rows, "frames_per_s", "figures drawn per second")
    curve(speed, rows, "load", "load of the machine")
    speed.set(xlabel="minutes", ylim=(0, None))
    for axes in (memory, latency, speed):
        axes.legend(loc="upper left", ncols=3, frameon=False)
        axes.grid(alpha=0.3)
    figure.savefig(file, dpi=120)


def curve(axes: Axes, rows: Rows, name: str, label: str) -> None:
    """Draw one column."""
    known = [row for row in rows if name in row]
    axes.plot([row["seconds"] / 60 for row in known], [row[name] for row in known], label=label, lw=1.2)
