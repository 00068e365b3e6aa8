"""Explorers on JupyterLab's light and dark theme: words and handles stand out from the page."""

import pytest
from test_contrast import MARK, TEXT, contrast

pytestmark = pytest.mark.browser

TOPIC = "start_here"

# Each text in the explorer, and each handle, with its colour and that of what lies below it.
PAINTED = """cell => {
  const parse = color => color.match(/[\\d.]+/g).map(Number);
  const opaque = element => {
    const color = parse(getComputedStyle(element).backgroundColor);
    return color.length < 4 || color[3] > 0.9 ? `rgb(${color.slice(0, 3)})` : null;
  };
  const rgb = color => `rgb(${parse(color).slice(0, 3)})`;
  const found = [];
  for (const element of cell.querySelectorAll('.jp-OutputArea .jupyter-widgets *')) {
    const words = [...element.childNodes]
      .filter(node => node.nodeType === Node.TEXT_NODE && node.textContent.trim())
      .map(node => node.textContent.trim()).join(' ');
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || element.tagName === 'STYLE') continue;
    const style = getComputedStyle(element);
    element.scrollIntoView({ block: 'center' });
    const seen = element.getBoundingClientRect();
    const below = document
      .elementsFromPoint(seen.x + seen.width / 2, seen.y + seen.height / 2)
      // A handle is four times as high as its track: it must stand out from the page.
      .filter(other => words || !other.closest('.noUi-target'));
    const ground = below.map(opaque).find(color => color);
    if (words) found.push(['text', words, rgb(style.color), ground]);
    else if (element.matches('.noUi-handle'))
      found.push(['handle', '', rgb(style.backgroundColor), ground]);
  }
  return found;
}"""


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_words_and_handles_stand_out(opened, theme):
    explorer = opened("draw")
    explorer.lab.page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
    )
    explorer.lab.page.wait_for_function(
        "theme => document.body.dataset.jpThemeName === theme", arg=theme
    )
    explorer.settled()
    painted = explorer.cell.evaluate(PAINTED)
    assert sum(kind == "text" for kind, *_ in painted) > 5
    assert any(kind == "handle" for kind, *_ in painted)
    for kind, words, color, ground in painted:
        least = TEXT if kind == "text" else MARK
        assert contrast(color, ground) >= least, (kind, words, color, ground)
