"""Texts of commands: what the Edit menu and the history call a change."""

from collections.abc import Sequence

from wganstudio.experiment import presets
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.form.state import FormState
from wganstudio.plain_text import one_line
from wganstudio.session import RunLabels, RunRecord

MOST = 40
"""Characters of a name in a menu."""
LABEL_TEXTS = {
    "tags": "change of the tags of",
    "note": "change of the note on",
    "color": "change of the color of",
}


def quoted(name: str) -> str:
    """Return a name within quotation marks, shortened for a menu."""
    return f"\u201c{one_line(name, MOST)}\u201d"


def runs_text(records: Sequence[RunRecord]) -> str:
    """Return the name of a run, or the number of several."""
    return quoted(records[0].name) if len(records) == 1 else f"{len(records)} runs"


def labels_text(record: RunRecord, labels: RunLabels) -> str:
    """Return what setting these labels of a run is called."""
    fields = [f for f in RunLabels.model_fields if getattr(labels, f) != getattr(record.labels, f)]
    if fields == ["starred"]:
        action = "starring of" if labels.starred else "removal of the star of"
    else:
        action = LABEL_TEXTS.get(fields[0], "") if len(fields) == 1 else ""
    return f"{action or 'change of the labels of'} {quoted(record.name)}"


def form_text(form: ExperimentForm, after: FormState) -> str:
    """Return what the last change of a form is called."""
    if form.change_text:
        return form.change_text
    if form.edited_path == "presets":
        title = quoted(form.presets.currentText())
        return f"choice of preset {title}" if after.origin in presets() else f"loading of {title}"
    group, _, field = form.edited_path.partition(".")
    if field == "kind":
        kind = form.groups[group].kind
        return f"choice of {group} {quoted(kind.currentText() if kind else '')}"
    return f"change of {form.title(form.edited_path)}"


def command_text(text: str) -> str:
    """Return the text of a QUndoCommand: what the history shows and, on a second line, what menus show."""
    return f"{text[:1].upper()}{text[1:]}\n{text}"
