"""`wganstudio presets`: what is shipped."""

import json
from argparse import Namespace

from wganstudio.experiment import presets as shipped


def presets(options: Namespace) -> int:
    """List name, tags and summary of every preset."""
    found = [
        {"name": p.name, "tags": list(p.about.tags), "summary": p.about.summary} for p in shipped().values()
    ]
    if options.json:
        print(json.dumps(found, indent=2))
        return 0
    width = max(len(str(preset["name"])) for preset in found)
    for preset in found:
        print(f"{preset['name']:<{width}}  {preset['summary']}")
    return 0
