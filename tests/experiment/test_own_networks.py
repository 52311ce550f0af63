"""The options of networks that were made elsewhere."""

import pytest

from wganstudio.experiment import BadExperiment, override_texts, read, to_toml
from wganstudio.experiment.own_networks import OwnCriticOptions
from wganstudio.experiment.toml import parse_toml


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"script_file": "a.pt", "module": "a:B"}, "critic.module: module and script_file are two networks"),
        ({"module": "no class"}, "critic.module: module must be written as module:Class"),
        ({"module": "os.system('x'):A"}, "critic.module: module must be written as module:Class"),
        ({"weights_file": "a.safetensors"}, "critic.weights_file: weights_file needs module"),
        ({"arguments": "{}"}, "critic.arguments: arguments needs module"),
        ({"module": "a:B", "arguments": "width 3"}, "critic.arguments: arguments must be a JSON object"),
        ({"module": "a:B", "arguments": "[" * 9000}, "critic.arguments: arguments must be a JSON object"),
    ],
)
def test_mistakes_have_a_sentence(settings, sentence):
    with pytest.raises(BadExperiment) as refused:
        read({"critic": {"kind": "own", **settings}})
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize("text", ['{"width": 8, "act": "relu"}', '{ width = 8, act = "relu" }'])
def test_arguments_are_json_or_a_toml_table(text):
    typed = override_texts({}, [("critic.kind", "own"), ("critic.module", "a:B"), ("critic.arguments", text)])
    critic = read(typed).critic
    assert isinstance(critic, OwnCriticOptions)
    assert critic.keyword_arguments() == {"width": 8, "act": "relu"}


def test_a_table_in_a_toml_file_is_written_back_as_it_is_read():
    text = '[critic]\nkind = "own"\nmodule = "a:B"\n[critic.arguments]\nwidth = 8\n'
    experiment = read(parse_toml(text))
    assert experiment.critic.keyword_arguments() == {"width": 8}
    assert read(parse_toml(to_toml(experiment))) == experiment
