"""A network that was made elsewhere is judged or trained further, and comes back from the session."""

from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
import torch

from own_files import own
from plain_torch import PlainCritic
from quick_runs import case
from wganstudio.experiment import BadExperiment, trusted_code
from wganstudio.training.events import Checkpoint, Ended, Event, Failed
from wganstudio.training.job import Job
from wganstudio.training.networks import networks_of
from wganstudio.training.run import Run
from wganstudio.training.worker import perform

pytestmark = pytest.mark.usefixtures("small_theory_checks", "small_references")


def events(**changes: Any) -> list[Event]:
    return list(Run(case("lp", "own", **changes)).events())


def last(kind: type[Any], said: list[Event]) -> Any:
    return [event for event in said if isinstance(event, kind)][-1]


def test_without_steps_the_network_is_judged_as_it_is() -> None:
    torch.manual_seed(1)
    network = PlainCritic(3)
    said = events(training__steps=0)
    ended = last(Ended, said)
    assert ended.reason == "done" and ended.step == 0
    assert {"gap", "value", "w1_left"} <= set(ended.estimates) and {"cos", "l2"} <= set(ended.gradient)
    assert 0 < ended.lipschitz.empirical <= ended.lipschitz.largest_slope
    assert {"critic", "gradient-norms", "plane", "metrics"} <= {event.name for event in said}
    weights = last(Checkpoint, said).arrays
    for name, weight in network.state_dict().items():
        assert (weights[f"network.{name}"] == weight.numpy()).all()


def test_training_goes_on_from_the_weights() -> None:
    judged, trained = events(training__steps=0), events(training__steps=60)
    assert last(Ended, trained).estimates["gap"] > last(Ended, judged).estimates["gap"] + 0.01


def test_a_network_without_parameters_is_judged_but_not_trained() -> None:
    trusted_code.allow("plain_torch")
    bowl = {"groups": {"critic": {"kind": "own", "module": "plain_torch:Bowl"}}}
    run = Run(case("lp", **bowl, training__steps=0))
    said = list(run.events())
    assert last(Ended, said).lipschitz.empirical == pytest.approx(1, abs=0.05)
    networks = networks_of(run.experiment, last(Checkpoint, said))
    assert networks.critic(torch.zeros(4, 3)).shape == (4,)
    with pytest.raises(BadExperiment, match=r"training\.steps: the critic has no parameters to train; set"):
        Run(case("lp", **bowl, training__steps=5))


def test_a_generator_of_ones_own_is_judged_without_steps() -> None:
    generator = own("generator", 2, 2)
    groups = {"pair": {"kind": "classics", "p": "eight-gaussians", "q": "gaussian"}, "generator": generator}
    ended = last(Ended, list(Run(case("lp", groups=groups, training__steps=0)).events()))
    assert ended.step == 0 and "gap" in ended.estimates


def test_solvers_that_constrain_layers_refuse_it() -> None:
    with pytest.raises(BadExperiment, match="Your own network has no plain layers"):
        case("sn", "own")
    with pytest.raises(BadExperiment, match=r"critic\.kind"):
        case("plain", "own")


def test_a_job_without_consent_fails_with_a_sentence_and_runs_nothing() -> None:
    e = case("lp", "own", training__steps=0)
    consent = trusted_code.granted()
    try:
        said = list(perform(Job(1, "train", e, consent={}), SimpleQueue()))
    finally:
        trusted_code.adopt(consent)
    assert [type(event) for event in said] == [Failed]
    assert said[0].cause == "input" and "is code that you have not allowed to run" in said[0].message


def test_a_network_whose_file_is_gone_cannot_be_rebuilt_and_says_so(tmp_path) -> None:
    path = tmp_path / "critic.pt"
    path.write_bytes(Path(own("critic", 3)["script_file"]).read_bytes())
    trusted_code.allow(str(path))
    run = Run(case("lp", "own", critic__script_file=str(path), training__steps=0))
    checkpoint = last(Checkpoint, list(run.events()))
    assert networks_of(run.experiment, checkpoint).critic(torch.zeros(4, 3)).shape == (4,)
    path.unlink()
    with pytest.raises(BadExperiment, match=r"critic\.script_file: .*critic\.pt cannot be read"):
        networks_of(run.experiment, checkpoint)
