"""The modules of the package import each other without cycles."""

from graphlib import CycleError, TopologicalSorter

import grimp  # import-linter is built on it
import pytest


def test_no_modules_import_each_other():
    graph = grimp.build_graph("wganstudio", cache_dir=None)  # sees TYPE_CHECKING and functions as well
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert "wganstudio.session" in imports["wganstudio.gui.views.compared_view"]
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
