"""`wganstudio presets`: list the experiments that are shipped, and those of plugins."""

import json
from argparse import Namespace

from wganstudio.cli.messages import print_result
from wganstudio.experiment import presets as shipped


def presets(options: Namespace) -> int:
    """Print name, tags and summary of every preset."""
    rows = [
        {"name": p.name, "tags": list(p.about.tags), "summary": p.about.summary} for p in shipped().values()
    ]
    if options.json:
        print_result(json.dumps(rows, indent=2))
        return 0
    width = max(len(str(preset["name"])) for preset in rows)
    print_result("\n".join(f"{preset['name']:<{width}}  {preset['summary']}" for preset in rows))
    return 0
