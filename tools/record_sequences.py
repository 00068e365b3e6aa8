"""The data and the comparisons of notebook 10: names in six languages, networks for sequences.

    names            names of countries and languages from the Unicode CLDR, as Babel brings it
    sequences        each network on each question, over several seeds, also with few signals

The settings were fixed on test signals of other seeds and on another split of the names.
"""

import functools
import re
import time
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
from recording import Ledger

from helpers.datasets import country_names
from helpers.datasets.country_names import load_names
from helpers.datasets.ecg import heartbeats
from helpers.models.backend import keras

LANGUAGES = {"English": "en", "Finnish": "fi", "French": "fr", "German": "de", "Italian": "it",
             "Spanish": "es"}  # fmt: skip
# Letters that do not come apart into a plain letter and an accent.
SPELLED_OUT = str.maketrans({"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})
SPLIT_SEED, TEST_SHARE, SHARED_LETTERS = 10, 0.3, 4

HEART = {
    "signals": 1500,
    "few_signals": [30, 100],
    "test_signals": 1000,
    "epochs": 20,
    "learning_rate": 0.003,
    "gru_learning_rate": 0.005,
}
NAMES = {"epochs": 25, "learning_rate": 0.003, "gru_learning_rate": 0.003}
COST = {"epochs": 5, "rounds": 3}
COMMON = {"batch_size": 64, "seeds": [0, 1, 2, 3, 4]}


def plain(name: str) -> str:
    """Write a name in small letters a to z and single spaces, without accents."""
    name = unicodedata.normalize("NFKD", name.lower().translate(SPELLED_OUT))
    name = "".join(letter for letter in name if not unicodedata.combining(letter))
    return re.sub(r"[^a-z]+", " ", name).strip()


def cldr_names() -> dict[str, dict[str, str]]:
    """Return, for each country and language, what it is called in each of the six languages."""
    from babel import Locale

    things: dict[str, dict[str, str]] = {}
    for language, code in LANGUAGES.items():
        locale = Locale.parse(code)
        for kind, table, longest in (("country", locale.territories, 2),
                                     ("language", locale.languages, 3)):  # fmt: skip
            for key, name in table.items():
                if len(key) <= longest and "(" not in name:
                    things.setdefault(f"{kind} {key}", {})[language] = plain(name)
    return things


def groups_of(kept: dict[str, dict[str, str]]) -> list[list[str]]:
    """Put what shares a word in one group, the largest first; words of three letters do not count.

    Else *norvegien* would be tested after *norvegien bokmal* was trained on.
    """
    group = {key: [key] for key in sorted(kept)}
    first: dict[tuple[str, str], str] = {}
    for key in sorted(kept):
        for language, name in kept[key].items():
            for word in name.split():
                if len(word) < SHARED_LETTERS:
                    continue
                one, other = group[key], group[first.setdefault((language, word), key)]
                if one is not other:
                    other += one
                    group.update((member, other) for member in one)
    found = list({id(members): members for members in group.values()}.values())
    return sorted(found, key=len, reverse=True)


def names_record() -> dict:
    """Keep the names that tell their language, and split them by what they name."""
    import babel

    things = cldr_names()
    # What tells its language, and names one thing only: else both parts might know of it.
    times = Counter(name for called in things.values() for name in called.values())
    kept: dict[str, dict[str, str]] = {}
    for key, called in things.items():
        for language, name in called.items():
            if times[name] == 1 and 3 <= len(name) <= country_names.NAME_LENGTH - 2:
                kept.setdefault(key, {})[language] = name
    # The largest group (most islands, and what lies north or south) is trained on: with it, the
    # test would hold little else.
    _, *groups = groups_of(kept)
    number = TEST_SHARE * sum(len(called) for called in kept.values())
    in_test: set[str] = set()
    for place in np.random.default_rng(SPLIT_SEED).permutation(len(groups)):
        if sum(len(kept[key]) for key in in_test) < number:
            in_test.update(groups[place])
    parts = {part: {language: [] for language in LANGUAGES} for part in ("train", "test")}
    for key, called in kept.items():
        for language, name in called.items():
            parts["test" if key in in_test else "train"][language].append(name)
    licence = Path(babel.__file__).parent / "locale-data" / "LICENSE.unicode"
    return {
        "source": f"Unicode CLDR, as bundled with Babel {babel.__version__}: names of countries "
        "and languages, without accents; left out are names that two of the six languages share, "
        "names that stand for two things, and names with brackets. Names of one code, and codes "
        "with a word of four letters or more in common in one language, stand in the same part.",
        "licence": licence.read_text(encoding="utf-8").splitlines(),
        **{part: {key: sorted(names) for key, names in by.items()} for part, by in parts.items()},
    }


def conv(shape: tuple[int, int], question: str) -> list:
    """Two convolutions, and of each filter the largest output, wherever it stands."""
    layers = keras.layers
    if question == "names":
        return [layers.Conv1D(64, 4, activation="relu"), layers.GlobalMaxPooling1D()]
    convolutions = [layers.Conv1D(16, 9, activation="relu") for _ in range(2)]
    return [*convolutions, layers.GlobalMaxPooling1D()]


def front() -> list:
    """Two convolutions with pooling between and behind them, of 8 filters each."""
    layers = keras.layers
    return [
        layers.Conv1D(8, 9, activation="relu"), layers.MaxPooling1D(4),
        layers.Conv1D(8, 9, activation="relu"), layers.MaxPooling1D(2),
    ]  # fmt: skip


def conv_flatten(shape: tuple[int, int], question: str) -> list:
    """Let a weight of its own belong to each place, as in notebook 05."""
    return [*front(), keras.layers.Flatten()]


def conv_long(shape: tuple[int, int], question: str) -> list:
    """Pool over all places, but look at nearly the whole signal at each."""
    layers = keras.layers
    return [*front(), layers.Conv1D(8, 9, activation="relu"), layers.GlobalMaxPooling1D()]


def dense(shape: tuple[int, int], question: str) -> list:
    """Each place has weights of its own."""
    units = 16 if question == "names" else 32
    return [keras.layers.Flatten(), keras.layers.Dense(units, activation="relu")]


def gru(shape: tuple[int, int], question: str) -> list:
    """One step after the other, with a memory.

    It reads four samples of a signal at a step; what it does with one is recorded beside it.
    """
    layers = keras.layers
    if question == "names":
        return [layers.GRU(36)]
    return [layers.Reshape((shape[0] // 4, 4 * shape[1])), layers.GRU(32)]


def gru_by_one(shape: tuple[int, int], question: str) -> list:
    """Read one sample of a signal at a step, as many steps as samples."""
    return [keras.layers.GRU(32)]


def causal(shape: tuple[int, int], question: str) -> list:
    """Dilated causal convolutions, of which the last output sees nearly the whole signal."""
    layers = keras.layers
    stack = [
        layers.Conv1D(16, 3, padding="causal", dilation_rate=rate, activation="relu")
        for rate in (1, 2, 4, 8, 16, 32)
    ]
    return [*stack, layers.Cropping1D((shape[0] - 1, 0)), layers.Flatten()]


QUESTIONS = ("wide", "half", "order")
# Those that are also trained on few signals, and all.
FEW = (conv_long, conv_flatten, dense)
NETWORKS = {
    **dict.fromkeys(QUESTIONS, (conv, *FEW, gru, causal, gru_by_one)),
    "names": (conv, dense, gru),
}


def build(network, shape: tuple[int, int], question: str) -> keras.Sequential:
    """Put the answer behind the layers of a network: a probability, or one for each language."""
    body = [keras.Input(shape), *network(shape, question)]
    if question == "names":
        body += [keras.layers.Dropout(0.3), keras.layers.Dense(6, activation="softmax")]
    else:
        body += [keras.layers.Dense(1, activation="sigmoid")]
    return keras.Sequential(body)


def load(question: str, seed: int, short: bool, signals: int) -> tuple:
    """Return inputs and answers to train on, then to test with; of names, always all.

    Few signals come again in each epoch, so that every network makes the same number of steps.
    """
    if question == "names":
        names = load_names()
        parts = (country_names.one_hot(names.train), names.train_labels,
                 country_names.one_hot(names.test), names.test_labels)  # fmt: skip
        return tuple(part[::20] for part in parts) if short else parts
    numbers = (64, 64) if short else (signals, HEART["test_signals"])
    times = HEART["signals"] // signals
    x_train, y_train = (np.concatenate([part] * times)
                        for part in heartbeats(numbers[0], question, seed))  # fmt: skip
    return x_train, y_train, *heartbeats(numbers[1], question, 2000 + seed)


def train(network, question: str, seed: int, short: bool, signals: int = HEART["signals"]) -> dict:
    """Train and test one network once; of the first convolutions on names, keep the weights."""
    settings = NAMES if question == "names" else HEART
    x_train, y_train, x_test, y_test = load(question, seed, short, signals)
    keras.utils.set_random_seed(seed)
    made = build(network, x_train.shape[1:], question)
    loss = "sparse_categorical_crossentropy" if question == "names" else "binary_crossentropy"
    rate = settings["gru_learning_rate" if network in (gru, gru_by_one) else "learning_rate"]
    optimizer = keras.optimizers.Adam(rate)
    made.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False)
    begun = time.process_time()
    made.fit(
        x_train, y_train, verbose=0,
        epochs=1 if short else settings["epochs"], batch_size=COMMON["batch_size"],
    )  # fmt: skip
    seconds = time.process_time() - begun
    shares = [made.evaluate(x, y, batch_size=500, verbose=0)[1]
              for x, y in ((x_train, y_train), (x_test, y_test))]  # fmt: skip
    found = {
        "parameters": made.count_params(),
        "train_accuracy": round(shares[0], 4),
        "test_accuracy": round(shares[1], 4),
        "processor_seconds": round(seconds, 2),
    }
    if (question, network, seed) == ("names", conv, 0):
        found["filters"] = filters(made)
    return found


def cost(short: bool) -> dict[str, list[float]]:
    """Return the processor seconds of some epochs of each network, taken in turns.

    What only a first epoch costs, to trace the network, is not in them.
    """
    epochs, rounds = (1, 1) if short else (COST["epochs"], COST["rounds"])
    x, y = heartbeats(64 if short else HEART["signals"], "wide", 0)
    made = {network.__name__: build(network, x.shape[1:], "wide") for network in NETWORKS["wide"]}
    seconds: dict[str, list[float]] = {name: [] for name in made}
    options = {"batch_size": COMMON["batch_size"], "verbose": 0}
    for network in made.values():
        network.compile("adam", "binary_crossentropy", jit_compile=False)
        network.fit(x, y, **options)
    for _ in range(rounds):
        for name, network in made.items():
            begun = time.process_time()
            network.fit(x, y, epochs=epochs, **options)
            seconds[name].append(round(time.process_time() - begun, 2))
    return seconds


def count_ngrams(short: bool) -> dict:
    """Judge the names by how often each sequence of one to four letters stands in them."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    names = load_names()
    step = 20 if short else 1
    begun = time.process_time()
    counter = CountVectorizer(analyzer="char", ngram_range=(1, 4))
    counts = counter.fit_transform([f" {name} " for name in names.train[::step]])
    model = LogisticRegression(C=3, max_iter=1000).fit(counts, names.train_labels[::step])
    seconds = time.process_time() - begun
    tests = counter.transform([f" {name} " for name in names.test])
    return {
        "parameters": int(model.coef_.size + model.intercept_.size),
        "train_accuracy": [round(float(model.score(counts, names.train_labels[::step])), 4)],
        "test_accuracy": [round(float(model.score(tests, names.test_labels)), 4)],
        "processor_seconds": [round(seconds, 2)],
    }


def filters(network: keras.Sequential) -> dict:
    """Return the weights of the network on names, for the explorer of its filters."""
    kernel, bias, votes, votes_bias = network.get_weights()
    named = {"kernel": kernel, "bias": bias, "votes": votes, "votes_bias": votes_bias}
    return {name: np.round(weights.astype(float), 3).tolist() for name, weights in named.items()}


def sequences_record(name: str, short: bool, folder: Path) -> dict:
    """Train every network on every question, from every seed."""
    settings = {**COMMON, "heartbeats": HEART, "names": NAMES, "cost": COST}
    seeds = COMMON["seeds"][:1] if short else COMMON["seeds"]
    few = [(network, question, signals) for signals in HEART["few_signals"]
           for question in QUESTIONS for network in FEW]  # fmt: skip
    total = len(seeds) * (sum(map(len, NETWORKS.values())) + len(few)) + 1
    ledger = Ledger(folder, name, {**settings, "short": short}, total)
    train(dense, "wide", 0, short=True)  # What TensorFlow does only once shall cost nobody.
    runs = {
        (question, network, seed): ledger.get(
            f"{question}, {network.__name__}, seed {seed}",
            functools.partial(train, network, question, seed, short),
        )
        for seed in seeds for question, networks in NETWORKS.items() for network in networks
    }  # fmt: skip
    results = {
        question: {
            network.__name__: {
                "parameters": runs[question, network, seeds[0]]["parameters"],
                **{key: [runs[question, network, seed][key] for seed in seeds]
                   for key in ("train_accuracy", "test_accuracy", "processor_seconds")},
            }
            for network in networks
        }
        for question, networks in NETWORKS.items()
    }  # fmt: skip
    results["names"]["counts"] = count_ngrams(short)
    few_results: dict = {question: {} for question in QUESTIONS}
    for network, question, signals in few:
        found = [
            ledger.get(
                f"{question}, {network.__name__}, {signals} signals, seed {seed}",
                functools.partial(train, network, question, seed, short, signals),
            )["test_accuracy"]
            for seed in seeds
        ]
        few_results[question].setdefault(network.__name__, {})[str(signals)] = found
    return {
        "settings": settings,
        "results": results,
        "cost": ledger.get("cost", functools.partial(cost, short)),
        "few_signals": few_results,
        "filters": runs["names", conv, 0]["filters"],
    }


def run(name: str, short: bool, folder: Path) -> dict:
    """Return the record `name`."""
    if name == "sequences_names":
        return names_record()
    return sequences_record(name, short, folder)
