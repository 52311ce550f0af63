"""Snapshot: arrays of a registered topic at one step, validated against the topic's schema."""

from typing import Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializeAsAny,
    ValidationInfo,
    field_validator,
    model_validator,
)

from wganstudio.training.topics import Array, topic

Arrays = dict[str, Array]
M = TypeVar("M", bound=BaseModel)


class EventBase(BaseModel):
    """Common fields of all events."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")

    kind: str
    step: int = Field(0, ge=0)
    """Critic steps done when the event was made."""
    arrays: Arrays = Field(default_factory=dict, exclude=True, repr=False)

    @property
    def name(self) -> str:
        """The topic of a snapshot, otherwise the kind: how jobs and sessions tell events apart."""
        return self.kind


class Snapshot(EventBase):
    """Arrays at a step, as the topic declares them; ValueError if they do not match it."""

    kind: Literal["snapshot"] = "snapshot"
    topic: str
    recorded: bool = False
    """The session keeps the snapshot; others may be replaced by newer ones before they are read."""
    attributes: SerializeAsAny[BaseModel] | None = Field(None, validate_default=True)

    @property
    def name(self) -> str:
        """The topic."""
        return self.topic

    @field_validator("attributes", mode="before")
    @classmethod
    def _parse_attributes(cls, value: object, info: ValidationInfo) -> object:
        model = topic(info.data["topic"]).attributes if "topic" in info.data else None
        return model.model_validate(value) if model is not None and isinstance(value, dict) else value

    @model_validator(mode="after")
    def _validate(self) -> Self:
        topic(self.topic).validate(self.arrays, self.attributes)
        if self.recorded and not topic(self.topic).recorded:
            raise ValueError(f"{self.topic}: snapshots of this topic are not recorded")
        return self

    def attributes_as(self, model: type[M]) -> M:
        """Return the attributes, which are of the topic's model; TypeError if that is another one."""
        if not isinstance(self.attributes, model):
            raise TypeError(f"{self.topic}: the attributes are not of type {model.__name__}")
        return self.attributes

    def dims(self) -> dict[str, tuple[int, ...]]:
        """Return the sizes of the symbolic dimensions."""
        return topic(self.topic).dims(self.arrays)
