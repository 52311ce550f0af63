"""Topics: schemas that snapshots are checked against, and a new one that passes run, queue and session."""

from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel, ConfigDict

from wganstudio.experiment import Experiment, override, preset, read
from wganstudio.session import Document
from wganstudio.solvers.base import Solver
from wganstudio.suites.scheduler import _event_kinds
from wganstudio.training.coalescing_queue import CoalescingQueue
from wganstudio.training.commands import Command, Pause, Stop, Watch
from wganstudio.training.events import Event, Progress, Snapshot, is_coalescible
from wganstudio.training.producers import RunContext
from wganstudio.training.run import Run
from wganstudio.training.topics import (
    ArraySpec,
    Topic,
    forget_topic,
    live_topics,
    recorded_topics,
    register_topic,
    topic,
    topics,
)

FRAME = {"critic", "generated", "plan", "atoms", "map-to-q", "map-to-p", "sigma-samples"}


def snapshot(name: str, *, attributes: Any = None, step: int = 0, **arrays: Any) -> Snapshot:
    made = {key: np.asarray(array, float) for key, array in arrays.items()}
    return Snapshot(topic=name, step=step, arrays=made, attributes=attributes)


def test_the_built_in_topics() -> None:
    once = {"plane", "theory-checks", "flow"}
    assert set(topics()) >= FRAME | once | {"gradient-norms"}
    assert {name for name, one in topics().items() if one.frame} == FRAME
    assert live_topics() == FRAME | {"gradient-norms"} and recorded_topics() >= once


ONE = {"u": [1, 2, 3], "gradient_norm": [1, 1, 1]}


