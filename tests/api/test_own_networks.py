"""A critic of one's own in Python: what a call names is allowed by it, what a file names is not."""

from pathlib import Path

import pytest
import torch

import wganstudio as ws
from own_files import script
from plain_torch import PlainCritic
from wganstudio.experiment import BadExperiment, preset, read, to_toml, trusted_code
from wganstudio.experiment.parsing import override

pytestmark = pytest.mark.usefixtures("small_references")
QUICK = {"evaluation.final_samples": 1024, "evaluation.samples": 64, "evaluation.resolution": 8}


@pytest.fixture(autouse=True)
def no_consent() -> None:
    trusted_code.adopt({})


def test_naming_the_critic_in_the_call_is_consent(tmp_path: Path) -> None:
    network = PlainCritic(2)
    path = str(script(network, tmp_path / "critic.pt"))
    changes = {**QUICK, "critic.kind": "own", "critic.script_file": path}
    result = ws.run("first-look", steps=0, progress=False, session=tmp_path / "a.wgs", **changes)
    points = torch.randn(9, 2)
    torch.testing.assert_close(result.critic(points), network(points).squeeze(1))
    assert {"gap", "value"} <= set(result.estimates) and "w1" in result.truths
    trusted_code.adopt({})
    with ws.open_session(tmp_path / "a.wgs") as session:
        with pytest.raises(BadExperiment, match=r"call wganstudio\.allow_code in Python"):
            session.runs[0].critic()
        ws.allow_code(path)
        torch.testing.assert_close(session.runs[0].critic()(points), network(points).squeeze(1))


def test_a_file_of_a_stranger_runs_no_code(tmp_path: Path) -> None:
    critic = [("critic.kind", "own"), ("critic.module", "plain_torch:PlainCritic")]
    changes = [*QUICK.items(), *critic, ("critic.arguments", '{"dim": 2}'), ("training.steps", 0)]
    file = tmp_path / "stranger.toml"
    file.write_text(to_toml(read(override(preset("first-look").settings, changes))))
    with pytest.raises(ws.RunFailed, match="plain_torch is code that you have not allowed"):
        ws.run(file, progress=False)
    ws.allow_code("plain_torch")
    assert ws.run(file, progress=False).step == 0
