"""The snapshots of a record as figures read them so far: `record.scene`, `.frame`, `.slopes` and so on."""

from collections.abc import Callable
from typing import TypeVar

from wganstudio.training.former_events import Fields, Flow, Promises, Scene, Slopes
from wganstudio.training.snapshot import Snapshot

T = TypeVar("T")


class FormerViews:
    """Read-only properties assembled from snapshots; each is the same object until its snapshots change."""

    _newest: dict[str, Snapshot]
    _frame: dict[str, Snapshot]
    _recorded: dict[str, dict[int, Snapshot]]
    _assembled: dict[tuple[str, int], tuple[Snapshot, object]]
    """By property and step (-1: the newest): the snapshot an object was made from, and the object."""

    @property
    def scene(self) -> Scene | None:
        """The plane."""
        plane = self._newest.get("plane")
        return None if plane is None else self._keep("scene", -1, plane, Scene.of_snapshot)

    @property
    def frame(self) -> Fields | None:
        """The newest complete frame, recorded or not."""
        critic = self._frame.get("critic")
        if critic is None:
            return None
        if self._recorded.get("critic", {}).get(critic.step) is critic:
            return self._recorded_frame(critic)
        return self._keep("frame", -1, critic, lambda _: Fields.of_frame(self._frame))

    @property
    def frames(self) -> dict[int, Fields]:
        """The recorded frames by step."""
        critics = self._recorded.get("critic", {})
        return {step: self._recorded_frame(critic) for step, critic in critics.items()}

    @property
    def slopes(self) -> Slopes | None:
        """The newest gradient norms, recorded or not."""
        norms = self._newest.get("gradient-norms")
        if norms is None:
            return None
        recorded = self._recorded.get("gradient-norms", {}).get(norms.step) is norms
        return self._keep("slopes", norms.step if recorded else -1, norms, Slopes.of_snapshot)

    @property
    def kept_slopes(self) -> dict[int, Slopes]:
        """The recorded gradient norms by step."""
        norms = self._recorded.get("gradient-norms", {})
        return {step: self._keep("slopes", step, one, Slopes.of_snapshot) for step, one in norms.items()}

    @property
    def promises(self) -> dict[int, Promises]:
        """The theory checks by step."""
        checks = self._recorded.get("theory-checks", {})
        return {step: self._keep("promises", step, one, Promises.of_snapshot) for step, one in checks.items()}

    @property
    def flow(self) -> Flow | None:
        """The true flow."""
        flow = self._newest.get("flow")
        return None if flow is None else self._keep("flow", -1, flow, Flow.of_snapshot)

    def _recorded_frame(self, critic: Snapshot) -> Fields:
        frame = {
            topic: by_step[critic.step] for topic, by_step in self._recorded.items() if critic.step in by_step
        }
        return self._keep("frame", critic.step, critic, lambda _: Fields.of_frame(frame))

    def _keep(self, name: str, step: int, snapshot: Snapshot, make: Callable[[Snapshot], T]) -> T:
        known = self._assembled.get((name, step))
        if known is None or known[0] is not snapshot:
            known = self._assembled[name, step] = snapshot, make(snapshot)
        return known[1]  # type: ignore[return-value]
