"""Learning rates that change during training."""

from helpers.arguments import integer
from helpers.models.backend import keras


def warm_cosine(peak: float, steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return a learning rate that rises to `peak` in a fifth of the steps, then falls to zero.

    Args:
        peak: The highest learning rate, above 0.
        steps: Training steps in all, 5 or more.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where `peak` is not positive or `steps` below 5.

    Source of the shape: Loshchilov and Hutter 2017, "SGDR", arXiv:1608.03983.

    Examples:
        >>> schedule = warm_cosine(0.004, steps=100)
        >>> round(float(schedule(20)), 6), float(schedule(100))
        (0.004, 0.0)

    """
    steps = integer("steps", steps, 5)
    if isinstance(peak, bool) or not isinstance(peak, int | float):
        raise TypeError(f"`peak` must be a number. Received peak={peak!r}.")
    if not 0 < peak < float("inf"):
        raise ValueError(f"`peak` must be a finite number above 0. Received peak={peak!r}.")
    rising = steps // 5
    return keras.optimizers.schedules.CosineDecay(
        peak / 20, steps - rising, warmup_target=peak, warmup_steps=rising
    )
