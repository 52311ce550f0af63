"""The probe: records the critic of a training loop of one's own, without changing a bit of it."""
