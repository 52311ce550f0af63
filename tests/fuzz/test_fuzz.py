"""Mutated files of every kind are read or refused with one sentence; fuzz.py tries 10,000 of them."""

import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import fuzzing
from fuzzing import MAX_GROWTH, MAX_SECONDS, Outcome, Seed, seeds, try_input
from wganstudio.experiment import BadExperiment

COUNT, PARTS = 500, 10
PROGRAM = Path(fuzzing.__file__).with_name("fuzz.py")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return seeds(tmp_path_factory.mktemp("seeds"))


def test_every_valid_file_is_read(corpus, tmp_path):
    assert {seed.kind for seed in corpus} >= {
        "experiment",
        "suite",
        "table",
        "array",
        "images",
        "sigma",
        "session",
        "model",
    }
    for seed in corpus:
        path = tmp_path / f"valid{seed.suffix}"
        path.write_bytes(seed.content)
        seed.loader(path)


@pytest.mark.parametrize("part", range(PARTS))
def test_mutated_files_are_read_or_refused(part, corpus, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcomes = [try_input(number, 1, corpus, tmp_path) for number in range(part, COUNT, PARTS)]
    assert [outcome for outcome in outcomes if outcome.is_fault] == []
    assert {outcome.result for outcome in outcomes} == {"read", "refused"}


def raising(error):
    def loader(path):
        raise error

    return loader


@pytest.mark.parametrize(
    ("error", "is_fault"),
    [(BadExperiment(), False), (RecursionError(), True), (KeyError("x"), True), (MemoryError(), True)],
    ids=repr,
)
def test_anything_but_a_sentence_is_a_fault(error, is_fault, tmp_path):
    outcome = try_input(0, 0, [Seed("invented", ".x", b"abc", raising(error))], tmp_path)
    assert outcome.is_fault == is_fault


def test_slow_and_large_loaders_are_faults(tmp_path, monkeypatch):
    loaders = {
        "took 3.0 s": (3.0, 0),
        "took 2048 MiB": (0.0, 2 * MAX_GROWTH),
        "read": (MAX_SECONDS, MAX_GROWTH),
    }
    for result, (seconds, growth) in loaders.items():
        times, peaks = iter((0.0, seconds)), iter((0, growth))
        monkeypatch.setattr("fuzzing.time.process_time", lambda times=times: next(times))
        monkeypatch.setattr("fuzzing._peak", lambda peaks=peaks: next(peaks))
        outcome = try_input(0, 0, [Seed("invented", ".x", b"abc", lambda path: None)], tmp_path)
        assert outcome.result == result and isinstance(outcome, Outcome)


@pytest.mark.process
def test_the_program_continues_where_it_was(tmp_path):
    command = [sys.executable, str(PROGRAM), "--out", str(tmp_path), "--seed", "3", "--count"]
    first = subprocess.run([*command, "6"], capture_output=True, text=True, timeout=200, check=True)
    again = subprocess.run([*command, "8"], capture_output=True, text=True, timeout=200, check=True)
    counts = [sum(map(int, re.findall(r"': (\d+)", run.stdout))) for run in (first, again)]
    assert counts == [6, 2] and not (tmp_path / "faults.txt").exists()
