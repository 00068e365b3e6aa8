#!/usr/bin/env bash
# Guess: `fit` under MirroredStrategy takes any number of images. A batch that cannot be split
#   evenly gives one device one image more than the other.
# Seen: it depends on where that batch comes. As the last of several batches it is taken. As the
#   first batch of a `fit` or `evaluate` it raises an error of the operation AddN, which adds up
#   the *inputs* of the devices. A network that has been trained before does not escape it.
#   `predict` takes everything.
# Who meets it: whoever tries the code with a handful of images, or has an odd batch size.
# Remedy: a first batch that the number of devices divides.
#
# Versions: Keras 3.15.1, TensorFlow 2.21.0, Python 3.11. Seen on 28 November 2026:
#   fit, 64 and then 5 images: works
#   fit, 5 images: InvalidArgumentError, AddN, [3,4] != [2,4]
#   fit, 5 images, after 64 had been trained: InvalidArgumentError, AddN, [3,4] != [2,4]
#   fit, two batches of 33: InvalidArgumentError, AddN, [17,4] != [16,4]
#   evaluate, 5 images: InvalidArgumentError, AddN, [3,4] != [2,4]
#   predict, 5 images: works

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
venv=${FINDINGS_VENV:-$work/venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv" || exit 2
"$venv/bin/python" -m pip install -q --disable-pip-version-check \
    keras==3.15.1 tensorflow==2.21.0 numpy==2.4.6 \
    2>"$work/pip" ||
    { cat "$work/pip"; echo "COULD NOT INSTALL"; exit 2; }
export TF_CPP_MIN_LOG_LEVEL=3
cd "$work"
"$venv/bin/python" - 2>"$work/log" <<'END' ||
import re
import sys

import keras
import numpy as np
import tensorflow as tf

processor = tf.config.list_physical_devices("CPU")[0]
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(processor, two)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def same(what, seen, before):
    print(f"{what}: {seen}")
    if seen != before:
        print(f"CHANGED: {what}: it was {before}, it is {seen}.")
        sys.exit(1)


def network(trained_on=0):
    with strategy.scope():
        made = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
        made.compile("sgd", "mse")
    if trained_on:
        made.fit(*data(trained_on), batch_size=64, verbose=0)
    return made


def data(count):
    rng = np.random.default_rng(0)
    return rng.random((count, 4), "float32"), rng.random((count, 1), "float32")


def outcome(work):
    try:
        work()
    except Exception as error:
        operation = re.search(r"type (\w+) must", str(error))
        shapes = re.findall(r"\[[0-9,]+\]", str(error))
        said = [type(error).__name__]
        said += [operation[1], " != ".join(shapes[:2])] if operation else []
        return ", ".join(said)
    return "works"


quiet = {"batch_size": 64, "verbose": 0}
few = "InvalidArgumentError, AddN, [3,4] != [2,4]"
odd = "InvalidArgumentError, AddN, [17,4] != [16,4]"
same("fit, 64 and then 5 images", outcome(lambda: network().fit(*data(69), **quiet)), "works")
same("fit, 5 images", outcome(lambda: network().fit(*data(5), **quiet)), few)
same(
    "fit, 5 images, after 64 had been trained",
    outcome(lambda: network(64).fit(*data(5), **quiet)),
    few,
)
same(
    "fit, two batches of 33",
    outcome(lambda: network().fit(*data(66), batch_size=33, verbose=0)),
    odd,
)
same("evaluate, 5 images", outcome(lambda: network().evaluate(*data(5), **quiet)), few)
same("predict, 5 images", outcome(lambda: network().predict(data(5)[0], **quiet)), "works")
END
    { sed '/0000/d' "$work/log" | tail -n 2; exit 1; }
