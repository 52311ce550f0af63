"""`wganstudio truth`: the certified reference costs of an experiment's pair."""

import json
from argparse import Namespace

from wganstudio.cli.choice import experiment_from_arguments
from wganstudio.cli.messages import print_message
from wganstudio.training.events import TruthFound, TruthMissing
from wganstudio.training.truths import find_truths


def truth(options: Namespace) -> int:
    """Print every truth with its bounds, method, distributions and seconds; return 1 if any is missing."""
    experiment = experiment_from_arguments(options)
    truths, complete = {}, True
    for event in find_truths(experiment):
        match event:
            case TruthFound():
                truths[event.truth.quantity] = event.truth  # a later one is tighter
            case TruthMissing():
                print_message(event.message, event.detail)
                complete = not event.failed
    code = int(not (truths and complete))
    if options.json:
        print(json.dumps({"truths": [truth.model_dump() for truth in truths.values()]}, indent=2))
        return code
    for cost in truths.values():
        print(f"{cost.quantity:<10} {cost.value:.6g}  in [{cost.lower:.6g}, {cost.upper:.6g}]")
        print(f"           {cost.method}; {cost.law}; {cost.seconds:.2f} s")
    return code
