"""In which order pytest runs, and how it compares notebooks (with nbval) on the stand-in."""

import os

import pytest

# Tests and compared notebooks neither read nor write the reader's own progress.
os.environ["COURSE_PROGRESS"] = "off"
# Where two files run at a time, both processes have work to the end if these come first.
LONGEST = ("05_", "11_", "09_", "test_browser_train", "test_browser_", "test_record_")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, and see which notebooks' cells are compared."""
    items.sort(key=lambda item: [not item.path.name.startswith(start) for start in LONGEST])
    compare_what_mnist_gave(items)


def compare_what_mnist_gave(items: list[pytest.Item]) -> None:
    """Compare cells tagged `mnist-output` only where the real MNIST is there.

    Their stored outputs hold numbers of MNIST. On the stand-in they run, and what they assert
    must hold, but other numbers come out.
    """
    cells = [item for item in items if type(item).__name__ == "IPyNbCell"]
    if not cells:
        return
    from helpers.datasets.mnist import load_digits

    if load_digits().is_mnist:
        return
    for cell in cells:
        if "mnist-output" in cell.cell.metadata.get("tags", []):
            cell.options["check"] = False
