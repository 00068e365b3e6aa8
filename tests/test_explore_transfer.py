"""The explorers of notebook 09 without a browser: what they say is what was recorded."""

import numpy as np

from helpers import explore
from helpers.datasets.records import load_record, unpack_misclassified
from helpers.explore.transfer import backbones, cut_depth, top_five, transfer_curves
from helpers.models import pretrained

BORROW, BACKBONES = load_record("transfer"), load_record("transfer_backbones")
DEPTH = load_record("transfer_depth")


def test_the_runs_are_told_as_recorded():
    explorer = explore.transfer_curves()
    for place, count in enumerate(BORROW["settings"]["labels_per_class"]):
        for way, table in BORROW["accuracy"].items():
            explorer.set(index=place, variant=way)
            row = table[str(count)]
            words = repr(explorer)
            assert f"With {count} label{'s' * (count > 1)} of each class, {way} reaches " in words
            assert f"reaches {np.mean(row):.3f} on average over 5 seeds" in words
            assert f"(from {min(row):.3f} to {max(row):.3f})" in words
            above = np.mean(row) > BORROW["no_labels"]
            assert f"That is {'above' if above else 'not above'} the 0.923" in words
            for other, rows in BORROW["accuracy"].items():
                assert other == way or f"{other} {np.mean(rows[str(count)]):.3f}" in words


def test_every_way_has_its_own_mark():
    assert len(set(transfer_curves.SHAPES)) == len(set(transfer_curves.COLORS)) == 4
    assert list(BORROW["accuracy"])[2] == "trained, frozen"


def test_the_depths_are_told_as_recorded():
    explorer, blocks = explore.cut_depth(), DEPTH["layers"]
    for task, kinds in DEPTH["tasks"].items():
        means = {
            kind: [1 - unpack_misclassified(row).mean() for row in rows]
            for kind, rows in kinds.items() if kind != "pixels"
        }  # fmt: skip
        pixels = 1 - unpack_misclassified(kinds["pixels"]).mean()
        for kind, found in means.items():
            said = kind.replace("grid", "4 × 4 grid")
            for place, facts in enumerate(blocks):
                explorer.set(task=task, kind=said, block=place + 1)
                words, size = repr(explorer), facts["size"]
                assert words.startswith(f"{task}, MobileNet 0.25 cut after block {place + 1} of 13")
                assert f"(maps of {size} × {size}, {facts['channels']} channels)" in words
                assert f"with {said} a head reaches {found[place]:.3f} on average" in words
                above = "above" if found[place] > pixels else "not above"
                assert f"That is {above} the {pixels:.3f} of the pixels alone." in words
                best = int(np.argmax(found))
                assert words.endswith(f"features is {best + 1}, with {found[best]:.3f}.")
                for other, row in means.items():
                    text = other.replace("grid", "4 × 4 grid")
                    assert other == kind or f"{text} {row[place]:.3f}" in words


def test_every_kind_of_features_has_its_own_mark():
    assert len(set(cut_depth.SHAPES)) == len(DEPTH["tasks"]["digits"]) - 1 == 4
    assert len(DEPTH["layers"]) == 13


def test_the_answers_are_told_as_recorded():
    explorer = explore.top_five()
    for network, by_photograph in BACKBONES["answers"].items():
        for photograph, ways in by_photograph.items():
            for way, best in ways.items():
                explorer.set(network=network, photograph=photograph, preparation=way)
                words = repr(explorer)
                assert words.startswith(f"{network} on {photograph}, prepared: {way}. ")
                for name, share in best:
                    assert f"{name.replace('_', ' ')} {share:.3f}" in words
                places = [name for name, _ in best]
                right = ways["its own"][0][0]
                if way == "its own":
                    assert "was trained with" in words
                elif places[0] == right:
                    assert "the mistake hides" in words
                elif right in places:
                    assert "here it comes later" in words
                else:
                    assert "not among the five" in words


def test_ranges_are_those_of_the_preparations():
    for name in next(iter(BACKBONES["answers"]["MobileNetV2"].values())):
        assert top_five.SAY.option("range", name) != name
    black, white = np.zeros((1, 1, 1, 3)), np.full((1, 1, 1, 3), 255.0)
    for name, network in (("its own", "MobileNetV2"), ("VGG16's", "VGG16")):
        prepare = pretrained.application(network).preprocess_input
        low, high = (prepare(pixels.copy()) for pixels in (black, white))
        said = f"{low.min():.0f} to {high.max():.0f}".replace("-", "−")
        assert said in top_five.SAY.option("range", name)


def test_the_networks_are_told_as_recorded():
    explorer = explore.backbones()
    for network in BACKBONES["networks"]:
        assert backbones.SAY.option("idea", network) != network
    for network, facts in BACKBONES["networks"].items():
        for stage, (size, convolutions, channels) in enumerate(facts["stages"]):
            explorer.set(network=network, stage=stage)
            words = repr(explorer)
            assert f"Step {stage + 1} of {len(facts['stages'])}: {convolutions} conv" in words
            assert f"maps of {size} × {size} with up to {channels:,} channels" in words
            assert f"{facts['parameters']:,} parameters with the classifier" in words
            assert f"{facts['multiply_adds'] / 1e6:,.0f} million multiply-adds" in words


def test_the_steps_follow_the_network():
    explorer = explore.backbones()
    explorer.set(network="InceptionV3")
    explorer.set(stage=6)
    explorer.set(network="VGG16")
    assert explorer.settings() == {"network": "VGG16", "stage": 4}
    assert explorer.trouble.value == ""
