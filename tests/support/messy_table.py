"""A table as people bring it: UTF-16, titles, units, ids, semicolons and decimal commas."""

from pathlib import Path

TEXT = (
    "Messreihe 12 \u2013 Labor K\u00f6ln;;;;\nDatum: 3.4.2024;;;;\n\n"
    "id;Breite;H\u00f6he;Masse;Art\n-;mm;mm;g;\n"
    + "".join(
        f"{1000 + k};{12 + k % 7},{k % 10}5;{30 - k % 5},{k % 9}7;{k % 3 + 1}000,{k % 4};{'rbg'[k % 3]}\n"
        for k in range(90)
    )
)


def write_messy_table(path: Path) -> Path:
    """Write the table and return its path."""
    path.write_bytes(TEXT.replace("\n", "\r\n").encode("utf-16"))
    return path
