"""Requirements on every reader of untrusted files: one sentence, little memory, nothing executed."""

import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wganstudio.experiment import BadExperiment

Refused = Callable[..., str]
SMALL = 48 << 20


@pytest.fixture
def refused() -> Iterator[Refused]:
    """Call a reader that must refuse within 48 MiB; its one sentence."""

    def call(reader: Callable[..., Any], *arguments: Any, **options: Any) -> str:
        tracemalloc.start()
        try:
            with pytest.raises(BadExperiment) as caught:
                reader(*arguments, **options)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        (problem,) = caught.value.problems
        assert "\n" not in problem.message
        assert peak < SMALL
        return problem.message

    yield call


@pytest.fixture
def odd(tmp_path: Path) -> dict[str, Path]:
    """Paths that are not regular files, by their kind."""
    result = {"nothing": tmp_path / "nothing", "null byte": Path("null\0byte"), "device": Path("/dev/zero")}
    if not result["device"].exists():
        del result["device"]
    if hasattr(os, "mkfifo"):
        result["pipe"] = tmp_path / "pipe"
        os.mkfifo(result["pipe"])
    return result
