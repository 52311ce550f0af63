"""Networks of the user's as critics and generators: what they return, and what is refused."""

import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from own_files import script
from plain_torch import Bowl, PlainCritic
from wganstudio.critics.own.network import OwnCritic, OwnGenerator
from wganstudio.experiment import BadExperiment, trusted_code
from wganstudio.experiment.own_networks import OwnCriticOptions, OwnGeneratorOptions


@pytest.fixture(autouse=True)
def allowed() -> None:
    trusted_code.allow("plain_torch")


def critic(dim: int = 3, **options: Any) -> OwnCritic:
    built = OwnCriticOptions(**options).build(dim)
    assert isinstance(built, OwnCritic)
    return built


def test_class_and_script_have_the_same_values_and_gradients(tmp_path: Path) -> None:
    network = PlainCritic(3, 32)
    save_file(network.state_dict(), tmp_path / "w.safetensors")
    path = str(script(network, tmp_path / "critic.pt"))
    trusted_code.allow(path)
    points = torch.randn(50, 3)
    built = critic(
        module="plain_torch:PlainCritic",
        arguments='{"dim": 3, "width": 32}',
        weights_file=str(tmp_path / "w.safetensors"),
    )
    for u in (built, critic(script_file=path)):
        values, gradients = u.gradient(points)
        torch.testing.assert_close(values, network(points).squeeze(1), rtol=0, atol=0)
        expected = torch.autograd.grad(network(inputs := points.clone().requires_grad_(True)).sum(), inputs)
        torch.testing.assert_close(gradients, expected[0], rtol=1e-6, atol=1e-6)
        gradients.square().sum().backward()  # as a gradient penalty does
        assert any(weight.grad is not None for weight in u.parameters())


def test_a_critic_without_parameters_and_of_one_axis() -> None:
    values, gradients = critic(module="plain_torch:Bowl").gradient(torch.randn(10, 3))
    assert values.shape == (10,)
    torch.testing.assert_close(gradients.norm(dim=1), torch.ones(10))


def test_the_network_stays_in_evaluation_mode() -> None:
    u = critic(module="plain_torch:PlainCritic")
    assert not u.train().network.training


@pytest.mark.parametrize(
    ("options", "field", "sentence"),
    [
        ({}, "script_file", "choose a TorchScript file, or name a class"),
        ({"module": "plain_torch:Nothing"}, "module", "has no class Nothing"),
        ({"module": "plain_torch:NOT_A_CLASS"}, "module", "is no subclass of torch.nn.Module"),
        ({"module": "plain_torch:Tensor"}, "module", "is no subclass of torch.nn.Module"),
        ({"module": "plain_torch:Stepped"}, "module", "is not differentiable in the points"),
        ({"module": "plain_torch:Pair"}, "module", r"returns \[n, 2\] at points \[n, 3\]"),
        (
            {"module": "plain_torch:PlainCritic", "arguments": '{"dim": 5}'},
            "module",
            r"does not take points \[n, 3\] \(RuntimeError: mat1 and mat2",
        ),
        (
            {"module": "plain_torch:PlainCritic", "arguments": '{"depth": 5}'},
            "arguments",
            "was not built: TypeError",
        ),
        ({"module": "os:system"}, "module", "os is "),
        ({"module": "subprocess:Popen"}, "module", "subprocess is code that you have not allowed"),
        ({"script_file": "/nowhere/critic.pt"}, "script_file", "cannot be read: No such file"),
    ],
)
def test_what_is_no_critic_is_refused(options: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(BadExperiment, match=sentence) as refused:
        critic(**options)
    assert [problem.path for problem in refused.value.problems] == [f"critic.{field}"]


def test_a_class_that_is_no_network_is_not_called_even_if_its_module_is_allowed() -> None:
    trusted_code.allow("subprocess")
    with pytest.raises(BadExperiment, match=r"is no subclass of torch\.nn\.Module"):
        critic(module="subprocess:Popen", arguments='{"args": ["touch", "started"]}')


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("import nothing_of_this_name\n", "cannot be imported: ModuleNotFoundError"),
        ("raise SystemExit('bye')\n", "cannot be imported: SystemExit: bye"),
        ("def f(:\n", "cannot be imported: SyntaxError"),
    ],
)
def test_a_module_that_fails_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, sentence: str
) -> None:
    (tmp_path / "failing_module.py").write_text(program)
    monkeypatch.syspath_prepend(str(tmp_path))
    trusted_code.allow("failing_module")
    with pytest.raises(BadExperiment, match=sentence):
        critic(module="failing_module:Critic")


def test_a_module_that_has_changed_is_imported_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "from torch import nn\nclass Critic(nn.Module):\n    def forward(self, x):\n        return {}\n"
    file = tmp_path / "changing_module.py"
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for factor in ("x.sum(1)", "-2 * x.sum(1)"):
        file.write_text(program.format(factor))
        trusted_code.allow("changing_module")
        values = critic(module="changing_module:Critic")(torch.ones(1, 3))
    sys.modules.pop("changing_module")
    assert values.item() == -6


def test_weights_of_other_networks_and_pickles_are_refused(tmp_path: Path) -> None:
    class_ = {"module": "plain_torch:PlainCritic"}
    save_file(PlainCritic(4).state_dict(), tmp_path / "other.safetensors")
    torch.save(PlainCritic(3).state_dict(), tmp_path / "pickle.safetensors")
    for name, sentence in (
        ("other", "holds the weights of another network: RuntimeError: size mismatch"),
        ("pickle", "is no safetensors file; save the weights by"),
        ("missing", "cannot be read: No such file"),
    ):
        with pytest.raises(BadExperiment, match=sentence) as refused:
            critic(**class_, weights_file=str(tmp_path / f"{name}.safetensors"))
        assert refused.value.problems[0].path == "critic.weights_file"


def test_a_generator_maps_latent_samples_to_points() -> None:
    options = OwnGeneratorOptions(
        module="plain_torch:PlainGenerator", arguments='{"latent": 3, "dim": 5}', latent_dim=3
    )
    generator = options.build(5)
    assert isinstance(generator, OwnGenerator)
    assert generator.sample(7, torch.Generator().manual_seed(0)).shape == (7, 5)
    with pytest.raises(BadExperiment, match="points of the pair have dimension 4"):
        options.build(4)
    with pytest.raises(BadExperiment, match=r"generator\.module: the network does not take latent samples"):
        options.model_copy(update={"latent_dim": 2}).build(5)


def test_a_generator_without_parameters_is_refused() -> None:
    trusted_code.allow("torch.nn")
    with pytest.raises(BadExperiment, match="has no parameters; a generator needs some"):
        OwnGeneratorOptions(module="torch.nn:Identity").build(2)


def test_the_gradient_of_a_bowl_is_its_closed_form() -> None:
    points = torch.randn(20, 2)
    _, gradients = critic(2, module="plain_torch:Bowl").gradient(points)
    torch.testing.assert_close(gradients, -points / points.norm(dim=1, keepdim=True))
    assert isinstance(critic(2, module="plain_torch:Bowl").network, Bowl)
