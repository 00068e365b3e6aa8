#!/usr/bin/env bash
# Guess: MultiWorkerMirroredStrategy is tried with one worker, then started with two: `fit` does
#   the same, only on parts of each batch.
# Seen: with one worker `fit` trains. With two it raises in both, before the first step: Keras'
#   trainer puts what each replica returned into one tensor, and a value of several replicas is
#   none. A loop with `strategy.run`, the same network and the same Keras optimizer, trains with
#   two; both workers end with the same weights, to the last bit.
# Who meets it: people who follow the guide on several machines with Keras 3, and try it with one
#   worker first, where nothing shows.
# Remedy: the loop; or one process for each device without TensorFlow's strategy.
#
# Versions: Keras 3.15.1, TensorFlow 2.21.0, Python 3.11. Seen on 1 December 2026, two workers on
# one machine, no GPU:
#   fit, 1 worker: trained
#   fit, 2 workers: ValueError: Attempt to convert a value (PerReplica / ValueError: Attempt to convert a value (PerReplica
#   loop, 2 workers: trained / trained
#   loop, 2 workers, equal weights: True

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
cat >two_workers.py <<'END'
import json
import multiprocessing
import os
import socket
import sys


def work(index, ports, how, answers):
    workers = [f"localhost:{port}" for port in ports]
    os.environ["TF_CONFIG"] = json.dumps(
        {"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}}
    )
    import keras
    import numpy as np
    import tensorflow as tf

    x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
    y = x.sum(axis=1, keepdims=True)
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    with strategy.scope():
        keras.utils.set_random_seed(0)
        network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
        optimizer = keras.optimizers.SGD(0.1)
        network.compile(optimizer, "mse")
        optimizer.build(network.trainable_variables)
    before = network.get_weights()[0].copy()

    def step(inputs, wanted):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((network(inputs, training=True) - wanted) ** 2) / 16
        slopes = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(slopes, network.trainable_variables))

    try:
        if how == "fit":
            network.fit(x, y, batch_size=16, verbose=0)
        else:
            batches = tf.data.Dataset.from_tensor_slices((x, y)).batch(16)
            for inputs, wanted in strategy.experimental_distribute_dataset(batches):
                strategy.run(step, args=(inputs, wanted))
        after = network.get_weights()[0]
        said = "trained" if np.abs(after - before).max() > 0.01 else "unchanged"
        answers.put((index, said, after.tobytes()))
    except ValueError as error:
        said = f"{type(error).__name__}: {str(error).strip().split(':')[0]}"
        answers.put((index, said, b""))


def ask(number, how):
    context = multiprocessing.get_context("spawn")
    sockets = [socket.create_server(("localhost", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    answers = context.Queue()
    workers = [
        context.Process(target=work, args=(index, ports, how, answers), daemon=True)
        for index in range(number)
    ]
    for worker in workers:
        worker.start()
    found = sorted(answers.get(timeout=300) for _ in workers)
    for worker in workers:
        worker.join(10)
        worker.kill()
    return found


def same(what, seen, before):
    print(f"{what}: {seen}")
    if seen != before:
        print(f"CHANGED: {what}: it was {before}, it is {seen}.")
        sys.exit(1)


if __name__ == "__main__":
    refused = "ValueError: Attempt to convert a value (PerReplica"
    same("fit, 1 worker", " / ".join(said for _, said, _ in ask(1, "fit")), "trained")
    same("fit, 2 workers", " / ".join(said for _, said, _ in ask(2, "fit")),
         f"{refused} / {refused}")
    loop = ask(2, "loop")
    same("loop, 2 workers", " / ".join(said for _, said, _ in loop), "trained / trained")
    same("loop, 2 workers, equal weights", str(loop[0][2] == loop[1][2]), "True")
END
"$venv/bin/python" two_workers.py 2>"$work/log" ||
    { sed '/0000/d' "$work/log" | tail -n 2; exit 1; }
