"""The notebooks as they are stored: canonical, as last run, readable."""

import copy
import json
import re
import shutil
import statistics
import subprocess
import sys

import canonical
import course
import pytest
import run_notebooks

from helpers.datasets import mnist

PATHS = course.notebook_paths()
DIGESTS = json.loads(course.STORED.read_text(encoding="utf-8"))


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


def complaints(notebook, digest):
    """Say what is wrong with a notebook, as `make lint` does."""
    form = canonical.canonical(notebook)
    return canonical.problems(form, canonical.write(form), digest)


def code_cells(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_there_are_notebooks():
    assert len(PATHS) >= 2
    assert set(DIGESTS) == {path.name for path in PATHS}


def test_canonical_to_the_byte_and_as_last_run(path):
    stored = path.read_bytes().decode("utf-8")
    notebook = json.loads(stored)
    if canonical.write(canonical.canonical(notebook)) != stored:
        cells = ", ".join(canonical.differing(notebook)) or "spaces"
        pytest.fail(
            f"{path.name} is not in canonical form ({cells}): run `make canonical`"
            f"{canonical.RESTORE}",
            pytrace=False,
        )
    assert canonical.problems(notebook, stored, DIGESTS[path.name]) == []


def test_rhythm(path):
    notebook = course.read(path)
    lengths = [len(cell["source"]) for cell in code_cells(notebook)]
    assert max(lengths) <= 15
    assert statistics.median(lengths) <= 6
    kinds = [cell["cell_type"] for cell in notebook["cells"]]
    follows = [
        cell["id"]
        for before, kind, cell in zip(kinds, kinds[1:], notebook["cells"][1:], strict=False)
        if before == kind == "code"
    ]
    assert follows == [], "two code cells in a row: put text before these"


def test_structure(path):
    notebook = course.read(path)
    prose = "\n".join(
        course.text(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"
    )
    assert len(re.findall(r"^# ", prose, re.MULTILINE)) == 1
    for promise in ("**You will", "**You will learn**", "**You need**"):
        assert promise in prose
    assert re.findall(r"^## (.*)", prose, re.MULTILINE)[-1] == "What you have seen"
    assert code_cells(notebook)[0]["id"] == "setup"


def test_outputs_hold_no_errors_and_no_noise(path):
    for cell in code_cells(course.read(path)):
        tags = cell["metadata"].get("tags", [])
        for output in cell["outputs"]:
            assert output.get("name") != "stderr", cell["id"]
            if output["output_type"] == "error":
                assert "raises-exception" in tags, cell["id"]


def test_every_claim_is_asserted_somewhere(path):
    assert any("assert " in course.text(cell["source"]) for cell in code_cells(course.read(path)))


@pytest.fixture
def example():
    """Give a notebook with pictures and printed numbers, and its digest."""
    path = next(path for path in PATHS if path.name.startswith("05"))
    return course.read(path), DIGESTS[path.name]


def with_output(notebook, kind):
    return next(
        output
        for cell in code_cells(notebook)
        for output in cell["outputs"]
        if kind in (output.get("name"), *output.get("data", {}))
    )


def change_a_number(notebook):
    lines = with_output(notebook, "stdout")["text"]
    lines[0] = re.sub(r"\d", lambda digit: str(9 - int(digit[0])), lines[0], count=1)


def change_a_picture(notebook):
    data = with_output(notebook, "image/png")["data"]
    data["image/png"] = data["image/png"][:-9] + "A" + data["image/png"][-8:]


def change_code(notebook):
    code_cells(notebook)[3]["source"][0] += " "


def repeat_an_id(notebook):
    notebook["cells"][1]["id"] = notebook["cells"][0]["id"]


def scramble_an_id(notebook):
    notebook["cells"][0]["id"] = "3f2a9c1e"


def give_a_random_id(notebook):
    notebook["cells"][0]["id"] = "a1b2c3d4-1234-4abc-8def-0123456789ab"


def add_a_tag(notebook):
    notebook["cells"][0]["metadata"]["tags"] = ["later"]


def drop_alt_text(notebook):
    with_output(notebook, "image/png")["metadata"]["image/png"].pop("alt")


def drop_the_setup_cell(notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "setup"]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (change_a_number, "not those of its last run"),
        (change_a_picture, "not those of its last run"),
        (change_code, "not those of its last run"),
        (repeat_an_id, "stands twice"),
        (scramble_an_id, "not readable"),
        (give_a_random_id, "not readable"),
        (add_a_tag, "unknown tag"),
        (drop_alt_text, "without alt text"),
        (drop_the_setup_cell, "no set-up cell"),
    ],
)
def test_damage_is_found(example, damage, reason):
    notebook, digest = example
    assert complaints(notebook, digest) == []
    damage(notebook)
    assert any(reason in complaint for complaint in complaints(notebook, digest))


