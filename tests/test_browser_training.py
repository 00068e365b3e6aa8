"""The explorers of notebook 05 in a real JupyterLab, and the curve that grows while it trains."""

import pytest
from explorer_page import every_control_moves
from playwright.sync_api import expect

from helpers import explore
from helpers.explore.training import backpropagation

pytestmark = pytest.mark.browser

TOPIC = "training"
MISTAKES = """\
import numpy as np
labels, read = np.array([3, 3, 5, 5, 7]), np.array([5, 8, 3, 5, 1])
probabilities = np.full((5, 10), 0.02)
probabilities[np.arange(5), read] = 0.82
explore.misclassified(np.random.default_rng(0).random((5, 28, 28)), labels, probabilities)"""
CURVE = """\
import numpy as np
from helpers.models.backend import keras
from helpers.training.live_curve import LiveCurve
network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
network.compile("sgd", "mse", metrics=["accuracy"])
data = np.zeros((64, 2)), np.zeros(64)
_ = network.fit(*data, epochs=4, batch_size=8, verbose=0, callbacks=[LiveCurve(every=0)])"""
OTHER = {"mistakes": MISTAKES, "curve": CURVE}


@pytest.fixture
def browser(opened):
    return opened("mistakes")


@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])
def test_every_control_moves(opened, name):
    every_control_moves(opened(name))


def test_the_curve_is_one_picture_that_changes_in_place(lab, opened):
    opened("mistakes")
    picture = lab.cell("curve").locator(".jp-OutputArea img")
    expect(picture).to_have_count(1)
    assert picture.evaluate("image => image.complete && image.naturalWidth") > 500
    (output,) = lab.outputs("curve")
    assert "4 epochs in" in output["data"]["text/plain"]


def test_the_mistakes_move(browser):
    browser.says("Mistake 1 of 4: a digit labelled 3 was read as 5")
    handle = browser.handle("Mistake")
    said = browser.moves(lambda: browser.keys(handle, "ArrowRight"))
    assert said.startswith("Mistake 2 of 4: a digit labelled 3 was read as 8")
    browser.moves(lambda: browser.drag("Mistake", 400))
    button = browser.cell.get_by_role("button", name="5", exact=True)
    said = browser.moves(lambda: browser.keys(button, "Space"))
    assert said.startswith("Mistake 1 of 1: a digit labelled 5 was read as 3")
    button = browser.cell.get_by_role("button", name="4", exact=True)
    assert browser.moves(button.click) == "No digit labelled 4 was misread."
    said = browser.moves(lambda: browser.cell.get_by_role("button", name="Reset").click())
    assert said.startswith("Mistake 1 of 4")
    said = browser.moves(lambda: browser.keys(handle, "ArrowRight"))
    assert said.startswith("Mistake 2 of 4")
    assert browser.lab.errors == []


def test_everything_is_reached_with_the_tab_key(browser):
    assert browser.reached_by_tab({"all", "0", "9", "Mistake", "Reset"}) == set()


def test_a_weight_changes_the_loss_and_its_slope(opened):
    browser = opened("backpropagation")
    browser.says("Stage 0 of 12. ")
    for _ in range(10):
        said = browser.moves(lambda: browser.cell.get_by_role("button", name="Step").click())
    assert "= 0.4. That is the slope of the curve." in said
    handle = browser.handle("Weight")
    said = browser.moves(lambda: browser.keys(handle, "ArrowLeft"))
    run = backpropagation.forward_and_back(backpropagation.kernel_with(-1.25), 0)
    assert f"= {run.to_kernel[1, 1]:.2f}. That is the slope of the curve." in said
    said = browser.moves(lambda: browser.cell.get_by_role("button", name="Back").click())
    assert said.startswith("Stage 9 of 12. ReLU, backward")
    assert browser.lab.errors == []
