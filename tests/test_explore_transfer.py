"""The explorers of notebook 09 without a browser: what they say is what was recorded."""

import numpy as np

from helpers import explore
from helpers.datasets.records import load_record
from helpers.explore.transfer import backbones, top_five, transfer_curves
from helpers.models import pretrained

BORROW, BACKBONES = load_record("transfer"), load_record("transfer_backbones")


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