def add_a_widget_view(notebook):
    output = with_output(notebook, "image/png")
    output["data"][canonical.WIDGET_VIEW] = {"model_id": "1", "version_major": 2}


def add_widget_state(notebook):
    notebook["metadata"] = {**notebook["metadata"], "widgets": {}}


def lose_a_count(notebook):
    code_cells(notebook)[1]["execution_count"] = None


def add_an_empty_cell(notebook):
    notebook["cells"].append({**notebook["cells"][0], "id": "empty-cell", "source": []})


@pytest.mark.parametrize(
    "damage", [add_a_widget_view, add_widget_state, lose_a_count, add_an_empty_cell]
)
def test_the_canonical_form_mends(example, damage):
    notebook, _ = example
    before = canonical.write(notebook)
    damaged = copy.deepcopy(notebook)
    damage(damaged)
    assert canonical.write(damaged) != before
    assert canonical.write(canonical.canonical(damaged)) == before


@pytest.fixture
def small_course(tmp_path):
    """Copy what the tools need, with the smallest notebook, into an empty folder."""
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(course.ROOT / name, tmp_path)
    shutil.copytree(course.ROOT / "tools", tmp_path / "tools")
    (tmp_path / "notebooks").mkdir()
    for path in (PATHS[0], course.STORED):
        shutil.copy(path, tmp_path / "notebooks")
    return tmp_path


def run(folder, *command):
    return subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_stand_in_does_not_replace_what_mnist_gave(monkeypatch):
    found = (mnist.stand_in_digits(), "stand-in", "scikit-learn", "it is not here")
    monkeypatch.setattr(mnist, "find_digits", lambda: found)
    with pytest.raises(SystemExit, match=r"^05_training.ipynb: .* MNIST is not here"):
        run_notebooks.need_mnist(course.notebook_paths(["05"]))
    run_notebooks.need_mnist([])


def test_a_notebook_that_is_not_there_is_named():
    with pytest.raises(SystemExit, match="No notebook begins with 99: there are 00 to 12"):
        course.notebook_paths(["05", "99"])


def test_who_is_at_work_is_reminded_to_run(small_course):
    path = small_course / "notebooks" / PATHS[0].name
    notebook = course.read(path)
    change_code(notebook)
    path.write_text(canonical.write(notebook), encoding="utf-8", newline="\n")
    reminded = run(small_course, "tools/canonical.py")
    assert (reminded.returncode, canonical.STALE in reminded.stdout) == (0, True)
    assert run(small_course, "tools/canonical.py", "--check").returncode == 1


def test_the_check_fails_on_one_byte(small_course):
    path = small_course / "notebooks" / PATHS[0].name
    assert run(small_course, "tools/canonical.py", "--check").returncode == 0
    good = path.read_bytes()
    path.write_bytes(good + b"\n")
    failed = run(small_course, "tools/canonical.py", "--check")
    assert failed.returncode == 1
    assert "not in canonical form" in failed.stdout
    assert run(small_course, "tools/canonical.py").returncode == 0
    assert path.read_bytes() == good


def test_the_address_stands_in_one_place(small_course):
    settings = small_course / "pyproject.toml"
    address = course.settings()["repository"]
    text = settings.read_text(encoding="utf-8")
    assert text.count(address) == 1
    assert run(small_course, "tools/stamp.py", "--check").returncode == 0
    settings.write_text(text.replace(address, "https://github.com/a-team/a-course"), "utf-8")
    failed = run(small_course, "tools/stamp.py", "--check")
    assert failed.returncode == 1
    assert "run `make stamp`" in failed.stderr
    assert run(small_course, "tools/stamp.py").returncode == 0
    assert run(small_course, "tools/stamp.py", "--check").returncode == 0
    place = address.removeprefix("https://github.com/")
    for name in ("README.md", f"notebooks/{PATHS[0].name}"):
        stamped = (small_course / name).read_text(encoding="utf-8")
        assert place not in stamped
        assert "a-team/a-course" in stamped


def test_a_failing_notebook_keeps_what_it_held(small_course):
    path = small_course / "notebooks" / PATHS[0].name
    notebook = course.read(path)
    notebook["cells"] = notebook["cells"][:1]
    notebook["cells"].append(
        {
            "cell_type": "code",
            "id": "fails-always",
            "metadata": {},
            "source": ["1 / 0"],
            "execution_count": 1,
            "outputs": [],
        }
    )
    path.write_text(json.dumps(notebook), encoding="utf-8")
    before = path.read_bytes()
    failed = run(small_course, "tools/run_notebooks.py")
    assert failed.returncode != 0
    assert "ZeroDivisionError" in failed.stderr
    assert path.read_bytes() == before
