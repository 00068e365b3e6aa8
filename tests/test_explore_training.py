"""Misclassified digits without a browser, and the doubtful labels that are marked there."""

import numpy as np
import pytest

from helpers import explore
from helpers.datasets import label_errors
from helpers.datasets.mnist import load_digits
from helpers.explore.training import backpropagation, misclassified

LABELS = np.array([1, 2, 3, 3, 4])
READ = np.array([1, 7, 5, 8, 4])
SURE = np.array([0.9, 0.6, 0.8, 0.7, 0.9])
IMAGES = np.random.default_rng(0).random((5, 28, 28))


def probabilities():
    found = np.repeat((1 - SURE)[:, None] / 9, 10, axis=1)
    found[np.arange(5), READ] = SURE
    return found


@pytest.fixture
def browser():
    made = explore.misclassified(IMAGES, LABELS, probabilities(), {3: "The label is doubtful: so."})
    yield made
    made.close()


def test_the_most_confident_comes_first(browser):
    assert browser.controls["number"].max == 3
    for number, (label, read, sure) in enumerate([(3, 5, 80), (3, 8, 70), (2, 7, 60)], start=1):
        browser.set(number=number)
        assert repr(browser).startswith(
            f"Mistake {number} of 3: a digit labelled {label} was read as {read}, {sure} % sure; "
        )
    browser.set(number=1)
    assert "doubtful" not in repr(browser)
    browser.set(number=2)
    assert repr(browser).endswith("The label is doubtful: so.")


def test_one_label_can_be_chosen(browser):
    browser.set(number=3)
    browser.controls["digit"].value = "3"
    assert browser.controls["number"].max == 2
    assert repr(browser).startswith("Mistake 2 of 2: a digit labelled 3 was read as 8")
    browser.controls["digit"].value = "4"
    assert repr(browser) == "No digit labelled 4 was misread."
    browser.controls["digit"].value = "all"
    assert browser.controls["number"].max == 3


def test_a_network_that_misclassifies_nothing():
    browser = explore.misclassified(IMAGES, READ, probabilities())
    assert repr(browser) == "No digit was misread."
    browser.close()


@pytest.mark.parametrize(
    ("name", "bad"),
    [("images", np.zeros((5, 28))), ("images", "x"), ("labels", [1, 2]),
     ("labels", [1, 2, 3, 4, 10]), ("labels", [1, 2, 3, 4, 0.5]),
     ("probabilities", np.zeros((5, 9))), ("probabilities", np.zeros((5, 10))),
     ("suspicious", [3]), ("suspicious", {5: "out of range"})],
)  # fmt: skip
def test_misclassified_refuses(name, bad):
    arguments = {"images": IMAGES, "labels": LABELS, "probabilities": probabilities()}
    with pytest.raises((TypeError, ValueError), match=f"`{name}` must"):
        explore.misclassified(**{**arguments, name: bad})


def test_a_page_holds_the_digit_it_stands_on():
    browser = explore.misclassified()
    pages = set()
    for number in (1, 20, 21, browser.controls["number"].max):
        browser.set(number=number)
        assert browser.trouble.value == ""
        pages.add((number - 1) // misclassified.PAGE)
    assert len(pages) > 2
    browser.close()


def test_fifteen_labels_are_doubtful():
    assert len(label_errors.MNIST_TEST) == 15
    for votes in label_errors.MNIST_TEST.values():
        assert votes.for_label + votes.for_guess + votes.for_neither == 5
        assert votes.for_label < 3
    for text in label_errors.mnist_test_label_errors().values():
        assert label_errors.SOURCE in text
    assert len(set(label_errors.CONFIRMED)) == 72
    assert not set(label_errors.CONFIRMED) & set(label_errors.MNIST_TEST)


def test_the_doubtful_labels_are_mnists():
    digits = load_digits()
    if not digits.is_mnist:
        pytest.skip("the doubtful labels are those of MNIST, which is not here")
    _, labels = digits.open_test_set()
    for index, votes in label_errors.MNIST_TEST.items():
        assert labels[index] == votes.label


@pytest.mark.parametrize("label", backpropagation.CLASSES)
def test_backpropagation_goes_forward_then_back(label):
    explorer = explore.backpropagation()
    sentences = []
    for stage in range(len(backpropagation.STAGES)):
        explorer.set(stage=stage, label=label)
        assert explorer.trouble.value == ""
        sentences.append(repr(explorer))
    explorer.close()
    index, kernel = backpropagation.CLASSES.index(label), backpropagation.KERNEL
    run = backpropagation.forward_and_back(kernel, index)
    moved = kernel - backpropagation.LEARNING_RATE * run.to_kernel
    after = backpropagation.forward_and_back(moved, index).loss
    assert after < run.loss - 0.3
    assert sentences[5].endswith(f"The loss is −log {np.exp(-run.loss):.2f} = {run.loss:.2f}.")
    assert sentences[12].endswith(f"the loss goes from {run.loss:.2f} to {after:.2f}.")
    assert len(set(sentences)) == len(sentences)


def test_the_slope_that_is_drawn_is_that_of_the_loss():
    """No weight lies on a kink of the curve, where the slope is another on each side."""
    for label in (0, 1):
        for weight in np.arange(-2.875, 3, 0.25):
            near = [
                backpropagation.forward_and_back(backpropagation.kernel_with(weight + by), label)
                for by in (-1e-5, 0, 1e-5)
            ]
            slope = (near[2].loss - near[0].loss) / 2e-5
            assert near[1].to_kernel[1, 1] == pytest.approx(slope, abs=1e-6)
