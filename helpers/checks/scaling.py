"""Exercises of notebook 11, Outgrow the laptop."""

import itertools
from typing import Any

import numpy as np

from helpers.checks.engine import Notebook, Wrong, compare, predict_numbers, run

notebook = Notebook("11_scaling")

epoch_seconds = notebook.prediction(
    "epoch_seconds",
    "four numbers of seconds: plain, with prefetch, with two calls, from the cache",
    predict_numbers(
        [14, 10, 5, 4],
        {
            (14, 14, 14, 14): "what overlaps need not be added up.",
            (10, 10, 5, 4): "without anything ahead, nothing overlaps: 50 + 20 ms for each step.",
            (14, 4, 4, 4): "the slower of the two decides: training waits for its batch.",
            (14, 10, 10, 4): "two calls prepare two batches in 50 ms.",
            (14, 10, 4, 4): "two calls give a batch every 25 ms, and the training takes 20.",
            (14, 10, 7, 4): "with prefetch, what is shorter fits into what is longer.",
            (14, 10, 5, 0): "from the cache nothing is prepared, but the training takes its time.",
            (14, 10, 5, 10): "from the cache nothing is prepared any more.",
            (14, 10, 5, 14): "from the cache nothing is prepared any more.",
            (14000, 10000, 5000, 4000): "seconds are asked for, these are milliseconds.",
        },
        "70, 50, 25 and 20 ms for each of the 200 steps.",
        "How long is one step in each case? There are 200.",
    ),
    [
        "Without anything ahead, a step takes both times together.",
        "With prefetch the longer of both decides; two calls halve the time for the input.",
        "The steps take 70, 50, 25 and 20 ms.",
    ],
)

IMAGES, BATCH, EPOCHS = 60, 6, 30


@notebook.exercise(
    "the repaired pipeline",
    "Two steps stand at the wrong place. What does `cache` keep, and what does `shuffle` mix?",
    "`cache` keeps everything before it. Only `read` is to be kept; `augment` is random.",
    "read, cache, shuffle, augment, batch, prefetch.",
)
def pipeline(function: Any) -> str:
    """Go through the pipeline twice, and look at what was read, changed and shuffled."""
    from helpers.models.backend import tf

    reads: list[int] = []

    def note(number):
        reads.append(int(number))
        return np.float32(number)

    def read(number):
        loaded = tf.numpy_function(note, [number], tf.float32)
        return tf.ensure_shape(loaded, ())

    # Not tf.random: with a seed set, it would begin anew with each epoch.
    random = np.random.default_rng()

    def augment(value):
        step = tf.numpy_function(lambda: np.float32(random.uniform(0.0, 0.5)), [], tf.float32)
        return value + tf.ensure_shape(step, ())

    found = run(function, np.arange(IMAGES), read, augment, BATCH, seconds=20.0)
    if not isinstance(found, tf.data.Dataset):
        raise Wrong("a tf.data.Dataset is asked for: return the pipeline itself.")
    passes = []
    for _ in range(2):
        batches = [np.asarray(batch) for batch in found.take(2 * IMAGES)]
        if {batch.shape for batch in batches} != {(BATCH,)}:
            raise Wrong(f"{IMAGES} images in batches of {BATCH} are asked for.")
        if sorted(np.concatenate(batches).astype(int)) != list(range(IMAGES)):
            raise Wrong("every epoch must hold every image once.")
        passes.append(np.array(batches))
    members = [{frozenset(row) for row in batches.astype(int).tolist()} for batches in passes]
    in_order = {frozenset(range(s, s + BATCH)) for s in range(0, IMAGES, BATCH)}
    if members[0] == in_order:
        raise Wrong("the same images meet in the same batch each time: shuffle before `batch`.")
    if len(reads) > IMAGES:
        raise Wrong(
            f"in two epochs, {len(reads)} images were read: put `cache` after `read`, so that "
            f"each of the {IMAGES} is read once."
        )
    if not (np.concatenate(passes) % 1).any():
        raise Wrong("the images are not augmented any more.")
    if frozen(*passes):
        raise Wrong(
            "the second epoch holds the very same augmented images as the first: what is random "
            "must come after `cache`."
        )
    # With a buffer for all, one of 60 comes 50 places early in more than half of the epochs: a
    # right answer needs few of them.
    more = (np.concatenate([np.asarray(b) for b in found]) for _ in range(EPOCHS))
    if all(earliest(epoch) < IMAGES - 10 for epoch in itertools.chain(passes, more)):
        raise Wrong(
            "an image cannot come far before its turn: `shuffle` draws from a buffer of as many "
            f"images as you tell it; there are {IMAGES}."
        )
    if members[0] == members[1]:
        raise Wrong("the second epoch has the batches of the first: shuffle after `cache`.")
    return "Read once, shuffled one by one, and augmented anew in every epoch."


