"""What the course must cover, row by row: the cell that teaches it stands, runs and is checked.

`make test-notebooks` runs these cells and compares what they print; this test notices when one of
them is gone, or no longer shows or asserts anything.
"""

import re

import course
import pytest

TAUGHT = {
    "what a convolutional layer is for": ["01/gallery-claim", "03/corners-claim", "03/squares"],
    "a filter slides, multiplies, adds": ["01/sum", "01/stepper", "01/loops-run", "01/keras-run"],
    "a filter is learned in training": ["01/learn-run", "01/learn-claim", "06/filters"],
    "stride": ["02/geometry", "02/formula-test", "02/ex-unvisited"],
    "padding, valid and same": ["02/valid-same-claim", "02/uses-picture", "02/padding-rule"],
    "against fully connected layers": ["03/matrix-claim", "03/steps-count", "03/shuffle-claim"],
    "shared weights, fewer parameters": ["03/count-test", "03/trial-claim"],
    "patterns wherever they stand": ["04/equivariance-run", "04/not-invariant", "04/record-claims"],
    "hierarchical features": ["03/hierarchy-picture", "06/patches-picture", "06/feature-maps"],
    "fewer dimensions by stride and pooling": ["02/geometry", "04/pooling", "04/pool-run"],
    "installing Keras with TensorFlow": ["00/versions", "00/ready"],
    "MNIST: load, reshape, scale, one-hot": ["05/load-data", "05/prepare-run", "05/one-hot"],
    "the network of the source article": ["05/build-run", "05/predict-shapes", "05/predict-count"],
    "compile and fit": ["05/fit", "05/fit-claim"],
    "the same in steps": ["05/load", "05/prepare-run", "05/build-run", "05/fit"],
    "dropout, augmentation": ["07/dropout-explorer", "07/augmentation-explorer", "07/table-claim"],
    "transfer learning": ["09/meet-explorer", "09/heads-claims", "09/tune-asserts"],
    "hyper-parameters": ["08/map-claim", "08/architecture-claim", "08/final-claim"],
    "only for images?": ["10/compare-asserts", "10/names-claim"],
}
FAQ = ("cnn", "dense", "keras", "hyper", "improve", "only-images")
CELLS = {
    path.name[:2]: {cell["id"]: cell for cell in course.read(path)["cells"]}
    for path in course.notebook_paths()
}


def source(place):
    number, cell_id = place.split("/")
    return course.text(CELLS[number][cell_id]["source"])


@pytest.mark.parametrize("point", TAUGHT)
def test_each_point_is_taught_by_cells_that_run(point):
    for place in TAUGHT[point]:
        number, cell_id = place.split("/")
        cell = CELLS[number][cell_id]
        assert cell["cell_type"] == "code"
        assert cell["outputs"] or "assert " in source(place), place


@pytest.mark.parametrize("question", FAQ)
def test_each_question_is_answered_with_a_link_to_the_cell_that_shows_it(question):
    assert re.search(r"\(\d\d_\w+\.ipynb#cell-id=[a-z0-9-]+\)", source(f"12/faq-{question}"))


def test_the_network_is_the_one_that_was_asked_for():
    built = re.sub(r"\s+", "", source("05/build"))
    places = [
        built.index(layer)
        for layer in (
            'Conv2D(32,(3,3),activation="relu"', "MaxPooling2D((2,2))",
            'Conv2D(64,(3,3),activation="relu"', "Flatten()", 'Dense(64,activation="relu")',
            'Dense(10,activation="softmax")',
        )
    ]  # fmt: skip
    assert places == sorted(places)
    assert built.count('Conv2D(64,(3,3),activation="relu"') == 2
    assert built.count("MaxPooling2D((2,2))") == 2
    fitted = re.sub(r"\s+", "", source("05/fit"))
    for wanted in ("epochs=5", "batch_size=64", "validation_data="):
        assert wanted in fitted
    compiled = source("05/compile")
    assert "adam" in compiled
    assert "categorical_crossentropy" in compiled
