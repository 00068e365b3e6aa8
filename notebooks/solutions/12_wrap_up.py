"""Reference solutions of notebook 12, run by the course's tests."""

import keras
from keras import layers

from helpers.datasets.fashion_mnist import load_fashion_mnist
from helpers.training.schedules import warm_cosine


def plan():
    # Same padding keeps 32; each pooling halves it: 16, then 8. 8 · 8 · 16 = 1,024.
    flat = 8 * 8 * 16
    parameters = (3 * 3 * 3 + 1) * 8 + (3 * 3 * 8 + 1) * 16 + (flat + 1) * 5
    # The field: 1 + 2 (conv) + 1 (pool) + 2 · 2 (conv) + 2 (pool).
    return flat, parameters, 10


def diagnose():
    # 1 overfits, 2 steps too far, 3 takes the softmax twice, 4 reads pictures of another kind.
    return "BDAC"


def capstone():
    task = load_fashion_mnist()
    x_train = task.x_train.astype("float32") / 255
    network = keras.Sequential([keras.Input(task.x_train.shape[1:])])
    for filters in (32, 64, 64):
        network.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        network.add(layers.MaxPooling2D(2))
    network.add(layers.Flatten())
    network.add(layers.Dropout(0.4))
    network.add(layers.Dense(64, activation="relu"))
    network.add(layers.Dense(len(task.class_names), activation="softmax"))
    epochs = 8 if task.is_fashion else 12
    rate = warm_cosine(0.003, steps=epochs * -(-len(x_train) // 64))
    network.compile(
        keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", jit_compile=False
    )
    network.fit(x_train, task.y_train, batch_size=64, epochs=epochs, verbose=0)
    return network, task
