"""What networks trained on ImageNet are, and what two of them see on bundled photographs.

The facts (sizes, parameters, multiply-adds) come from the networks as Keras builds them; the
answers need the ImageNet weights of both classifiers, and the names of the classes.
"""

import sys
import time
from pathlib import Path

import numpy as np

from helpers.datasets import photographs
from helpers.models import pretrained
from helpers.models.backend import keras
from helpers.models.inspection import multiply_adds

NETWORKS = ("MobileNet 0.25", "MobileNetV2", "InceptionV3", "ResNet50", "VGG16")
CLASSIFIERS = ("MobileNet 0.25", "MobileNetV2")
PHOTOGRAPHS = ("chelsea", "coffee", "camera", "rocket", "china", "flower", "coins", "brick")


def stages(network) -> list[list[int]]:
    """List the network's sizes: height, convolutions with outputs of it, most channels there."""
    found: dict[int, list[int]] = {}
    for layer in network.layers:
        shape = layer.output.shape
        if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D):
            found.setdefault(shape[1], [0, 0])[0] += 1
        if len(shape) == 4 and shape[1] in found:
            found[shape[1]][1] = max(found[shape[1]][1], shape[3])
    return [[size, *numbers] for size, numbers in sorted(found.items(), reverse=True)]


def facts(name: str) -> dict:
    """Return what a network is, from the network itself."""
    whole, base = pretrained.build(name, top=True), pretrained.build(name)
    return {
        "size": pretrained.CATALOGUE[name].size,
        "parameters": whole.count_params(),
        "parameters_without_classifier": base.count_params(),
        "multiply_adds": multiply_adds(whole),
        "stages": stages(base),
    }


def preparations(name: str, picture: np.ndarray) -> dict[str, np.ndarray]:
    """Return a picture as four ways of preparing it hand it to a network."""
    pixels = picture.astype("float32")
    return {
        "its own": pretrained.application(name).preprocess_input(pixels.copy()),
        "divided by 255": pixels / 255,
        "none": pixels,
        "VGG16's": pretrained.application("VGG16").preprocess_input(pixels.copy()),
    }


def answers(name: str, pictures: list[str]) -> dict:
    """Return the five likeliest classes of each photograph, prepared in each way."""
    network, names = pretrained.load_classifier(name), pretrained.class_names()
    if network is None or names is None:
        sys.exit("This needs ImageNet weights and class names: be online, or name COURSE_DATA.")
    found = {}
    for photograph in pictures:
        ways = preparations(name, photographs.load_square(photograph))
        probabilities = np.asarray(network(np.stack(list(ways.values())), training=False))
        found[photograph] = {
            way: [[word, round(share, 4)] for word, share in pretrained.top_five(row, names)]
            for way, row in zip(ways, probabilities, strict=True)
        }
    return found


def run(name: str, short: bool, folder: Path) -> dict:
    """Collect facts and answers, and return the record."""
    begun = time.process_time()
    if short:
        return {"networks": {NETWORKS[0]: facts(NETWORKS[0])}, "answers": {}}
    record = {
        "networks": {network: facts(network) for network in NETWORKS},
        "answers": {network: answers(network, list(PHOTOGRAPHS)) for network in CLASSIFIERS},
    }
    return {**record, "processor_seconds": round(time.process_time() - begun, 1)}
