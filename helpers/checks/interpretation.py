"""Exercises of notebook 06, Look inside the network."""

from typing import Any

import numpy as np

from helpers.checks.engine import Notebook, Wrong, compare, predict_number, predict_numbers, run

notebook = Notebook("06_interpretation")

rows_seen = notebook.prediction(
    "rows_seen",
    "the first and the last row that the number sees",
    predict_numbers(
        (8, 25),
        {
            (2, 19): "two neighbours are 4 rows apart, not 1: there are two poolings before.",
            (4, 21): "this is what the number at row 1 sees.",
            (0, 17): "this is what the number at row 0 sees.",
            (8, 26): "18 rows from row 8 on end at row 25: the first one counts, too.",
            (8, 24): "18 rows from row 8 on end at row 25.",
            (10, 27): "no padding, no rounding up: the last two rows of the image are not seen.",
            (36, 53): "the step is 4 rows, the field 18; these rows lie outside the image.",
            (0, 0): "each number sees 18 rows.",
        },
        "The field of 18 rows begins at 2 · 4 = 8 and ends at 8 + 18 − 1 = 25.",
        "Take the step and the field of the third convolution from the table above.",
    ),
    [
        "The number at row 0 begins at row 0 of the image. How far is it to the next one?",
        "It moves by 4 rows for each row of the map.",
        "The last row is the first one plus 18 minus 1.",
    ],
)

slope = notebook.prediction(
    "slope",
    "the factor p · (1 − p)",
    predict_number(
        0.99 * 0.01,
        {
            0.99: "this is p itself: multiply it by 1 − p.",
            0.01: "this is 1 − p: multiply it by p.",
            100: "turned round: the slope is about a hundredth, not a hundred.",
            0.09: "this is p · (1 − p) for p = 0.9.",
            0.9801: "this is p · p: the second factor is 1 − p.",
            0.25: "this is the slope at p = 0.5, where it is largest.",
            0: "small, but not zero.",
        },
        "0.99 · 0.01 = 0.0099: a hundredth of the slope is left, and less with every 9.",
        "Put p = 0.99 into p · (1 − p).",
    ),
    ["99 % is p = 0.99.", "1 − p is 0.01. Multiply the two."],
)


@notebook.exercise(
    "a function that returns by how much the score falls for each place of the patch",
    "A patch of k pixels has n − k + 1 places along an axis of n pixels.",
    "Two loops over row and column; in each, `covered = image.copy()`.",
    "`covered[row : row + patch, column : column + patch] = 0`, then "
    "`score(image) - score(covered)`.",
)
def occlusion_map(function: Any) -> str:
    """Run the function on a score that is no sum over pixels, and name the usual slips."""
    random = np.random.default_rng(6)
    for height, width, patch in [(6, 5, 2), (5, 7, 3), (4, 4, 1)]:
        image, weights = random.random((height, width)) + 0.1, random.normal(size=(height, width))

        def score(seen, weights=weights):
            total = float((seen * weights).sum())
            return total + total**2

        shape = (height - patch + 1, width - patch + 1)
        covered = np.zeros(shape)
        for row, column in np.ndindex(shape):
            copy = image.copy()
            copy[row : row + patch, column : column + patch] = 0
            covered[row, column] = score(copy)
        expected = score(image) - covered
        found = run(function, image, score, patch)
        called = f"for a patch of {patch} × {patch} on {height} × {width} pixels"
        slips = [
            (-expected, "the sign is turned round: whole image less covered image"),
            (covered, "it gives the scores of the covered images: subtract them from the "
             "score of the whole one"),
            (np.abs(expected), "the sign is lost: pixels may speak against the class"),
        ]  # fmt: skip
        if np.shape(found) == (height // patch, width // patch) and patch > 1:
            raise Wrong(f"{called} it moves by the size of the patch: one pixel at a time.")
        compare(found, expected, called, slips)
    return "One score for the whole image, and one for each place of the patch."


@notebook.exercise(
    "the repaired function",
    "How many weights must there be? One for each channel.",
    "The mean over all places goes over the axes 0 and 1.",
    "First add up the channels, then take the maximum with zero.",
)
def cam(function: Any) -> str:
    """Compare with Grad-CAM, and tell which of the two mistakes is left."""
    random = np.random.default_rng(7)
    for shape in [(3, 4, 5), (6, 6, 2), (4, 4, 4)]:
        maps, slopes = random.random(shape), random.normal(size=shape)
        weights = slopes.mean(axis=(0, 1))
        expected = np.maximum((maps * weights).sum(axis=2), 0)
        found = run(function, maps, slopes)
        called = f"for maps of shape {shape}"
        place = slopes.mean(axis=2)[:, :, None]
        slips = [
            (np.maximum(maps * place, 0).sum(axis=2), "the weights are means over the "
             "channels: take them over the places, one for each channel"),
            (np.maximum(maps * weights, 0).sum(axis=2), "what is negative is dropped too "
             "early: add the channels up first"),
            ((maps * weights).sum(axis=2), "what is negative in the sum must become zero"),
            (np.maximum((maps * slopes).sum(axis=2), 0), "each channel has one weight: the "
             "mean of its slopes"),
        ]  # fmt: skip
        compare(found, expected, called, slips)
    return "One weight for each channel, then the sum, then what is positive of it."


@notebook.exercise(
    "a function that returns the places of the nearest vectors",
    "`vectors - vectors[chosen]` gives the difference to every vector at once.",
    "Square, sum over axis 1; the root does not change the order.",
    "`np.argsort` gives the places in the order of the distances. The first is `chosen`.",
)
def nearest(function: Any) -> str:
    """Compare with a search by brute force, and name the usual slips."""
    random = np.random.default_rng(8)
    for number, dimensions, chosen, count in [(9, 3, 4, 3), (20, 2, 0, 5), (6, 8, 5, 5)]:
        vectors = random.normal(size=(number, dimensions))
        distances = np.sqrt(((vectors - vectors[chosen]) ** 2).sum(axis=1))
        order = np.argsort(distances)
        found = run(function, vectors, chosen, count)
        called = f"for {count} of {number} vectors"
        by_product = np.argsort(-(vectors @ vectors[chosen]))[:count]
        slips = [
            (order[:count], "the vector itself is among them: leave it out"),
            (order[::-1][:count], "these are the farthest"),
            (distances[order[1 : count + 1]], "it returns distances: their places are asked "
             "for"),
            (by_product, "it goes by the product of the vectors, not by "
             "their distance"),
        ]  # fmt: skip
        if np.shape(found) == (count + 1,):
            raise Wrong(f"{called} it returns {count + 1} places: leave the vector itself out.")
        compare(found, order[1 : count + 1], called, slips)
    return "Sort by distance, and leave out the first: it is the vector itself."


__all__ = ["cam", "nearest", "occlusion_map", "rows_seen", "slope"]
