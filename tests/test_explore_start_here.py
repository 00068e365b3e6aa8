"""The drawing explorer without a browser: what it reads, how it centres, what it does alone."""

import sys

import numpy as np
import pytest

from helpers import explore
from helpers.datasets import mnist
from helpers.datasets.mnist import load_digits
from helpers.explore import pad, panels
from helpers.explore.start_here import draw


@pytest.fixture
def board():
    made = explore.draw()
    yield made
    made.close()


def drawn(ink):
    """Return a picture `(56, 56)` as the browser sends it."""
    return np.rint(255 * ink).astype(np.uint8).tobytes().hex()


def test_the_answer_is_the_networks(board):
    from helpers.models.mnist_cnn import load_trained

    network = load_trained()
    for digit in range(10):
        board.set(source=str(digit))
        image = mnist.center_like_mnist(draw.bundled(digit))
        expected = network(image[None, ..., None].astype("float32")).numpy()[0]
        assert expected.argmax() == digit
        assert repr(board).startswith(panels.in_words(expected))


def test_the_maps_are_the_convolutions():
    from helpers.models.mnist_cnn import load_trained

    network = load_trained()
    image = mnist.center_like_mnist(draw.bundled(5)).astype("float32")
    *maps, probabilities = draw.trained_look()(image)
    found = image[None, ..., None]
    expected = []
    for layer in network.layers:
        found = layer(found)
        if "conv2d" in layer.name:
            expected.append(found.numpy()[0])
    assert [each.shape for each in maps] == [(26, 26, 32), (11, 11, 64), (3, 3, 64)]
    for mine, keras in zip(maps, expected, strict=True):
        np.testing.assert_allclose(mine, keras, atol=1e-5)
    np.testing.assert_allclose(probabilities, found.numpy()[0], atol=1e-5)


def test_a_mosaic_keeps_every_map_in_its_place():
    maps = np.arange(3 * 2 * 4, dtype=float).reshape(3, 2, 4)
    shown = draw.mosaic(maps, "second")
    assert shown.limits == (0, 23)
    for channel, one in enumerate(shown.images):
        np.testing.assert_array_equal(one, maps[..., channel])
    assert draw.mosaic(np.zeros((3, 3, 8)), "third").limits == (0, 1)


@pytest.mark.parametrize("place", [(3, 20), (14, 14), (27, 0)])
def test_the_cross_marks_the_centre_of_mass(place):
    image = np.zeros((28, 28))
    assert draw.center_of_mass(image) is None
    image[place] = 0.7
    assert draw.center_of_mass(image) == pytest.approx((place[0] + 0.5, place[1] + 0.5))


def test_strokes_are_read_and_chosen_digits_shown(board):
    assert board.pad.shown in ("", pad.EMPTY)
    board.pad.set_state({"drawn": drawn(draw.bundled(8)), "shown": ""})
    assert board.settings()["source"] == "Drawing"
    assert repr(board).startswith("Read as 8")
    assert repr(board).endswith("Your drawing, centred as MNIST does.")
    assert board.pad.shown == ""
    board.controls["source"].value = "2"
    assert board.pad.shown == drawn(draw.bundled(2))
    board.controls["source"].value = "Drawing"
    assert board.pad.shown == board.pad.drawn == drawn(draw.bundled(8))
    board.clear()
    assert repr(board).startswith("Nothing is drawn. The network cannot say so")
    assert board.pad.shown == pad.EMPTY
    board.reset()
    assert repr(board).startswith("Read as 3")


def test_a_flood_of_strokes_ends_on_the_last(board):
    for digit in [*range(10)] * 3 + [4]:
        board.pad.drawn = drawn(draw.bundled(digit))
    assert repr(board).startswith("Read as 4")
    assert "Your drawing" in board.sentence.value


def test_what_is_no_drawing_is_said(board):
    board.pad.drawn = "0"
    assert 'role="alert"' in board.trouble.value
    board.pad.drawn = drawn(draw.bundled(6))
    assert board.trouble.value == ""


def test_without_anywidget_the_digits_remain(monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "helpers.explore.pad", raising=False)
    board = explore.draw()
    assert board.pad is None
    assert board.controls["source"].options == tuple("0123456789")
    board.controls["source"].value = "6"
    assert repr(board).startswith("Read as 6")
    board.reset()
    assert repr(board).startswith("Read as 3")
    board.close()


def test_another_missing_package_is_not_hidden(monkeypatch):
    monkeypatch.setitem(sys.modules, "traitlets", None)
    monkeypatch.delitem(sys.modules, "helpers.explore.pad", raising=False)
    with pytest.raises(ModuleNotFoundError, match="traitlets"):
        draw.make_pad()


def test_centring_undoes_a_move_and_its_lack_does_not(board):
    look = draw.trained_look()
    losses = []
    for digit in range(10):
        ink = draw.bundled(digit)
        still = look(draw.prepared(ink, True))[-1]
        shifted = draw.moved(ink, 6, 6)
        if shifted.sum() < ink.sum():
            continue
        again = look(draw.prepared(shifted, True))[-1]
        np.testing.assert_allclose(again, still, atol=1e-4)
        losses.append(still[digit] - look(draw.prepared(shifted, False))[-1][digit])
    assert len(losses) >= 5
    assert np.mean(losses) > 0.1
    board.set(right=8, centering="no")
    assert "moved 8 right and partly cut off, not centred." in repr(board)


def test_mnists_digits_are_where_centring_puts_them():
    digits = load_digits()
    if not digits.is_mnist:
        pytest.skip("this is about MNIST's own digits, and MNIST is not here")
    images = digits.x_val[:250] / 255
    again = np.stack([mnist.center_like_mnist(image) for image in images])

    def centres(pixels):
        rows, columns = pixels.sum(axis=2), pixels.sum(axis=1)
        return np.stack([part @ np.arange(28) / part.sum(axis=1) for part in (rows, columns)])

    assert np.abs(centres(again) - centres(images)).max() <= 1
    assert np.abs(again - images).mean() < 0.01
