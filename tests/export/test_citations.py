"""Citations: every source of the registry has an entry, and the methods paragraph names what was used."""

from collections.abc import Iterator

import pytest

from wganstudio.experiment import Experiment, override, preset, presets, read
from wganstudio.experiment.options import extra
from wganstudio.experiment.registry import groups, kinds
from wganstudio.export.citations import bibtex, cited_entries, entries_of, methods_paragraph, sources_of
from wganstudio.export.citations.bibliography import bibliography, is_shipped
from wganstudio.figures import figure_classes
from wganstudio.figures.momentum.figure import Momentum


def sources() -> Iterator[str]:
    """Yield every source that a kind or a field of it carries."""
    plain = [field.annotation for field in Experiment.model_fields.values()]
    options = [kind for group in groups() for kind in kinds(group).values()]
    for one in [*options, *(cls for cls in plain if cls not in options)]:
        if source := getattr(one, "source", ""):
            yield source
        yield from filter(None, (extra(field, "source") for field in one.model_fields.values()))
    yield from filter(None, (figure.source for figure in figure_classes().values()))


@pytest.mark.parametrize("source", sorted(set(sources())))
def test_every_source_has_entries(source: str) -> None:
    entries = entries_of(source)
    assert len(entries) == source.count(";") + 1
    for part, entry in zip(source.split(";"), entries, strict=True):
        assert is_shipped(entry), part
        assert entry.authors[0].split()[-1] in part
        assert entry.arxiv in part


def test_entries_are_complete_and_have_accents_in_texts() -> None:
    entries = bibliography()
    assert {"2109.00528", "2206.07767", "2102.05542", "1802.08249", "1902.07197"} <= {
        entry.arxiv for entry in entries.values()
    }
    for entry in entries.values():
        assert entry.title and entry.year.isdigit() and entry.authors, entry.key
        assert entry.text.count("{") == entry.text.count("}")
        assert not set("{}\\") & set("".join((*entry.authors, entry.title))), entry.key
    assert "Peyr\u00e9" in entries["genevay2016stochastic"].authors
    assert entries["mallasto2019how"].authors[1] == "Mont\u00fafar"


def test_only_what_is_in_use_is_cited() -> None:
    lp = read(preset("first-look").settings)
    assert any("1709.08894" in source for source in sources_of(lp))
    assert not any("1704.00028" in source for source in sources_of(changed(lp, ("solver.kind", "wc"))))
    debiased = changed(lp, ("solver.kind", "regularized"), ("solver.debias", True))
    assert any("1810.08278" in source for source in sources_of(debiased))
    assert not any(
        "1810.08278" in source for source in sources_of(changed(lp, ("solver.kind", "regularized")))
    )


def changed(experiment: Experiment, *changes: tuple[str, object]) -> Experiment:
    settings = experiment.settings()
    return read(override({"pair": settings["pair"]}, changes))


def test_a_paper_that_is_not_shipped_is_cited_by_its_text() -> None:
    (entry,) = entries_of("Doe & Roe, Journal 2031, with {braces} & signs")
    assert not is_shipped(entry) and "\\{braces\\} \\& signs" in entry.text


def test_bibtex_has_each_entry_once_in_order() -> None:
    text = bibtex(cited_entries(read(preset(name).settings) for name in presets()))
    keys = [line.partition("{")[2].rstrip(",") for line in text.splitlines() if line.startswith("@")]
    assert keys == sorted(set(keys)) and "wganstudio" in keys


def test_the_paragraph_states_settings_numbers_and_bounds(plane_record) -> None:
    text = methods_paragraph([plane_record])
    assert "Gaussians (dimension D = 2" in text and "penalty \u03bb = 1" in text
    assert "2,000 steps with batches of 512 samples" in text and "Petzka et al., 2018" in text
    assert "Congested cost 1.95786 in [" in text and "closed form" in text


def test_latex_escapes_everything_but_its_citations(make_record) -> None:
    plane_record = make_record(2)
    plane_record.environment = {"device": "cpu_%{x}\\input"}
    text = methods_paragraph([plane_record], "latex")
    assert "\\input" not in text and "cpu\\_\\%\\{x\\}" in text
    assert "~\\cite{petzka2018regularization,milne2022wasserstein}" in text and "$\\lambda$" in text


def test_a_figure_is_named_and_cited_first(plane_record) -> None:
    figure = Momentum.from_record(plane_record)
    text = methods_paragraph([plane_record], "latex", figure)
    assert text.startswith("The figure shows: Momentum of the critic and of the true flow after 2,000 steps")
    assert text.partition(". ")[0].endswith("~\\cite{milne2022wasserstein}")
    wc = changed(plane_record.experiment, ("solver.kind", "wc"))
    keys = {entry.key for entry in cited_entries([wc], figure)} - {one.key for one in cited_entries([wc])}
    assert keys == {"milne2022wasserstein"}


def test_a_comparison_names_what_differs(plane_record, line_record) -> None:
    text = methods_paragraph([plane_record, line_record])
    assert "2 runs are compared, which differ in" in text and "dimension D (2, 1)" in text
