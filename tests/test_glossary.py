"""The glossary page is the one source of definitions."""

import pytest

from wganstudio.experiment import extra, group_options, groups, kinds
from wganstudio.glossary import definition, definitions


@pytest.mark.parametrize("term", [*groups(), "gap", "value", "congested cost", "UVP", "c-transform", "mover"])
def test_a_term_has_a_definition_in_plain_text(term: str) -> None:
    text = definition(term)
    assert text.endswith(".") and not set("*`\n") & set(text)


def test_a_term_that_is_not_there_has_none() -> None:
    assert definition("nonsense") == "" == definition("")


def test_every_term_of_an_option_is_in_the_glossary() -> None:
    classes = [options for group in groups() for options in kinds(group).values()]
    classes += [group_options(group) for group in ("about", "training", "evaluation")]
    terms = {extra(field, "term") for options in classes for field in options.model_fields.values()} - {""}
    assert terms and terms <= set(definitions())
