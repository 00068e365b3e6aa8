"""Measure speed and print a table, as ratios of things that run in turns where it can be done.

    make bench                     all rows (some minutes)
    make bench ONLY="conv recipe"  some of them

Each ratio is the median over rounds; a ratio below 1 means that the first thing is faster.
"""

import argparse
import contextlib
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

Row = tuple[str, str, str]


def ratio(first: Callable, second: Callable, rounds: int = 9) -> float:
    """Return the median of the ratio of two times, measured in turns after a warm-up."""
    first(), second()
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        first()
        middle = time.perf_counter()
        second()
        found.append((middle - begun) / (time.perf_counter() - middle))
    return statistics.median(found)


def conv() -> Iterator[Row]:
    """Compare `conv2d` on 512x512 with a 3x3 kernel with SciPy's `correlate2d`."""
    from scipy.signal import correlate2d

    from helpers.layers.conv import conv2d

    for dtype in (np.float32, np.float64):
        image = np.random.default_rng(0).random((512, 512)).astype(dtype)
        kernel = np.arange(9, dtype=dtype).reshape(3, 3)
        measured = ratio(lambda: conv2d(image, kernel), lambda: correlate2d(image, kernel, "valid"))  # noqa: B023
        name = f"conv2d / scipy.signal.correlate2d, 512x512, 3x3, {dtype.__name__}"
        yield name, f"{measured:.2f}", "below 3"


