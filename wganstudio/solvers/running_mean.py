"""RunningMean: mean and variance of numbers that arrive in chunks."""

from torch import Tensor


class RunningMean:
    """Mean and variance of many numbers, chunk by chunk, in double precision.

    References
    ----------
    Chan, Golub & LeVeque, Updating formulae and a pairwise algorithm for computing sample variances, 1979.
    """

    def __init__(self) -> None:
        self.count, self.mean, self._squares = 0, 0.0, 0.0

    def add(self, numbers: Tensor) -> None:
        """Add a chunk of numbers."""
        chunk = numbers.double()
        count, mean = len(chunk), float(chunk.mean())
        total = self.count + count
        shift = mean - self.mean
        self._squares += float((chunk - mean).square().sum()) + shift * shift * self.count * count / total
        self.mean += shift * count / total
        self.count = total

    @property
    def squared_error(self) -> float:
        """Squared standard error of the mean."""
        return self._squares / (self.count - 1) / self.count
