"""Reference solutions of notebook 11, run by the course's tests."""


def epoch_seconds():
    return 200 * 0.070, 200 * 0.050, 200 * 0.025, 200 * 0.020


def replicas():
    return 4 * 64, -(-60_000 // 256), 4 * 0.1


def combine(gradients, sizes):
    return (gradients * sizes[:, None]).sum(axis=0) / sizes.sum()


def replica_loss(losses, global_batch_size):
    return losses.sum() / global_batch_size


def pipeline(images, read, augment, batch_size):
    import tensorflow as tf

    dataset = tf.data.Dataset.from_tensor_slices(images)
    dataset = dataset.map(read).cache()
    dataset = dataset.shuffle(len(images)).map(augment)
    return dataset.batch(batch_size).prefetch(tf.data.AUTOTUNE)
