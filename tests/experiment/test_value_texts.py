import pytest

from wganstudio.experiment.value_texts import lower_title


@pytest.mark.parametrize(
    ("title", "in_a_sentence"),
    [
        ("Learning rate", "learning rate"),
        ("MC samples", "MC samples"),
        ("TorchScript file", "TorchScript file"),
        ("L-BFGS steps", "L-BFGS steps"),
    ],
)
def test_names_and_abbreviations_keep_their_capitals_within_a_sentence(title, in_a_sentence):
    assert lower_title(title) == in_a_sentence
