"""Backpropagation: the numbers of a tiny network run forward, and their gradients backward."""

import functools
from typing import NamedTuple

import numpy as np

from helpers.explore import panels
from helpers.explore.panels import Axis, Chart, Choice, Line, NumberGrid, Points, Slider, Steps
from helpers.layers.conv import conv2d, max_pool2d
from helpers.layers.gradients import conv2d_gradients, max_pool2d_gradient, softmax

SAY = panels.Words(__name__)
# A stroke that falls to the right, and a network that has not learned to read it yet.
STROKE = np.array([
    (0.5, 1, 0, 0, 0), (0, 1, 0.5, 0, 0), (0, 0.5, 1, 0, 0), (0, 0, 1, 0.5, 0), (0, 0, 0.5, 1, 0)
])  # fmt: skip
KERNEL = np.array([(1, 0.5, -1), (-1, -1, 0.5), (1, -1, 1)])
DENSE = np.array([(1, 0.5), (0.5, -1), (0, 1), (-1, -0.5)])
CLASSES = ("falls", "rises")
LEARNING_RATE = 0.5
# What each stage shows anew: a number forward, then gradients backward, then the step itself.
FORWARD = ("convolution", "relu", "pooling", "logits", "softmax")
BACKWARD = ("to_logits", "to_pooling", "to_relu", "to_convolution", "to_kernel", "to_input")
STAGES = ("input", *FORWARD, *BACKWARD, "update")
WEIGHTS = np.linspace(-3, 3, 49)


class Pass(NamedTuple):
    """All numbers of one pass forward and back; gradients are of the loss.

    Attributes:
        convolution: `(3, 3)`, the kernel's answer in each place.
        relu: `(3, 3)`, the same without numbers below zero.
        pooling: `(2, 2)`, the largest number of each window of 2 x 2.
        logits: `(2,)`, one for each class.
        softmax: `(2,)`, the probabilities.
        loss: The cross-entropy, a number from 0 up.
        to_logits: `(2,)`, the gradient with respect to the logits.
        to_pooling: `(2, 2)`, with respect to what the pooling gives.
        to_relu: `(3, 3)`, with respect to what ReLU gives.
        to_convolution: `(3, 3)`, with respect to what the convolution gives.
        to_kernel: `(3, 3)`, with respect to the kernel.
        to_input: `(5, 5)`, with respect to the input.

    """

    convolution: np.ndarray
    relu: np.ndarray
    pooling: np.ndarray
    logits: np.ndarray
    softmax: np.ndarray
    loss: float
    to_logits: np.ndarray
    to_pooling: np.ndarray
    to_relu: np.ndarray
    to_convolution: np.ndarray
    to_kernel: np.ndarray
    to_input: np.ndarray


def forward_and_back(kernel: np.ndarray, label: int) -> Pass:
    """Run the stroke through the tiny network, and the gradient of the loss back through it.

    Args:
        kernel: `(3, 3)`.
        label: The true class, 0 or 1.

    Returns:
        All numbers of both ways.

    Examples:
        >>> round(forward_and_back(KERNEL, 0).loss, 2)
        0.76

    """
    convolution = conv2d(STROKE, kernel)
    relu = np.maximum(convolution, 0)
    pooling = max_pool2d(relu, 2, 1)
    logits = pooling.ravel() @ DENSE
    probabilities = softmax(logits)
    to_logits = probabilities - np.eye(2)[label]
    to_pooling = (DENSE @ to_logits).reshape(2, 2)
    to_relu = max_pool2d_gradient(relu, 2, to_pooling)
    to_convolution = to_relu * (convolution > 0)
    to_kernel, to_input = conv2d_gradients(STROKE, kernel, to_convolution)
    return Pass(
        convolution, relu, pooling, logits, probabilities, float(-np.log(probabilities[label])),
        to_logits, to_pooling, to_relu, to_convolution, to_kernel, to_input,
    )  # fmt: skip


def kernel_with(weight: float) -> np.ndarray:
    """Return the kernel with another weight in its middle."""
    kernel = KERNEL.copy()
    kernel[1, 1] = weight
    return kernel


@functools.cache
def losses(label: int) -> np.ndarray:
    """Return the loss for each of `WEIGHTS` in the middle of the kernel."""
    return np.array([forward_and_back(kernel_with(weight), label).loss for weight in WEIGHTS])


def backpropagation() -> panels.Explorer:
    """Run a tiny network forward and backward, stage by stage, and watch the loss.

    The network: an input of 5 x 5, one kernel of 3 x 3, ReLU, max pooling 2 x 2 with stride 1,
    a dense layer with two logits, softmax. No layer has a bias.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Examples:
        >>> backpropagation().settings()
        {'stage': 0, 'weight': -1.0, 'label': 'falls'}

    """
    controls = [
        [Steps("stage"), Slider("stage", 0, len(STAGES) - 1, 0, wide=True)],
        [Slider("weight", -3.0, 3.0, -1.0, 0.25), Choice("label", CLASSES, CLASSES[0])],
    ]
    return panels.Explorer(scene, controls, words=SAY)