def recipe() -> Iterator[Row]:
    """Compare the fast recipe of notebook 05 with the classic one, in time and accuracy."""
    from record_training import choose_precision

    from helpers.datasets.mnist import load_digits
    from helpers.models import mnist_cnn
    from helpers.models.backend import keras
    from helpers.training.schedules import warm_cosine

    (x_train, y_train), (x_test, y_test) = load_digits().load_data()
    images, tests = (x[..., None].astype("float32") / 255 for x in (x_train, x_test))
    labels, truth = (keras.utils.to_categorical(y, 10) for y in (y_train, y_test))
    precision = choose_precision()
    found = {}
    for name, epochs, batch_size in (("classic", 5, 64), ("fast", 2, 128)):
        keras.utils.set_random_seed(0)
        keras.config.set_dtype_policy(precision if name == "fast" else "float32")
        network = mnist_cnn.build()
        steps = epochs * -(-len(images) // batch_size)
        optimizer = "adam" if name == "classic" else keras.optimizers.Adam(warm_cosine(4e-3, steps))
        network.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
        begun = time.perf_counter()
        network.fit(images, labels, batch_size=batch_size, epochs=epochs, verbose=0)
        seconds = time.perf_counter() - begun
        found[name] = (seconds, network.evaluate(tests, truth, batch_size=500, verbose=0)[1])
    keras.config.set_dtype_policy("float32")
    measured = found["fast"][0] / found["classic"][0]
    name = f"fast recipe ({precision}) / classic recipe, time to train"
    yield name, f"{measured:.2f} (1/{1 / measured:.1f})", "about 1/6"
    accuracies = " and ".join(f"{100 * accuracy:.2f} %" for _, accuracy in reversed(found.values()))
    yield "accuracy on the test set, fast and classic", accuracies, "99.0 % with MNIST"


def curve() -> Iterator[Row]:
    """Compare training with and without the live curve."""
    from unittest import mock

    from helpers.models import mnist_cnn
    from helpers.training.live_curve import LiveCurve

    random = np.random.default_rng(0)
    images = random.random((8192, 28, 28, 1), dtype=np.float32)
    labels = np.eye(10, dtype=np.float32)[random.integers(0, 10, len(images))]
    network = mnist_cnn.build()
    network.compile("adam", "categorical_crossentropy", metrics=["accuracy"])

    def fit(callbacks):
        with mock.patch("helpers.training.live_curve.display"):
            network.fit(images, labels, batch_size=64, verbose=0, epochs=5, callbacks=callbacks)

    measured = ratio(lambda: fit([LiveCurve()]), lambda: fit([]), rounds=5)
    yield "fit with the live curve / without", f"{measured:.2f}", "below 1.1"


def quick_import() -> Iterator[Row]:
    """Compare `import helpers` with `import numpy`, each in a fresh Python."""
    import subprocess

    def fresh(code):
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    measured = ratio(fresh("import helpers"), fresh("import numpy"))
    yield "import helpers / import numpy, fresh processes", f"{measured:.2f}", "below 1"


def spread(milliseconds: list[float]) -> str:
    """Return median and 95th percentile in words."""
    return f"{np.median(milliseconds):.0f} / {np.percentile(milliseconds, 95):.0f} ms"


def explorers() -> Iterator[Row]:
    """Time what one step of a slider costs in the kernel, for each explorer."""
    from helpers import explore

    image = np.zeros((7, 7), int)
    image[1, 1:6] = 9
    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    climbing = explore.activation_maximization()
    for name, explorer, control, values in (
        ("stepper", explore.stepper(image, kernel), "position", range(25)),
        ("kernel editor", explore.kernel_editor(), "w11", np.linspace(-4, 4, 25)),
        ("geometry", explore.geometry(padding="same"), "input_size", range(1, 17)),
        ("channel sum", explore.channel_sum(), "row", range(25)),
        ("matrix", explore.matrix(), "output", range(9)),
        ("receptive field", explore.receptive_field(), "row", range(11)),
        ("pooling", explore.pooling(), "output", range(16)),
        ("shift", explore.shift(), "right", range(-8, 9)),
        ("feature maps, channel", explore.feature_maps(), "channel", range(25)),
        ("feature maps, digit", explore.feature_maps(), "digit", range(25)),
        ("heat maps, digit", explore.heat_maps(), "digit", range(25)),
        ("heat maps, randomised layers", explore.heat_maps(), "forgotten", range(6)),
        ("neighbours", explore.neighbours(), "digit", range(25)),
        ("activation maximization, step", climbing, "step", range(0, 71, 3)),
        ("activation maximization, channel", climbing, "channel", range(0, 64, 3)),
        ("range test", explore.range_test(), "step", range(1, 121, 5)),
        ("search grid", explore.search_grid(), "rate", range(5)),
        ("architectures", explore.architectures(), "index", range(1, 9)),
        ("grid or random", explore.grid_or_random(), "draw", range(1, 21)),
        ("search study", explore.search_study(), "trial", range(1, 41)),
        ("winner's curse", explore.winners_curse(), "networks", range(2, 31)),
        ("seed pairs", explore.seed_pairs(), "seeds", range(2, 6)),
        ("draw", explore.draw(), "right", range(-8, 9)),
        ("backpropagation", explore.backpropagation(), "stage", range(13)),
        ("misclassified", explore.misclassified(), "number", range(1, 26)),
        ("regularizers", explore.regularizers(), "epoch", range(1, 61, 2)),
        ("dropout", explore.dropout(), "draws", range(1, 200, 8)),
        ("augmentation", explore.augmentation(), "amount", range(-30, 31, 2)),
        ("signal", explore.signal(), "position", range(36)),
        ("ngrams", explore.ngrams(), "filter_number", range(64)),
        ("pipeline", explore.pipeline(), "prepare", range(5, 61, 5)),
        ("batch rates", explore.batch_rates(), "batch", ("16", "64", "256")),
        ("replicas", explore.replicas(), "images", range(4, 13)),
        ("transfer curves", explore.transfer_curves(), "index", range(7)),
        ("backbones", explore.backbones(), "stage", range(5)),
        ("cut depth", explore.cut_depth(), "block", range(1, 14)),
        ("budget", explore.budget(blocks=4), "filters", range(4, 65, 4)),
        ("top five", explore.top_five(), "preparation", ("none", "VGG16's", "its own")),
    ):
        taken = []
        for value in [*values] * 4:
            begun = time.perf_counter()
            explorer.controls[control].value = value
            taken.append(1000 * (time.perf_counter() - begun))
        yield f"{name}: a slider step in the kernel, median / p95", spread(taken), "median below 25"


PAINTED = """picture => {
  window.taken = [];
  document.addEventListener('keydown', () => { window.pressed = performance.now(); }, true);
  picture.addEventListener('load', () => requestAnimationFrame(
    () => window.taken.push(performance.now() - window.pressed)));
}"""


READ = """pad => {
  const sentence = pad.closest('.jp-OutputArea').querySelector('[role=status]').parentNode;
  window.taken = [];
  pad.addEventListener('pointerup', () => { window.raised = performance.now(); }, true);
  new MutationObserver(() => {
    if (sentence.innerText.startsWith('Read as 1')) {
      window.taken.push(performance.now() - window.raised);
    }
  }).observe(sentence, { childList: true, subtree: true, characterData: true });
}"""


def draw_a_one(lab, pad) -> None:
    """Draw a line from top to bottom with real pointer events."""
    box, mouse = pad.bounding_box(), lab.page.mouse
    x, top, height = box["x"] + box["width"] / 2, box["y"], box["height"]
    mouse.move(x, top + 0.15 * height)
    mouse.down()
    mouse.move(x, top + 0.85 * height)
    mouse.up()


def strokes(lab, begun: float) -> Iterator[Row]:
    """Time the first digit that is read, and from the end of a stroke to what is read."""
    lab.open("notebooks/00_start_here.ipynb")
    lab.run_to("draw")
    pad = lab.cell("draw").locator("canvas.drawing-pad")
    pad.scroll_into_view_if_needed()
    draw_a_one(lab, pad)
    lab.cell("draw").get_by_text("Read as 1").wait_for()
    seconds = f"{time.perf_counter() - begun:.0f} s"
    yield "draw: start of JupyterLab to the first digit that is read", seconds, "below 60 s"
    pad.evaluate(READ)
    for _ in range(24):
        pad.focus()
        lab.page.keyboard.press("Delete")
        lab.page.wait_for_timeout(300)
        draw_a_one(lab, pad)
        lab.page.wait_for_timeout(400)
    name = "draw: end of a stroke to the new answer, median / p95"
    yield name, spread(lab.page.evaluate("window.taken")), "median below 50"


def browser() -> Iterator[Row]:
    """Time strokes and key presses to what is then shown, in JupyterLab in headless Chromium."""
    import tempfile

    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    import jupyterlab_page

    begun = time.perf_counter()
    with contextlib.ExitStack() as end:
        folder = Path(end.enter_context(tempfile.TemporaryDirectory()))
        served = jupyterlab_page.copy_course(folder)
        lab = end.enter_context(jupyterlab_page.open_lab(served, folder / "state"))
        yield from strokes(lab, begun)
        for notebook, cell_id in (
            ("01_convolution", "stepper"),
            ("02_output_size", "geometry"),
            ("03_channels", "matrix"),
            ("04_translation", "pooling"),
            ("04_translation", "shift-explorer"),
            ("06_interpretation", "feature-maps"),
            ("06_interpretation", "wanted-explorer"),
            ("07_regularization", "cures-explorer"),
            ("10_sequences", "signal"),
            ("11_scaling", "pipeline"),
            ("09_transfer", "home-explorer"),
            ("12_wrap_up", "budget"),
        ):
            lab.open(f"notebooks/{notebook}.ipynb")
            lab.run_to(cell_id)
            handle = lab.cell(cell_id).locator(".noUi-handle").last
            lab.cell(cell_id).locator("img.widget-image").evaluate(PAINTED)
            handle.focus()
            for _ in range(12):
                # To and fro: a slider may stand at its end.
                for key in ("ArrowLeft", "ArrowRight"):
                    lab.page.keyboard.press(key)
                    lab.page.wait_for_timeout(250)
            taken = lab.page.evaluate("window.taken")
            name = f"{cell_id}: key press to painted picture, median / p95"
            yield name, spread(taken), "p95 below 100"


MEASUREMENTS = {
    "conv": conv,
    "recipe": recipe,
    "curve": curve,
    "import": quick_import,
    "explorers": explorers,
    "browser": browser,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[[], *MEASUREMENTS], help="default: all")
    print(f"{'what':70}{'measured':24}aim")
    for name in parser.parse_args().names or MEASUREMENTS:
        for what, measured, aim in MEASUREMENTS[name]():
            print(f"{what:70}{measured:24}{aim}", flush=True)


if __name__ == "__main__":
    main()
