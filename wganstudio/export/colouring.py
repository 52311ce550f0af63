"""Colours of the cells of a map, so that neighbours differ."""

import numpy as np

from wganstudio.export.dual import Index

COLOURS = 6
"""Enough for any planar map by the rule below: some cell always has five neighbours or fewer."""


def colouring(cells: Index, count: int) -> Index:
    """A colour from 0 to COLOURS - 1 for each of `count` cells of a map [m, n]; neighbours' differ.

    The cell of the fewest neighbours is put aside, again and again; coloured in the opposite order, each
    meets at most five that have a colour. Where it is free, a cell takes its number's: little changes from
    one picture to the next.
    """
    neighbours: list[set[int]] = [set() for _ in range(count)]
    for left_of, right_of in ((cells[:, 1:], cells[:, :-1]), (cells[1:], cells[:-1])):
        beside = left_of != right_of
        for a, b in set(zip(left_of[beside].tolist(), right_of[beside].tolist(), strict=True)):
            neighbours[a].add(b)
            neighbours[b].add(a)
    left = [set(others) for others in neighbours]
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
    colours = np.full(count, -1)
    for chosen in reversed(order):
        taken = {int(colours[other]) for other in neighbours[chosen]}
        wanted = [k % COLOURS for k in range(chosen, chosen + COLOURS)]
        colours[chosen] = next((colour for colour in wanted if colour not in taken), wanted[0])
    return colours
