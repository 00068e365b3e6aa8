"""How pytest compares notebooks (with nbval) on MNIST and on the stand-in."""

import os

import pytest

# Tests and compared notebooks neither read nor write the reader's own progress.
os.environ["COURSE_PROGRESS"] = "off"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Compare cells tagged `mnist-output` only where the real MNIST is there.

    Their stored outputs hold numbers of MNIST. On the stand-in they run, and what they assert
    must hold, but other numbers come out.
    """
    cells = [item for item in items if type(item).__name__ == "IPyNbCell"]
    if not cells:
        return
    from helpers.data import load_digits

    if load_digits().is_mnist:
        return
    for cell in cells:
        if "mnist-output" in cell.cell.metadata.get("tags", []):
            cell.options["check"] = False
