"""Whole numbers as arguments of commands."""

import argparse

MAX_STEPS = 100_000_000


def whole(text: str) -> int:
    """Return the whole number that a text means; argparse explains the error."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) > MAX_STEPS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number up to {MAX_STEPS:,}")
    return int(text)