@pytest.mark.parametrize(
    ("name", "arrays", "words"),
    [
        ("nothing", {}, "There is no topic 'nothing'; registered are"),
        ("critic", {"u": [1, 2]}, "critic: arrays are missing: gradient_norm"),
        ("critic", ONE | {"v": [1]}, "critic: unknown arrays: v"),
        ("critic", ONE | {"gradient_norm": [1, 1]}, "do not match: plane is 2 in gradient_norm and 3 elsewh"),
        ("critic", ONE | {"gradient": [[1, 1, 1], [1, 1, 1]]}, "critic: arrays do not match the plane"),
        ("critic", ONE | {"gradient": 1}, r"array gradient has shape \(\), not \[K, \*plane\]"),
        (
            "plan",
            {"sources": [1], "partners": [], "shares": [], "effective_count": []},
            "plan: array sources",
        ),
        ("map-to-q", {"starts": [[0]], "ends": [[0]], "distance": [0], "error": [0]}, "belong together"),
        (
            "map-to-q",
            {"starts": [[0]], "ends": [[0]], "distance": [0], "grid": [[0], [1]]},
            "the grid does n",
        ),
        ("generated", {"samples_q": [[0]], "nearest": [[0]]}, "without generated points"),
        ("gradient-norms", {"edges": [0, 1], "p": [1], "q": [1], "sigma": [1]}, "of type Lipschitz"),
    ],
)
def test_a_snapshot_that_does_not_match_is_refused_in_one_sentence(
    name: str, arrays: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        snapshot(name, **arrays)


def test_types_attributes_and_rules_are_checked() -> None:
    with pytest.raises(ValueError, match="critic: array u has type <U1, not float"):
        Snapshot(topic="critic", arrays=dict.fromkeys(("u", "gradient_norm"), np.array(["a"])))
    bounds = {"empirical": 1.0, "largest_slope": 1.0, "certified": None}
    bins = {"p": [1, 0], "q": [1, 0], "sigma": [1, 0]}
    assert snapshot("gradient-norms", edges=[0, 1, 2], attributes=bounds, **bins).attributes is not None
    for edges, words in (([0, 2, 1], "do not ascend"), ([0, 1], "the shares do not match the bins")):
        with pytest.raises(ValueError, match=words):
            snapshot("gradient-norms", edges=edges, attributes=bounds, **bins)
    with pytest.raises(ValueError, match="penalty"):
        snapshot("flow", attributes={"penalty": -1.0, "congestion_cost": 1.0})
    with pytest.raises(ValueError, match="critic: the attributes must be of type NoneType"):
        snapshot("critic", attributes={"empirical": 1.0}, **ONE)


def test_names_are_registered_once() -> None:
    with pytest.raises(ValueError, match="already registered"):
        register_topic(Topic("critic", {}))
    with pytest.raises(ValueError, match="this is the kind of an event"):
        register_topic(Topic("ended", {}))
    assert register_topic(topic("critic")) is topic("critic")


def test_a_queue_never_mixes_frames_of_two_steps() -> None:
    def part(name: str, step: int) -> Snapshot:
        return snapshot(name, step=step, **(ONE if name == "critic" else {"samples_q": [[step]]}))

    def steps(events: list[Event]) -> list[tuple[str, int]]:
        return [(event.name, event.step) for event in events]

    queue = CoalescingQueue()
    for name, step in (("generated", 1), ("critic", 1), ("generated", 2)):
        queue.put(part(name, step))
    assert steps(queue.take()) == [("generated", 2)], "the unread frame is dropped as a whole"
    for name, step in (("critic", 2), ("generated", 3), ("critic", 3)):
        queue.put(part(name, step))
    queue.put(Progress(step=3, steps=9, rate=1.0, eta=1.0))
    assert steps(queue.take()) == [("generated", 3), ("critic", 3), ("progress", 3)]


class Scale(BaseModel):
    """The attributes of the dummy topic."""

    model_config = ConfigDict(frozen=True)
    unit: str


class MeanOfCritic:
    """A producer as a plugin would bring it."""

    def __init__(self, context: RunContext) -> None:
        self._points = context.plane.points()

    def start(self) -> Iterator[Snapshot]:
        return iter(())

    def snapshots(
        self, solver: Solver, step: int, *, recorded: bool, last: bool = False
    ) -> Iterator[Snapshot]:
        import torch

        with torch.no_grad():
            mean = solver.critic(torch.as_tensor(self._points, dtype=torch.float32)).mean()
        yield Snapshot(
            topic="mean-of-critic",
            step=step,
            recorded=recorded,
            arrays={"mean": np.array([float(mean)])},
            attributes=Scale(unit="cost"),
        )


@pytest.fixture
def mean_of_critic() -> Iterator[Topic]:
    yield register_topic(
        Topic(
            "mean-of-critic",
            {"mean": ArraySpec((1,))},
            attributes=Scale,
            live=True,
            producer=MeanOfCritic,
        )
    )
    forget_topic("mean-of-critic")


def experiment() -> Experiment:
    quick = [
        ("training.steps", 5),
        ("training.batch", 16),
        ("evaluation.samples", 64),
        ("evaluation.final_samples", 1024),
        ("evaluation.resolution", 8),
    ]
    return read(override(preset("first-look").settings, quick))


@pytest.mark.usefixtures("mean_of_critic")
def test_a_new_topic_needs_nothing_but_its_registration(tmp_path: Path) -> None:
    inbox: SimpleQueue[Command] = SimpleQueue()
    for command in (Pause(), Watch(frozenset({"mean-of-critic"})), Stop()):
        inbox.put(command)
    live = [event for event in Run(experiment(), inbox).events() if is_coalescible(event)]
    assert [event.name for event in live if event.name != "progress"] == ["mean-of-critic"]

    queue, document = CoalescingQueue(), Document.create(tmp_path / "new.wgs")
    run = document.add_run(experiment())
    for event in Run(experiment()).events():
        queue.put(event)
    for event in queue.take():
        document.append(run, event)
    document.close()
    again = Document.open(tmp_path / "new.wgs")
    (record,) = again.records()
    assert record.recorded_steps("mean-of-critic") == [0, 1, 2, 5]
    for step in (1, 5):
        critic, mean = record.snapshot("critic", step), record.snapshot("mean-of-critic", step)
        assert critic is not None and mean is not None and mean.attributes == Scale(unit="cost")
        assert mean.arrays["mean"][0] == pytest.approx(critic.arrays["u"].mean(), abs=1e-5)
    again.close()
    kinds = _event_kinds("pictures")
    assert kinds is not None and "mean-of-critic" in kinds, "suites record it too"


def test_a_session_with_snapshots_of_a_missing_plugin_still_opens(
    tmp_path: Path, mean_of_critic: Topic, caplog: pytest.LogCaptureFixture
) -> None:
    document = Document.create(tmp_path / "new.wgs")
    run = document.add_run(experiment())
    for step in (1, 2):
        document.append(
            run,
            Snapshot(
                topic="mean-of-critic",
                step=step,
                recorded=True,
                arrays={"mean": np.zeros(1)},
                attributes=Scale(unit="cost"),
            ),
        )
    document.close()
    forget_topic("mean-of-critic")
    again = Document.open(tmp_path / "new.wgs")
    assert again.records()[0].recorded_steps("mean-of-critic") == []
    assert caplog.text.count("which no installed plugin knows") == 1
    again.close()
