"""What a notebook calls can be looked up: arguments, results, errors, and an example that runs."""

import ast
import importlib
import inspect
from collections.abc import Iterator

import course
import pytest
from matplotlib.axes import Axes

# These refuse a bad argument in the name of the function that calls them.
CHECKS = {"integer", "integer_pair", "choice", "array", "picture_values", "batch", "limit_size"}


def used():
    """Return the functions of helpers that notebooks name, by module and name."""
    found = {}
    for path in course.notebook_paths():
        cells = (cell for cell in course.read(path)["cells"] if cell["cell_type"] == "code")
        nodes = [node for cell in cells for node in ast.walk(tree(course.text(cell["source"])))]
        names = {
            alias.asname or alias.name: (node.module, alias.name)
            for node in nodes
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpers")
            for alias in node.names
        }
        for node in nodes:
            if isinstance(node, ast.Name) and node.id in names:
                note(found, *names[node.id])
            elif (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in names
            ):
                note(found, ".".join(names[node.value.id]), node.attr)
    return found


def tree(source):
    """Parse a cell; one that shows an error of syntax, or a command of Jupyter, has no names."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.parse("")


def note(found, module, name):
    """Add a function of the course, and nothing of Keras' or TensorFlow's."""
    try:
        value = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        return  # A method or a value that a module holds, such as `keras.Input`.
    if inspect.isfunction(value) and value.__module__.startswith("helpers"):
        found[f"{value.__module__}.{value.__name__}"] = value


def refuses(function):
    """Tell whether a function raises an error itself, or through a check of its arguments."""
    return any(
        isinstance(node, ast.Raise)
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in CHECKS
        )
        for node in ast.walk(ast.parse(inspect.getsource(function)))
    )


FUNCTIONS = used()


def test_the_functions_are_found():
    assert {
        "helpers.layers.conv.conv2d",
        "helpers.plots.figures.image",
        "helpers.training.processes.follow",
    } <= set(FUNCTIONS)
    assert len(FUNCTIONS) > 100


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_what_a_notebook_calls_is_described(name):
    """A first line that begins with `Return`, `Tell` or `Build` may say what comes back.

    Returned axes are those that were given; a context manager gives nothing.
    """
    function = FUNCTIONS[name]
    words, signature = inspect.getdoc(function) or "", inspect.signature(function)
    silent = words.startswith(("Return ", "Tell ", "Build "))
    wanted = {
        "Args:": bool(signature.parameters),
        "Returns:": signature.return_annotation not in (None, Axes, Iterator[None]) and not silent,
        "Raises:": refuses(function),
        ">>> ": True,
    }
    assert [part for part, needed in wanted.items() if needed and part not in words] == []
