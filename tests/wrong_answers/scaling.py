"""Wrong answers to the exercises of notebook 11, with words of the reason each must get."""

import numpy as np


def slices(images):
    from helpers.models.backend import tf

    return tf.data.Dataset.from_tensor_slices(images)


def cached_too_late(images, read, augment, batch_size):
    return slices(images).map(read).shuffle(60).map(augment).cache().batch(batch_size)


def shuffled_too_late(images, read, augment, batch_size):
    return slices(images).map(read).cache().map(augment).batch(batch_size).shuffle(60)


def shuffled_too_early(images, read, augment, batch_size):
    return slices(images).shuffle(60).map(read).cache().map(augment).batch(batch_size)


def shuffled_too_little(images, read, augment, batch_size):
    return slices(images).map(read).cache().shuffle(10).map(augment).batch(batch_size)


def shuffled_most(images, read, augment, batch_size):
    return slices(images).map(read).cache().shuffle(45).map(augment).batch(batch_size)


def not_cached(images, read, augment, batch_size):
    return slices(images).map(read).shuffle(60).map(augment).batch(batch_size)


def not_augmented(images, read, augment, batch_size):
    return slices(images).map(read).cache().shuffle(60).batch(batch_size)


def not_batched(images, read, augment, batch_size):
    return slices(images).map(read).cache().shuffle(60).map(augment)


def repeated(images, read, augment, batch_size):
    return slices(images).map(read).cache().shuffle(60).map(augment).batch(batch_size).repeat(2)


WRONG = {
    "epoch_seconds": [
        ((14, 14, 14, 14), "need not be added up"), ((14, 4, 4, 4), "the slower of the two"),
        ((14, 10, 10, 4), "two batches in 50 ms"), ((14, 10, 5, 10), "nothing is prepared"),
        ((14000, 10000, 5000, 4000), "milliseconds"), ((1, 2, 3, 4), "is not it"),
        ((0, 0, 0, 0), "is not it"), ("14", "leave the quotes"),
    ],
    "replicas": [
        ((256, 234, 0.4), "round up"), ((256, 60000 / 256, 0.4), "as well: round up"),
        ((64, 938, 0.1), "each of the four devices"),
        ((256, 235, 0.1), "as many times larger"), ((256, 235, 0.025), "not smaller"),
        ((256, 235, 0.2), "square-root"), ((0, 0, 0), "is not it"), (256, "3 numbers"),
    ],
    "combine": [
        (lambda g, s: g.mean(axis=0), "each replica the same weight"),
        (lambda g, s: g.sum(axis=0), "not divided"),
        (lambda g, s: (g * s[:, None]).sum(axis=0), "the sum over the images"),
        (lambda g, s: (g * s[:, None]).sum(axis=0) / len(s), "the number of replicas"),
        (lambda g, s: np.zeros(4), "is right"),
        (lambda g, s: g, "should have shape"),
        (3, "a function is asked for"),
    ],
    "replica_loss": [
        (lambda losses, n: losses.mean(), "its own number of images"),
        (lambda losses, n: losses.sum(), "Nothing is divided"),
        (lambda losses, n: losses.mean() / n, "already divided once"),
        (lambda losses, n: 0.0, "add up to 0"),
        (lambda losses, n: losses / n, "one number"),
        (lambda losses, n: losses.sum() / 6 / 2, "the loss of the whole batch"),
    ],
    "pipeline": [
        (cached_too_late, "must come after `cache`"), (shuffled_too_late, "before `batch`"),
        (shuffled_too_early, "shuffle after `cache`"), (not_cached, "put `cache` after `read`"),
        (shuffled_too_little, "far before its turn"), (shuffled_most, "far before its turn"),
        (not_augmented, "not augmented"), (not_batched, "in batches of 6"),
        (repeated, "every image once"), (lambda i, r, a, b: i, "a tf.data.Dataset"),
        (lambda i, r, a, b: slices(np.zeros(60, "float32")).batch(b), "every image once"),
    ],
}  # fmt: skip
