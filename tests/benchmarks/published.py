"""Complete runs on published pairs, minutes each: published.csv.

    python tests/benchmarks/published.py PAIR_FOLDER 2,4,lp 16,4,gp 2,4,wc

PAIR_FOLDER holds the published files dim_D_funnels_N.pt. Rows that are in the table are not repeated.
"""

import csv
import json
import subprocess
import sys
from pathlib import Path

RUN = ["pair", "dim", "funnels", "solver", "steps", "seed"]
GRADIENT = ["cos", "cos_published", "l2", "l2_published"]
COSTS = ["gap", "gap_se", "value", "value_se", "w1", "w1_lower", "w1_upper"]
TABLE = Path(__file__).with_suffix(".csv")


def row(folder: Path, dim: str, funnels: str, solver: str) -> dict[str, object]:
    file = folder / f"dim_{dim}_funnels_{funnels}.pt"
    command = [sys.executable, "-m", "wganstudio", "run", "ray-monotone", "--json"]
    command += ["--set", f"pair.file={file}", "--set", f"solver.kind={solver}"]
    result = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)
    (w1,) = (truth for truth in result["truths"] if truth["quantity"] == "w1")
    new = {
        "pair": "ray-monotone",
        "dim": dim,
        "funnels": funnels,
        "solver": solver,
        "steps": result["steps"],
    }
    new["seed"] = result["experiment"]["training"]["seed"]
    numbers = result["gradient"] | result["estimates"]
    numbers |= {"w1": w1["value"], "w1_lower": w1["lower"], "w1_upper": w1["upper"]}
    return new | {name: f"{number:.6g}" for name, number in numbers.items()}


def main() -> None:
    folder, *wanted = sys.argv[1:]
    with TABLE.open(newline="") as file:
        rows: list[dict[str, object]] = list(csv.DictReader(file))
    for name in wanted:
        key = name.split(",")
        if not any([old["dim"], old["funnels"], old["solver"]] == key for old in rows):
            rows.append(row(Path(folder), *key))
            with TABLE.open("w", newline="") as file:
                writer = csv.DictWriter(file, [*RUN, *GRADIENT, *COSTS], lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)


if __name__ == "__main__":
    main()
