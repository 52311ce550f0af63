"""Events of older sessions in today's words."""

from typing import Any

_RENAMED = {
    "flow": {"toll": "congestion_cost"},
    "promises": {"regulariser": "regularizer"},
}
"""Kind of event -> former name of a field -> its name."""
_IN_FLOW = {"bounded": "weighted_l2"}


def upgrade(body: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers of an event as this version writes them."""
    names = _RENAMED.get(str(body.get("kind")), {})
    body = {names.get(field, field): value for field, value in body.items()}
    if body.get("kind") == "ended" and isinstance(body.get("flow"), dict):
        body["flow"] = {_IN_FLOW.get(name, name): value for name, value in body["flow"].items()}
    return body
