"""Pictures as people store them, brought to one form: upright, opaque, 0 to 255, in RGB.

Own pictures, uploads and the flowers all come in here.
"""

import io
import warnings
from pathlib import Path, PurePath

import numpy as np
from PIL import Image, ImageOps

from helpers.datasets.locate import DataError

# HEIF and JXL are read where a plug-in has taught Pillow to.
FORMATS = {"AVIF", "BMP", "GIF", "HEIF", "JPEG", "JPEG2000", "JXL", "MPO", "PNG", "PPM", "TIFF",
           "WEBP"}  # fmt: skip
MOST_PIXELS = 50_000_000
# What systems lay beside pictures; names that begin with a dot belong to them, too.
COMPANIONS = {"__macosx", "@eadir", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
SEVERAL = "of several pictures in one file, the first is taken"
ON_WHITE = "transparent parts were laid on white"


def endings() -> dict[str, str]:
    """Return the formats that can be read on this machine, by the endings of their files.

    Examples:
        >>> endings()[".jpg"], ".svg" in endings()
        ('JPEG', False)

    """
    known = Image.registered_extensions().items()
    return {ending: kind for ending, kind in known if kind in FORMATS & Image.OPEN.keys()}


def formats() -> str:
    """Name the formats that can be read on this machine."""
    return ", ".join(sorted(set(endings().values())))


def is_companion(path: PurePath) -> bool:
    """Tell whether a system laid a file beside pictures, such as `._cat.jpg` or `Thumbs.db`.

    Examples:
        >>> [is_companion(PurePath(path)) for path in ("cats/._1.jpg", "__MACOSX/1.jpg", "1.jpg")]
        [True, True, False]

    """
    return any(part[0] == "." or part.lower() in COMPANIONS for part in path.parts)


def open_picture(source: Path | bytes, name: str, side: int = 0) -> tuple[Image.Image, str]:
    """Read a picture: turned upright, on white where it is transparent, in 8 bits, in RGB.

    Args:
        source: A file, or what one holds.
        name: What an error calls it.
        side: If it is needed no larger than this, a large JPEG is decoded at a part of its size.

    Returns:
        The picture, and a note on what was changed so that numbers or parts of it were lost;
        empty where nothing was.

    Raises:
        DataError: where it cannot be read, in one sentence.

    """
    too_large = f'The picture "{name}" has more than 50 million pixels: scale it down.'
    try:
        with warnings.catch_warnings():
            # Pillow only warns up to twice its limit, which lies above the one here.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            file = io.BytesIO(source) if isinstance(source, bytes) else source
            with Image.open(file, formats=sorted(set(endings().values()))) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise DataError(too_large)
                notes = [SEVERAL] if getattr(opened, "is_animated", False) else []
                if side:
                    opened.draft("RGB", (side, side))
                found = ImageOps.exif_transpose(opened)
        if found.mode[0] in "IF":
            found, note = eight_bits(found)
            notes.append(note)
        elif found.has_transparency_data:
            found = found.convert("RGBA")
            if found.getextrema()[3][0] < 255:
                notes.append(ON_WHITE)
            found = Image.alpha_composite(Image.new("RGBA", found.size, "white"), found)
        return found.convert("RGB"), "; ".join(notes)
    except DataError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError(too_large) from error
    except Exception as error:  # Damaged files make Pillow's decoders raise nearly anything.
        raise DataError(
            f'The picture "{name}" cannot be read ({type(error).__name__}): store it again as PNG '
            f"or JPEG, or choose another; {formats()} are taken."
        ) from error


def eight_bits(found: Image.Image) -> tuple[Image.Image, str]:
    """Bring a grey picture of 16 or 32 bits or of floating-point numbers to 0 to 255.

    Integers are taken for 8, 12 or 16 bits, the fewest that hold them all, so that 65535 becomes
    255; floating-point numbers from 0 to 1 are taken as such. All others are scaled by their own
    range.

    Returns:
        The picture, and a note that names the range.

    Raises:
        ValueError: where a number is not finite.

    Examples:
        >>> scan = Image.fromarray(np.array([[0, 257, 65535]], np.uint16))
        >>> image, note = eight_bits(scan)
        >>> np.asarray(image).tolist(), note
        ([[0, 1, 255]], '0 to 65535 became 0 to 255')

    """
    numbers = np.asarray(found, np.float64)
    low, high = float(numbers.min()), float(numbers.max())
    if not np.isfinite(high - low):
        raise ValueError("not all of its numbers are finite")
    tops = (1,) if found.mode == "F" else (255, 4095, 65535)
    top = next((top for top in tops if low >= 0 and high <= top), None)
    first, last = (low, high) if top is None else (0, top)
    pixels = np.rint((numbers - first) * (255 / ((last - first) or 1))).astype(np.uint8)
    if (nothing := found.info.get("transparency")) is not None:
        pixels[numbers == nothing] = 255
    return Image.fromarray(pixels), f"{first:.6g} to {last:.6g} became 0 to 255"
