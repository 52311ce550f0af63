"""The examples of resources/help/frameworks.md, run with the real libraries."""

import re
import sys
import warnings
from pathlib import Path

import pytest
import torch
import tqdm

import wganstudio as ws
from training_loops import seed_all

PAGE = Path(__file__).parents[3] / "resources" / "help" / "frameworks.md"
BLOCK = re.compile(r"^## (?P<title>.+?)\n.*?^```python\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = {found["title"]: found["code"] for found in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))}
LIBRARIES = {"Lightning": "lightning", "Ignite": "ignite", "Hugging Face Trainer": "transformers"}
STEPS = 32


class NoProbe:
    """Stands in for `ws.Probe` and records nothing."""

    def __init__(self, *arguments: object, **options: object) -> None: ...

    def __enter__(self) -> "NoProbe":
        return self

    def __exit__(self, *error: object) -> None: ...

    def step(self, k: int) -> None: ...

    def close(self) -> None: ...


def run(title, monkeypatch):
    """Run an example from seed 0; return its variables, and what the random generators draw then."""
    example = type(sys)("example")
    monkeypatch.setitem(sys.modules, "example", example)
    seed_all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the libraries
        exec(compile(EXAMPLES[title], title, "exec"), vars(example))
    return vars(example), torch.rand(3)


def weights(variables):
    networks = [variables["model"]] if "model" in variables else [variables["critic"], variables["generator"]]
    return [tensor.clone() for network in networks for tensor in network.state_dict().values()]


def test_the_page_has_an_example_of_each_library():
    assert EXAMPLES.keys() == LIBRARIES.keys()


@pytest.mark.parametrize("title", LIBRARIES)
def test_an_example_records_its_critic_and_changes_no_bit(title, monkeypatch, tmp_path):
    pytest.importorskip(LIBRARIES[title], reason="the extra 'frameworks' is not installed")
    monkeypatch.setattr(tqdm.tqdm, "monitor_interval", 0)  # a thread, of the progress bar of the Trainer
    monkeypatch.chdir(tmp_path)
    watched, drawn = run(title, monkeypatch)
    (path,) = tmp_path.glob("*.wgs")
    with ws.open_session(path) as session:
        (recorded,) = session.runs
        steps, w1 = recorded.curves()["step"], recorded.truths["w1"]
        assert recorded.state == "ended" and (steps[0], steps[-1]) == (1, STEPS)
        assert 0 < w1.lower <= w1.upper < 4
    monkeypatch.setattr(ws, "Probe", NoProbe)
    alone, drawn_alone = run(title, monkeypatch)
    assert torch.equal(drawn, drawn_alone)
    for one, other in zip(weights(watched), weights(alone), strict=True):
        assert torch.equal(one, other)
