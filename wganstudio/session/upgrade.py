"""Upgrades events of older sessions to today's."""

from typing import Any

from pydantic import TypeAdapter

from wganstudio.training.events import AnyEvent, Event
from wganstudio.training.former_events import FORMER_EVENTS
from wganstudio.training.snapshot import Arrays

_EVENT: TypeAdapter[Event] = TypeAdapter(AnyEvent)
_KINDS = {"scalars": "metrics"}
"""Former kind -> kind."""
_RENAMED = {
    "flow": {"toll": "congestion_cost"},
    "promises": {"regulariser": "regularizer"},
}
"""Kind of event -> former name of a field -> its name."""
_IN_FLOW = {"bounded": "weighted_l2"}


def events_of(body: dict[str, Any], arrays: Arrays) -> list[Event]:
    """Return the events of one row: one, or of an array event up to version 4 several snapshots.

    Raises ValueError where the row is not an event.
    """
    kind = str(body.get("kind"))
    names = _RENAMED.get(kind, {})
    body = {names.get(field, field): value for field, value in body.items()} | {"arrays": arrays}
    if kind in FORMER_EVENTS:
        return list(FORMER_EVENTS[kind].model_validate(body).snapshots())
    body["kind"] = _KINDS.get(kind, kind)
    if kind == "ended" and isinstance(body.get("flow"), dict):
        body["flow"] = {_IN_FLOW.get(name, name): value for name, value in body["flow"].items()}
    return [_EVENT.validate_python(body)]
