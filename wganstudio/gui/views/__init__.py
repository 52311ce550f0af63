"""The live views of a run: one module per view, registered by `registry.register_view`.

A view draws the figure of its RunRecord that the export writes as well. Import a view from its own module.
"""