def scene(stage: int, weight: float, label: str) -> panels.Scene:
    """Show what is known at a stage: numbers above, gradients below, the loss beside."""
    kernel, index = kernel_with(weight), CLASSES.index(label)
    run = forward_and_back(kernel, index)
    after = forward_and_back(kernel - LEARNING_RATE * run.to_kernel, index)
    now = STAGES[stage]
    largest = max(np.abs(run.convolution).max(), np.abs(run.logits).max(), 1.0)
    slope = max(np.abs(run.to_kernel).max(), np.abs(run.to_input).max(), 1e-9)

    def grid(name, values, limit):
        numbers = values if values.ndim == 2 else values[:, None]
        is_known = name not in STAGES or STAGES.index(name) <= stage
        height, width = numbers.shape
        around = panels.Frame("output", -0.08, -0.08, height + 0.16, width + 0.16)
        return NumberGrid(
            numbers if is_known else np.full(numbers.shape, np.nan), signed=True,
            limits=(0, limit), cell=0.74, title=SAY(name), frames=[around] if name == now else [],
            share=max(width, 1.9),
        )  # fmt: skip

    above = panels.Row([
        grid("input", STROKE, 1.0), grid("kernel", kernel, 1.0),
        *(grid(name, getattr(run, name), largest) for name in FORWARD[:-1]),
        grid("softmax", run.softmax, 1.0),
    ])  # fmt: skip
    below = panels.Row([
        *(grid(name, getattr(run, name), slope) for name in reversed(BACKWARD)),
        grid("target", np.eye(2)[index], 1.0),
    ])  # fmt: skip
    told = told_of(run, after, kernel, index)
    told["class"] = SAY.option("label", label)
    words = SAY(f"stages.{now}", **told)
    number = SAY("number", stage=stage, last=len(STAGES) - 1)
    lines = [SAY(f"rules.{now}", **told), "", SAY("loss_is", **told)]
    if now == "update":
        lines.append(SAY("loss_after", **told))
    right = panels.Text(lines, title=number, share=0.8)
    return panels.Scene(
        panels.Column([above, below, panels.Row([chart(run, after, weight, index, now), right])]),
        f"{number}. {words}",
    )


def told_of(run: Pass, after: Pass, kernel: np.ndarray, label: int) -> dict[str, str | int]:
    """Return what the sentences of all stages name."""
    write = panels.number
    terms = [
        f"{write(sent)} · {write(ink)}"
        for sent, ink in zip(run.to_convolution.ravel(), STROKE[1:4, 1:4].ravel(), strict=True)
        if sent and ink
    ]
    return {
        "first": write(run.convolution[0, 0]), "below": int((run.convolution < 0).sum()),
        "pooled": panels.listed(run.pooling.ravel()), "logits": panels.listed(run.logits),
        "probabilities": panels.listed(run.softmax), "sure": write(run.softmax[label]),
        "loss": write(run.loss), "to_logits": panels.listed(run.to_logits),
        "to_pooling": panels.listed(run.to_pooling.ravel()),
        "winners": int((run.to_relu != 0).sum()),
        "open": int((run.convolution > 0).sum()), "terms": " + ".join(terms) or "0",
        "slope": write(run.to_kernel[1, 1]), "pixel": write(run.to_input[2, 2]),
        "weight": write(kernel[1, 1]), "rate": write(LEARNING_RATE),
        "moved": write(kernel[1, 1] - LEARNING_RATE * run.to_kernel[1, 1]),
        "after": write(after.loss),
    }  # fmt: skip


def chart(run: Pass, after: Pass, weight: float, label: int, now: str) -> Chart:
    """Show the loss for each weight in the middle, this one, and the slope found backwards."""
    curve, marks = losses(label), [Points(weight, run.loss, name=SAY("here"))]
    reach = np.array([-0.75, 0.75])
    tangent = Line(weight + reach, run.loss + reach * run.to_kernel[1, 1], color=panels.WINDOW,
                   weight="thick", name=SAY("tangent"))  # fmt: skip
    if STAGES.index(now) >= STAGES.index("to_kernel"):
        marks.insert(0, tangent)
    moved = Points(weight - LEARNING_RATE * run.to_kernel[1, 1], after.loss, shape="diamond",
                   color=panels.GREEN, name=SAY("updated"))  # fmt: skip
    if now == "update":
        marks.append(moved)
    top = float(np.ceil(max(losses(0).max(), losses(1).max(), 1.0)))
    return Chart(
        Axis(-3, 3, name=SAY("across")), Axis(0, top), marks, title=SAY("loss"), ratio=0.36,
        still=[Line(WEIGHTS, curve, name=SAY("curve"), color=panels.INK)], keys=[tangent, moved],
    )  # fmt: skip
