"""Colors of the cells of a map, so that neighbors differ."""

import numpy as np

from wganstudio.ot.semi_discrete import Index

COLORS = 6
"""Enough for any planar map by the rule below: some cell always has at most five neighbors."""


def coloring(cells: Index, count: int) -> Index:
    """Return a color from 0 to COLORS - 1 for each of `count` cells of a map [m, n]; neighbors differ.

    Cells are removed in order of the fewest remaining neighbors and colored in the opposite order, so that
    each has at most five colored neighbors. A cell takes the color of its number where that is free, so
    that colors change little between frames.
    """
    neighbors: list[set[int]] = [set() for _ in range(count)]
    for left_of, right_of in ((cells[:, 1:], cells[:, :-1]), (cells[1:], cells[:-1])):
        beside = left_of != right_of
        for a, b in set(zip(left_of[beside].tolist(), right_of[beside].tolist(), strict=True)):
            neighbors[a].add(b)
            neighbors[b].add(a)
    left = [set(others) for others in neighbors]
    buckets: list[set[int]] = [set() for _ in range(count + 1)]
    for cell in range(count):
        buckets[len(left[cell])].add(cell)
    order: list[int] = []
    least = 0
    while len(order) < count:
        while not buckets[least]:
            least += 1
        aside = min(buckets[least])
        buckets[least].remove(aside)
        order.append(aside)
        for other in left[aside]:
            buckets[len(left[other])].remove(other)
            left[other].remove(aside)
            buckets[len(left[other])].add(other)
        left[aside] = set()
        least = max(least - 1, 0)
    colors = np.full(count, -1)
    for chosen in reversed(order):
        taken = {int(colors[other]) for other in neighbors[chosen]}
        wanted = [k % COLORS for k in range(chosen, chosen + COLORS)]
        colors[chosen] = next((color for color in wanted if color not in taken), wanted[0])
    return colors
