"""Pictures as people store them: whatever the way in, what arrives is upright, on white, 0 to 255.

Every kind is stored as a file and comes in through an upload and through a folder of own pictures.
"""

import io
import os
import re
import shutil
import tempfile
import types
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers.datasets import flowers, photographs, pictures
from helpers.datasets.locate import DataError
from helpers.datasets.own_images import listed, load_folder
from helpers.datasets.pictures import open_picture
from helpers.datasets.tasks import held_out
from helpers.explore.convolution import kernel_editor

SIDE = 64
RAMP = np.tile(np.linspace(0, 65535, SIDE), (SIDE, 1))
TO_RIGHT = np.linspace(0, 255, SIDE)[None].repeat(SIDE, axis=0)
WHITE = "transparent parts were laid on white"


def stored(image, kind="PNG", **how):
    """Return what a file of this kind holds."""
    file = io.BytesIO()
    (Image.fromarray(image) if isinstance(image, np.ndarray) else image).save(file, kind, **how)
    return file.getvalue()


def drawing(mode):
    """Draw a black square of 20 x 20 pixels on nothing."""
    drawn = Image.new("LA", (SIDE, SIDE), (0, 0))
    drawn.paste((0, 255), (20, 20, 40, 40))
    if mode == "PA":
        return drawn.convert("RGBA").quantize(4)
    return drawn.convert(mode)


def grey_with_a_transparent_shade():
    """Return a grey PNG in which the shade 0 is transparent, and a square is of shade 1."""
    shades = np.zeros((SIDE, SIDE), np.uint8)
    shades[20:40, 20:40] = 1
    return stored(shades, transparency=0)


def on_white():
    expected = np.full((SIDE, SIDE), 255.0)
    expected[20:40, 20:40] = 0
    return expected


