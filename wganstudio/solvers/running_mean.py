"""Mean: of numbers that come chunk by chunk."""

from torch import Tensor


class RunningMean:
    """Mean and variance of many numbers, chunk by chunk, in double precision."""

    def __init__(self) -> None:
        self.count, self.mean, self._squares = 0, 0.0, 0.0

    def add(self, numbers: Tensor) -> None:
        """Take in a chunk (Chan's update)."""
        chunk = numbers.double()
        count, mean = len(chunk), float(chunk.mean())
        total = self.count + count
        shift = mean - self.mean
        self._squares += float((chunk - mean).square().sum()) + shift * shift * self.count * count / total
        self.mean += shift * count / total
        self.count = total

    @property
    def error(self) -> float:
        """Standard error of the mean squared."""
        return self._squares / (self.count - 1) / self.count
