"""The curves of runs as logs of TensorBoard: one folder a run, with scalars by step."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from wganstudio import temporary
from wganstudio.experiment import to_toml
from wganstudio.export.files import ExportError, file_stem
from wganstudio.session import RunRecord

MISSING = (
    "TensorBoard logs need a package that is not installed; install it with "
    "`pip install wganstudio[tensorboard]`."
)
FILE = "events.out.tfevents.0.wganstudio"
"""The name by which TensorBoard finds a log, without the time: the same run has the same file."""


def write_logs(records: Sequence[RunRecord], folder: Path) -> list[Path]:
    """Write a log for each run into a folder of its own, and return the files; ExportError if impossible."""
    paths = []
    for record in records:
        path = folder / file_stem(record) / FILE
        content = log_of(record)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write(path, content)
        except OSError as error:
            reason = error.strerror or str(error)
            raise ExportError(f"{path} could not be written: {reason}; choose another folder.") from error
        paths.append(path)
    return paths


def log_of(record: RunRecord) -> bytes:
    """Return the log of a run: its curves, its truths at both ends of the run, and its experiment as text."""
    try:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.summary.writer.record_writer import RecordWriter
    except ImportError as error:
        raise ExportError(MISSING) from error
    out = io.BytesIO()
    writer = RecordWriter(out)
    writer.write(Event(file_version="brain.Event:2").SerializeToString())
    for step, summary in _summaries(record):
        writer.write(Event(step=step, summary=summary).SerializeToString())
    writer.flush()
    return out.getvalue()


def _summaries(record: RunRecord) -> Iterator[tuple[int, Any]]:
    from tensorboard.compat.proto.summary_pb2 import Summary

    yield 0, _text("experiment", to_toml(record.experiment))
    for name in record.curve_names:
        steps, values = record.curve(name)
        for step, value in zip(steps, values, strict=True):
            yield int(step), Summary(value=[Summary.Value(tag=f"curves/{name}", simple_value=float(value))])
    for quantity, truth in record.truths.items():
        for step in dict.fromkeys((0, record.step)):
            for part in ("value", "lower", "upper"):
                tag = f"truths/{quantity}" if part == "value" else f"truths/{quantity}-{part}"
                yield step, Summary(value=[Summary.Value(tag=tag, simple_value=getattr(truth, part))])


def _text(tag: str, text: str) -> Any:
    """Return a text that TensorBoard shows as it is, in the way of Markdown."""
    from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto

    quoted = "\n".join(f"    {line}" for line in text.splitlines())
    shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)])
    tensor = TensorProto(dtype="DT_STRING", string_val=[quoted.encode()], tensor_shape=shape)
    plugin = SummaryMetadata.PluginData(plugin_name="text")
    return Summary(
        value=[Summary.Value(tag=tag, tensor=tensor, metadata=SummaryMetadata(plugin_data=plugin))]
    )