def palette():
    found = Image.fromarray((np.arange(SIDE) // 32)[None].repeat(SIDE, axis=0).astype(np.uint8))
    found.putpalette([200, 200, 200, 40, 40, 40])
    return found


def animated():
    """Return a GIF of a light picture and a dark one."""
    light, dark = (Image.new("L", (SIDE, SIDE), shade) for shade in (200, 30))
    return stored(light, "GIF", save_all=True, append_images=[dark])


HALVES = np.where(np.arange(SIDE) < 32, 200.0, 40.0)[None].repeat(SIDE, axis=0)
# Name: the file, the grey values that arrive, and what is said of it.
KINDS = {
    "16 bits.png": (stored(RAMP.astype(np.uint16)), TO_RIGHT, "0 to 65535 became 0 to 255"),
    "16 bits.tif": (stored(RAMP.astype(np.uint16), "TIFF"), TO_RIGHT,
                    "0 to 65535 became 0 to 255"),
    "12 bits.png": (stored((RAMP / 65535 * 4095).astype(np.uint16)), TO_RIGHT,
                    "0 to 4095 became 0 to 255"),
    "32 bits.tif": (stored((RAMP * 1000).astype(np.int32), "TIFF"), TO_RIGHT,
                    "0 to 6.5535e+07 became 0 to 255"),
    "0 to 1.tif": (stored((RAMP / 65535 / 2).astype(np.float32), "TIFF"), TO_RIGHT / 2,
                   "0 to 1 became 0 to 255"),
    "-2 to 5.tif": (stored((RAMP / 65535 * 7 - 2).astype(np.float32), "TIFF"), TO_RIGHT,
                    "-2 to 5 became 0 to 255"),
    "RGBA.png": (stored(drawing("RGBA")), on_white(), WHITE),
    "LA.png": (stored(drawing("LA")), on_white(), WHITE),
    "PA.png": (stored(drawing("PA")), on_white(), WHITE),
    "shade.png": (grey_with_a_transparent_shade(), on_white(), WHITE),
    "RGBA.webp": (stored(drawing("RGBA"), "WEBP", lossless=True), on_white(), WHITE),
    "P.png": (stored(palette()), HALVES, ""),
    "1 bit.png": (stored(Image.fromarray(on_white() > 0)), on_white(), ""),
    "CMYK.jpg": (stored(Image.new("CMYK", (SIDE, SIDE), (0, 0, 0, 155)), "JPEG"),
                 np.full((SIDE, SIDE), 100.0), ""),
    "animated.gif": (animated(), np.full((SIDE, SIDE), 200.0), pictures.SEVERAL),
    "pages.tif": (stored(Image.new("L", (SIDE, SIDE), 90), "TIFF", save_all=True,
                         append_images=[Image.new("L", (9, 9))]),
                  np.full((SIDE, SIDE), 90.0), pictures.SEVERAL),
}  # fmt: skip


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_arrives_right(name, tmp_path):
    content, expected, note = KINDS[name]
    image, said = open_picture(content, name)
    assert (image.mode, said) == ("RGB", note)
    path = tmp_path / name
    path.write_bytes(content)
    assert open_picture(path, name)[0].tobytes() == image.tobytes()
    np.testing.assert_allclose(np.asarray(image.convert("L")), expected, atol=2)
    _, uploaded, said = kernel_editor.uploaded(({"name": name, "content": content},))
    np.testing.assert_allclose(255 * uploaded, expected, atol=2)
    assert said == note


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_upright(orientation):
    """Turn a picture as a phone does, so that its light corner belongs to the upper left."""
    upright = np.full((48, SIDE, 3), 40, np.uint8)
    upright[:16, :16] = 240
    turn = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}.get(orientation)
    held = Image.fromarray(upright)
    held = held if turn is None else held.transpose(Image.Transpose(turn))
    exif = Image.Exif()
    exif[0x112] = orientation
    content = stored(held, "JPEG", exif=exif, quality=95)
    found = open_picture(content, "phone.jpg")[0]
    assert found.size == (SIDE, 48)
    np.testing.assert_allclose(np.asarray(found), upright, atol=40)
    _, grey, _ = kernel_editor.uploaded(({"name": "phone.jpg", "content": content},))
    assert grey[8, 4] > 0.9
    assert grey[-8, 4] < 0.2
    small = flowers.decode_square(content, 32)
    assert small[4, 2].min() > 200
    assert max(small[-4, 2].max(), small[4, -4].max()) < 60


def test_a_transparent_shade_of_16_bits_is_white_too():
    shades = np.full((8, 8), 65535, np.uint16)
    shades[:4] = 7
    found = Image.fromarray(shades)
    found.info["transparency"] = 7
    assert np.asarray(pictures.eight_bits(found)[0]).min() == 255


def test_numbers_that_are_not_finite_are_refused():
    numbers = np.zeros((8, 8), np.float32)
    numbers[3, 3] = np.nan
    with pytest.raises(DataError, match=r'"nan.tif" cannot be read \(ValueError\)'):
        open_picture(stored(numbers, "TIFF"), "nan.tif")


@pytest.mark.parametrize(
    "content",
    [b"", b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%!PS-Adobe-3.0 EPSF-3.0",
     b"\xff\x0a a naked JPEG XL", stored(TO_RIGHT.astype(np.uint8))[:60],
     stored(TO_RIGHT.astype(np.uint8), "TIFF")[:200]],
    ids=["empty", "text", "svg", "eps", "jxl", "cut png", "cut tiff"],
)  # fmt: skip
def test_what_cannot_be_read_is_named_in_one_sentence(content):
    with pytest.raises(DataError) as raised:
        open_picture(content, "cats/1.png")
    assert re.fullmatch(
        r'The picture "cats/1.png" cannot be read \(\w+\): store it again as PNG or JPEG, or '
        r"choose another; .*JPEG, .*PNG, .* are taken\.",
        str(raised.value),
    )


@pytest.fixture
def folder(tmp_path):
    """Make a folder of two classes, cats and dogs, of 12 dark and 12 light pictures."""
    root = tmp_path / "pets"
    lay_out(root, {"cats": 60, "dogs": 180})
    return root


def lay_out(root, classes):
    for name, shade in classes.items():
        (root / name).mkdir(parents=True)
        for number in range(12):
            content = stored(np.full((32, 32), shade + number, np.uint8))
            (root / name / f"{number}.png").write_bytes(content)


@pytest.mark.parametrize("color", [False, True])
def test_every_kind_arrives_right_from_a_folder(folder, color, capsys):
    for name, (content, _, _) in KINDS.items():
        (folder / "mixed").mkdir(exist_ok=True)
        (folder / "mixed" / name).write_bytes(content)
    task = load_folder(folder, side=SIDE, color=color)
    said = capsys.readouterr().out
    assert "3 classes (cats, dogs, mixed)" in said
    assert "; 0 to 65535 became 0 to 255 (2); " in said
    assert f"{pictures.SEVERAL} (2); {WHITE} (5)." in said
    tests = held_out(task)
    assert capsys.readouterr().out == ""
    everything = [(task.x_train, task.y_train), (task.x_val, task.y_val), tests]
    arrived = np.concatenate([x[y == 2] for x, y in everything]).mean(axis=(1, 2, 3))
    expected = [grey.mean() for _, grey, _ in KINDS.values()]
    np.testing.assert_allclose(np.sort(arrived), np.sort(expected), atol=1)


def test_what_systems_lay_beside_pictures_is_skipped(folder, capsys):
    before = load_folder(folder)
    (folder / "__MACOSX" / "cats").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for name in ("cats/._0.png", "cats/.DS_Store", "cats/Thumbs.db", "dogs/desktop.ini", ".a.png",
                 "__MACOSX/cats/._0.png", ".hidden/0.png", "dogs/@eaDir/0.png"):  # fmt: skip
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"\x00\x05\x16\x07")
    capsys.readouterr()
    after = load_folder(folder)
    assert "Passed over" not in capsys.readouterr().out
    assert after.class_names == ("cats", "dogs")
    np.testing.assert_array_equal(after.x_train, before.x_train)


