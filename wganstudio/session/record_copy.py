"""Rows of a session from records in memory, where the file that held them cannot be read any more."""

import sqlite3
from collections.abc import Iterable

from wganstudio.session.database import write_empty
from wganstudio.session.entries import experiment_text
from wganstudio.session.labels import write_labels
from wganstudio.session.record import RunRecord
from wganstudio.session.writer import NewEvent
from wganstudio.training.events import (
    Event,
    FlowMissing,
    Metrics,
    Paused,
    Started,
    TruthFound,
    TruthMissing,
)


def write_records(database: sqlite3.Connection, records: Iterable[RunRecord], suite: str) -> None:
    """Fill an empty file with records and the plan of their suite."""
    write_empty(database)
    if suite:
        database.execute("INSERT INTO suite (body) VALUES (?)", (suite,))
    number = 0
    for record in records:
        database.execute(
            "INSERT INTO run (id, name, experiment) VALUES (?, ?, ?)",
            (record.run, record.given_name, experiment_text(record.requested)),
        )
        write_labels(database, record.run, record.labels)
        for event in events_of_record(record):
            number += 1
            NewEvent(record.run, number, event).write(database)


def events_of_record(record: RunRecord) -> list[Event]:
    """Return events from which an equal record is built."""
    events: list[Event] = []
    if record.started:
        settings = record.experiment.settings()
        events.append(Started(experiment=settings, environment=record.environment, steps=record.steps))
    events += sorted([*_metrics(record), *_snapshots(record)], key=lambda event: event.step)
    events += [TruthFound(truth=truth) for truth in record.truths.values()]
    if record.truth_missing:
        events.append(TruthMissing(message=record.truth_missing, failed=record.truths_failed))
    if record.flow_missing:
        events.append(FlowMissing(message=record.flow_missing))
    events += [event for event in (record.checkpoint, record.failed, record.ended) if event is not None]
    if record.state == "paused":
        events.append(Paused(step=record.step))
    return events


def _metrics(record: RunRecord) -> list[Event]:
    by_step: dict[int, dict[str, float]] = {}
    for name in record.curve_names:
        for step, value in zip(*record.curve(name), strict=True):
            by_step.setdefault(int(step), {})[name] = float(value)
    seconds, samples = (dict(zip(*record.effort(name), strict=True)) for name in ("seconds", "samples"))
    return [
        Metrics(step=step, values=values, seconds=seconds.get(step), samples=samples.get(step))
        for step, values in by_step.items()
    ]


def _snapshots(record: RunRecord) -> list[Event]:
    """Return the recorded snapshots; at each step the critic last, which completes a frame."""
    topics = sorted(record.recorded_topics, key=lambda topic: (topic == "critic", topic != "plane"))
    steps = sorted({step for topic in topics for step in record.recorded_steps(topic)})
    frames = [record.frame_at(step) for step in steps]
    return [frame[topic] for frame in frames for topic in topics if topic in frame]
