"""The main function of a worker process whose GPU fails, as far as the CPU can show that."""

from typing import Any

from wganstudio.solvers.adam import AdamSolver
from wganstudio.training import worker

FAULT = (
    "CUDA error: unspecified launch failure\nCUDA kernel errors might be asynchronously reported at some "
    "other API call, so the stacktrace below might be incorrect.\n"
)
LAST_STEP = 5


def serve_until_the_gpu_fails(*arguments: Any) -> None:
    """Serve jobs; every run fails after its fifth step as torch does when CUDA is lost."""
    take_step = AdamSolver.take_step

    def failing(solver: AdamSolver) -> None:
        if solver._steps_taken == LAST_STEP:
            raise RuntimeError(FAULT)
        take_step(solver)

    def work(*arguments: Any) -> None:
        AdamSolver.take_step = failing  # type: ignore[method-assign]
        work_well(*arguments)

    work_well, worker._work = worker._work, work  # the warm-up before has steps, too
    worker.serve(*arguments)