def earliest(batches: np.ndarray) -> int:
    """Tell by how many places an image came before its turn, at most: less than the buffer."""
    return int((batches.ravel().astype(int) - np.arange(IMAGES)).max())


def frozen(first: np.ndarray, second: np.ndarray) -> bool:
    """Tell whether two epochs hold the same numbers."""
    return np.array_equal(np.sort(first, axis=None), np.sort(second, axis=None))


SPLITS = ([3, 3], [6, 2], [5, 5, 1], [4], [7, 0])


@notebook.exercise(
    "a function that returns the gradient of the whole batch",
    "A mean times the number of its images is a sum, and sums may be added up.",
    "Multiply row by row: gradients * sizes[:, None].",
    "(gradients * sizes[:, None]).sum(axis=0) / sizes.sum()",
)
def combine(function: Any) -> str:
    """Compare with the gradient of the whole batch, for shards of different sizes."""
    random = np.random.default_rng(7)
    for sizes in SPLITS:
        each = random.integers(-9, 10, (sum(sizes), 4)).astype(float)
        parts = np.split(each, np.cumsum(sizes)[:-1])
        means = np.array([part.mean(axis=0) if len(part) else np.zeros(4) for part in parts])
        whole = each.mean(axis=0)
        found = run(function, means, np.array(sizes))
        called = f"for replicas with {', '.join(map(str, sizes))} images"
        slips = [
            (means.mean(axis=0), "it gives each replica the same weight, not each image"),
            (means.sum(axis=0), "the gradients are added up, but not divided"),
            (whole * sum(sizes), "it returns the sum over the images: divide by their number"),
            (whole * sum(sizes) / len(sizes), "it divides by the number of replicas, not of "
             "images"),
        ]  # fmt: skip
        compare(found, whole, called, slips)
    return "Every image counts the same, on whichever device it was."


@notebook.exercise(
    "the repaired loss of a replica",
    "What the replicas return is added up. By what must each divide, so that a mean comes out?",
    "`mean` divides by the replica's own number of images, the wrong one.",
    "losses.sum() / global_batch_size",
)
def replica_loss(function: Any) -> str:
    """Add up what the replicas return, and compare with the loss of the whole batch."""
    losses = np.array([0.5, 2.0, 1.5, 4.0, 0.25, 3.0])
    for sizes in ([3, 3], [4, 2], [6], [1, 2, 3]):
        parts = np.split(losses, np.cumsum(sizes)[:-1])
        found = [run(function, part, len(losses)) for part in parts]
        for value in found:
            if np.shape(value) != () or isinstance(value, str | bool):
                raise Wrong("a replica returns one number: its part of the loss.")
        total, mean = float(sum(found)), float(losses.mean())
        called = f"with replicas of {', '.join(map(str, sizes))} images the parts add up to"
        if np.isclose(total, mean):
            continue
        why = f"{called} {total:.4g}; the loss of the whole batch is {mean:.4g}."
        if np.isclose(total, sum(part.mean() for part in parts)):
            why += " Each replica divides by its own number of images."
        elif np.isclose(total, losses.sum()):
            why += " Nothing is divided yet."
        elif np.isclose(total, sum(part.mean() for part in parts) / len(losses)):
            why += " The mean has already divided once: take the sum."
        raise Wrong(why)
    return "The parts add up to the mean over the whole batch, however it is split."


replicas = notebook.prediction(
    "replicas",
    "three numbers: global batch size, steps of an epoch, learning rate",
    predict_numbers(
        [256, 235, 0.4],
        {
            (256, 234, 0.4): "the last batch is not full, and still a step: round up.",
            (256, 234.375, 0.4): "a part of a step is a step as well: round up.",
            (64, 938, 0.1): "each step takes 64 images on each of the four devices.",
            (256, 938, 0.4): "a step takes 256 images, so an epoch has fewer steps.",
            (256, 235, 0.1): "the rule makes the rate as many times larger as the batch.",
            (256, 235, 0.025): "the rule makes the rate larger, not smaller.",
            (256, 235, 0.2): "this is the square-root rule; the linear one is asked for.",
            (16, 3750, 0.1): "each device takes 64, not a part of 64.",
            (256, 59, 0.4): "the 60,000 images are shared by the devices already: 60,000 / 256.",
        },
        "4 · 64 = 256 images a step; 60,000 / 256 is 234.4, so 235 steps; 4 · 0.1 = 0.4.",
        "How many images do four devices take in one step?",
    ),
    [
        "Each of the four devices takes 64 images in a step.",
        "60,000 / 256 is no whole number: the rest is a step of its own.",
        "By the linear rule, four times the batch has four times the rate.",
    ],
)
__all__ = ["combine", "epoch_seconds", "pipeline", "replica_loss", "replicas"]
