"""`wganstudio notebook`: the shipped notebook as .ipynb."""

from argparse import Namespace

from wganstudio.cli.messages import print_result
from wganstudio.export.notebook import write_notebook


def notebook(options: Namespace) -> int:
    """Write the notebook and print the name of the file."""
    write_notebook(options.out)
    print_result(str(options.out))
    return 0
