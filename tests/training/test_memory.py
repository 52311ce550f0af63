"""Memory that a process may use: that of the machine, within the limits of containers and of the shell."""

import sys
from pathlib import Path

import psutil
import pytest

from wganstudio.training import memory

GIB = 1 << 30


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(memory, "ROOT", tmp_path)
    return tmp_path


def test_without_limits_the_memory_of_the_machine_is_available(root: Path) -> None:
    total = psutil.virtual_memory().total
    assert total / 50 < memory.available_memory() <= total
    assert memory.out_of_memory_kills() is None


def test_the_limit_of_a_container_counts_less_what_it_uses_and_more_its_old_file_pages(root: Path) -> None:
    group = "sys/fs/cgroup/job/step"
    write(
        root,
        {
            "proc/self/cgroup": "0::/job/step\n",
            f"{group}/memory.max": "max\n",
            f"{group}/memory.current": "5\n",
            f"{group}/memory.events": "low 0\noom 3\noom_kill 2\n",
            "sys/fs/cgroup/job/memory.max": f"{1 << 20}\n",
            "sys/fs/cgroup/job/memory.current": f"{700 << 10}\n",
            "sys/fs/cgroup/job/memory.stat": f"anon 1\ninactive_file {100 << 10}\n",
        },
    )
    assert memory.available_memory() == (1 << 20) - (600 << 10)
    assert memory.out_of_memory_kills() == 2


def test_groups_of_version_1_and_a_path_of_the_host_are_understood(root: Path) -> None:
    group = "sys/fs/cgroup/memory"
    write(
        root,
        {
            "proc/self/cgroup": "9:name=systemd:/\n4:cpu,memory:/docker/0123\n0::/\n",
            f"{group}/memory.limit_in_bytes": f"{2 << 20}\n",
            f"{group}/memory.usage_in_bytes": f"{3 << 20}\n",
            f"{group}/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 7\n",
        },
    )
    assert memory.available_memory() == 0, "more is used than allowed"
    assert memory.out_of_memory_kills() == 7


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_the_address_space_limits_as_well(root: Path) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_AS)
    own = psutil.Process().memory_info().vms
    resource.setrlimit(resource.RLIMIT_AS, (own + GIB // 2, limits[1]))
    try:
        assert GIB // 4 < memory.available_memory() <= GIB // 2 + GIB // 16
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "1 MB"),
        (4.4e6, "4 MB"),
        (641e6, "640 MB"),
        (0.96e9, "1.0 GB"),
        (1.24e9, "1.2 GB"),
        (41.3e9, "41 GB"),
    ],
)
def test_sizes_are_written_in_words(count: float, text: str) -> None:
    assert memory.size_text(count) == text
