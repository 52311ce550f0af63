"""Actions that write what others are to read or use: reports, animations, tables, citations, networks."""

from wganstudio.gui.actions import ActionInfo, WindowState
from wganstudio.gui.window_actions.targets import ActionTargets


def publishing_actions(window: ActionTargets) -> tuple[ActionInfo, ...]:
    """Return the actions on what the selected runs show."""
    publisher = window.publisher
    actions = (
        (
            "save-report",
            "Save re&port\u2026",
            publisher.save_report,
            "Write one HTML file about the selected runs: settings, figures, tables, bounds, how to repeat",
        ),
        (
            "animate",
            "An&imate\u2026",
            publisher.animate,
            "Write a figure as GIF or MP4, over the steps of a run or over the selected runs",
        ),
        (
            "export-networks",
            "Export &networks\u2026",
            publisher.export_networks,
            "Write the trained networks of the selected run as safetensors and ONNX",
        ),
        (
            "export-curves",
            "Export &curves for TensorBoard\u2026",
            publisher.export_curves,
            "Write the curves of the selected runs as logs of TensorBoard",
        ),
        (
            "copy-table",
            "&Copy table",
            publisher.copy_table,
            "Copy the table of runs as it is shown, to be pasted into a spreadsheet",
        ),
        (
            "copy-table-markdown",
            "Copy table as &Markdown",
            publisher.copy_table_as_markdown,
            "Copy the table of runs as it is shown, in Markdown",
        ),
        (
            "copy-table-latex",
            "Copy table as &LaTeX",
            publisher.copy_table_as_latex,
            "Copy the table of runs as it is shown, in LaTeX with the rules of booktabs",
        ),
        (
            "save-table",
            "&Save table\u2026",
            publisher.save_table,
            "Write the table of runs as it is shown as CSV, LaTeX or Markdown",
        ),
        (
            "copy-bibtex",
            "Copy &BibTeX",
            publisher.copy_bibtex,
            "Copy the BibTeX entries of the papers behind the selected runs",
        ),
        (
            "copy-methods",
            "Copy &methods paragraph",
            publisher.copy_methods,
            "Copy a paragraph in LaTeX that says what the selected runs computed and how",
        ),
    )
    return tuple(
        ActionInfo(name=name, text=text, callback=callback, tooltip=tooltip, enabled=_has_selection)
        for name, text, callback, tooltip in actions
    )


def _has_selection(state: WindowState) -> bool:
    return state.selected
