"""The words of explorers: templates in a file beside each topic, apart from code and drawing.

`words.toml` of a topic has one table for each explorer. Where `COURSE_LANGUAGE` is set, such as to
`es`, the words come from `words.es.toml` beside it.
"""

import functools
import os
import string
import tomllib
from pathlib import Path
from typing import Any

LANGUAGE = "COURSE_LANGUAGE"
FOLDER = Path(__file__).parent


class _Formatter(string.Formatter):
    """Write numbers with true minus signs, and `{name!c}` with a capital letter first."""

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        if conversion == "c":
            return str(value)[:1].upper() + str(value)[1:]
        return super().convert_field(value, conversion)

    def format_field(self, value: Any, spec: str) -> str:
        found = super().format_field(value, spec)
        return found if isinstance(value, str) else found.replace("-", "−")


_FORMATTER = _Formatter()


@functools.cache
def _tables(topic: str, language: str) -> dict[str, Any]:
    name = "words.toml" if language == "en" else f"words.{language}.toml"
    path = FOLDER / topic / name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ValueError(
            f"`{LANGUAGE}` must be a language that the explorers of {topic} have words in: there "
            f"is no {name} in helpers/explore/{topic}. Received {LANGUAGE}={language}."
        ) from error


class Words:
    """The words of one explorer, in the language that `COURSE_LANGUAGE` names; English at first.

    Args:
        module: The `__name__` of the explorer's module: its last part is the table, the part before
            it the topic.

    Examples:
        >>> say = Words("helpers.explore.translation.pooling")
        >>> say("map", height=8, width=8)
        'Feature map 8 × 8'

    """

    def __init__(self, module: str):
        *_, self.topic, self.table = module.split(".")
        # The words of all topics stand beside the topics.
        self.folder = "" if self.topic == "explore" else self.topic

    def _found(self, key: str) -> Any:
        value: Any = _tables(self.folder, os.environ.get(LANGUAGE, "en")).get(self.table, {})
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def __call__(self, key: str, **values: Any) -> str:
        """Return a template with its placeholders filled.

        Raises:
            KeyError: where there is no such template, or a placeholder has no value.

        """
        template = self._found(key)
        if not isinstance(template, str):
            raise KeyError(f"{self._place()} must hold `{key}`.")
        try:
            return _FORMATTER.format(template, **values)
        except KeyError as error:
            raise KeyError(
                f"`{key}` in {self._place()} must only have placeholders among "
                f"{sorted(values)}. Received {error}."
            ) from error

    def counted(self, key: str, count: int, **values: Any) -> str:
        """Return the template `KEY.one` for a count of 1, and `KEY.many` for others.

        Examples:
            >>> say = Words("helpers.explore.transfer.transfer_curves")
            >>> say.counted("labels", 1), say.counted("labels", 5)
            ('1 label of each class', '5 labels of each class')

        """
        return self(f"{key}.{'one' if count == 1 else 'many'}", count=count, **values)

    def option(self, control: str, value: Any) -> str:
        """Return how an option of a control is written: as it is, where no words are given."""
        options = self._found(f"options.{control}") or {}
        return options.get(str(value), str(value))

    def told(self, **settings: Any) -> dict[str, Any]:
        """Return settings as they are written: options by their words, the others as they are.

        Examples:
            >>> Words("helpers.explore.translation.pooling").told(padding="same", strides=2)
            {'padding': 'same', 'strides': 2}

        """
        return {
            name: self.option(name, value) if self._found(f"options.{name}") else value
            for name, value in settings.items()
        }

    def percent(self, probability: float) -> str:
        """Write a probability in percent for a sentence, and never round it to certainty.

        Examples:
            >>> say = Words("helpers.explore.common")
            >>> say.percent(0.976), say.percent(0.9999), say.percent(0.0001)
            ('98 %', 'over 99 %', 'under 1 %')

        """
        text = f"{100 * probability:.0f} %"
        return {"100 %": COMMON("over"), "0 %": COMMON("under")}.get(text, text)

    def _place(self) -> str:
        return f"[{self.table}] of the words of {self.topic}"


COMMON = Words("helpers.explore.common")