def test_other_files_are_named_in_one_line(folder, capsys):
    for name in ("cats/1.heic", "cats/2.HEIC", "dogs/1.jxl", "dogs/1.svg", "dogs/notes", "1.png"):
        (folder / name).write_bytes(b"x")
    load_folder(folder)
    line = capsys.readouterr().out.splitlines()[1]
    assert line.startswith(
        "Passed over: files .heic (2); .jxl (1); .png beside the classes (1); .svg (1); notes (1); "
    )
    assert line.endswith(" are taken.")
    assert "JPEG, " in line
    assert "WEBP" in line
    for path in (folder / "cats").glob("*.png"):
        path.rename(path.with_suffix(".heic"))
    with pytest.raises(DataError, match=r"It has 0, and other files: .heic \(1\d\); .*PNG.* taken"):
        load_folder(folder)


def test_a_picture_in_two_classes_is_told(folder, capsys):
    for number in range(3):
        shutil.copy(folder / f"cats/{number}.png", folder / f"dogs/cat {number}.png")
    load_folder(folder)
    told = "In more than one class: 3 of the pictures. Leave each in one class only.\n"
    assert told in capsys.readouterr().out


def test_links_inside_a_class_are_told(folder, capsys):
    (folder / "dogs").rename(folder.parent / "elsewhere")
    (folder / "dogs").symlink_to(folder.parent / "elsewhere")
    (folder / "cats/more").symlink_to(folder.parent / "elsewhere")
    task = load_folder(folder)
    assert "Passed over: files more (1); " in capsys.readouterr().out
    assert (task.class_names, len(task.y_train)) == (("cats", "dogs"), 16)
    (folder / "cats/gone.png").symlink_to(folder / "nowhere.png")
    with pytest.raises(DataError) as raised:
        load_folder(folder)
    sentence = f'"{folder / "cats/gone.png"}" cannot be read (No such file or directory).'
    assert str(raised.value) == sentence


def test_a_file_in_place_of_a_folder_is_told(folder):
    packed = shutil.make_archive(folder, "zip", folder)
    with pytest.raises(DataError) as raised:
        load_folder(packed)
    told = f'"{packed}" is a file: unpack it, and give the folder that it becomes.'
    assert str(raised.value) == told


@pytest.mark.skipif(os.name == "nt", reason="Windows knows other rights")
@pytest.mark.parametrize("place", [".", "cats", "cats/more", "cats/1.png"])
def test_what_another_user_may_not_read_is_told(place):
    root = Path(tempfile.mkdtemp())
    root.chmod(0o755)
    lay_out(root / "pets", {"cats": 60, "dogs": 180})
    (root / "pets/cats/more").mkdir()
    (root / "pets" / place).chmod(0)
    is_root = os.geteuid() == 0
    try:
        if is_root:
            os.seteuid(65534)
        with pytest.raises(DataError) as raised:
            load_folder(root / "pets")
    finally:
        if is_root:
            os.seteuid(0)
        (root / "pets" / place).chmod(0o755)
        shutil.rmtree(root)
    assert str(raised.value) == f'"{root / "pets" / place}" cannot be read (Permission denied).'


def test_a_picture_too_large_is_told_what_to_do():
    content = stored(Image.new("1", (12_000, 9_000)))
    with pytest.raises(DataError) as raised:
        open_picture(content, "a.png")
    told = 'The picture "a.png" has more than 50 million pixels: scale it down.'
    assert str(raised.value) == told


@pytest.mark.parametrize("parts", [("train", "test"), ("Training", "val", "test"), ("test",)])
def test_train_and_test_are_no_classes(tmp_path, parts):
    for part in parts:
        lay_out(tmp_path / "pets" / part, {"cats": 60, "dogs": 180})
    with pytest.raises(DataError) as raised:
        load_folder(tmp_path / "pets")
    assert "the classes (cats, dogs) lie inside" in str(raised.value)
    assert f'give the folder "pets/{parts[0]}"' in str(raised.value)
    assert load_folder(tmp_path / "pets" / parts[0]).class_names == ("cats", "dogs")


def test_a_class_may_be_called_train(tmp_path):
    lay_out(tmp_path, {"train": 60, "bus": 180})
    assert load_folder(tmp_path).class_names == ("bus", "train")


def test_many_classes_are_named_in_part():
    assert listed([str(number) for number in range(20)]).endswith("18, 19")
    assert listed([str(number) for number in range(23)]).endswith("18, 19 and 3 more")


def test_a_strip_does_not_fill_the_memory(monkeypatch):
    sizes, resize = [], Image.Image.resize

    def watched(self, size, *more, **named):
        sizes.append(size)
        return resize(self, size, *more, **named)

    monkeypatch.setattr(Image.Image, "resize", watched)
    strip = Image.fromarray(np.full((2, 40_000), 90, np.uint8))
    square = photographs.middle_square(strip, 224)
    assert square.shape == (224, 224)
    assert square.min() == square.max() == 90
    assert max(width * height for width, height in sizes) == 224**2


def test_plug_ins_are_used_where_pillow_knows_them(monkeypatch):
    known = {".heic": "HEIF", ".jpg": "JPEG", ".pdf": "PDF"}
    monkeypatch.setattr(pictures, "Image", types.SimpleNamespace(
        registered_extensions=lambda: known, OPEN={"HEIF": 0, "JPEG": 0}))  # fmt: skip
    assert pictures.endings() == {".heic": "HEIF", ".jpg": "JPEG"}
