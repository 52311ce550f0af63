"""Fixtures of the command line: its runs borrow one warm trainer."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def warm_trainer(command_pool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lend the warm trainer to every `wganstudio run` in this process."""
    monkeypatch.setattr("wganstudio.cli.training.RunProcess", command_pool.borrow)
