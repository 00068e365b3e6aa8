"""Write every notebook as a web page, with the words of its pictures, into build/pages.

    make pages

The pages need no kernel, no widgets and no network (only the formulas' fonts come from the web).
"""

import re

import jinja2
import nbconvert
from course import ROOT, notebook_paths

from helpers.files import write_whole

FOLDER = ROOT / "build" / "pages"
# nbconvert's own template leaves out what a picture says in words.
TEMPLATE = """\
{%- extends 'lab/index.html.j2' -%}
{%- block data_png scoped -%}
{%- set facts = output.metadata['image/png'] -%}
<div class="jp-RenderedImage jp-OutputArea-output {{ extra_class }}">
<img src="data:image/png;base64,{{ output.data['image/png'] | escape_html }}"
 width="{{ facts.width }}" height="{{ facts.height }}" alt="{{ facts.alt | escape_html }}">
</div>
{%- endblock data_png -%}
"""


def pages() -> dict[str, str]:
    """Return the web page of each notebook by its file's name; links lead from page to page."""
    exporter = nbconvert.HTMLExporter(
        extra_loaders=[jinja2.DictLoader({"course.html.j2": TEMPLATE})],
        template_file="course.html.j2",
    )
    return {
        path.with_suffix(".html").name: re.sub(
            r'href="(\d\d_\w+)\.ipynb', r'href="\1.html', exporter.from_filename(str(path))[0]
        )
        for path in notebook_paths()
    }


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        write_whole(FOLDER / name, page)
    print(f"Written to {FOLDER.relative_to(ROOT)}: begin with 00_start_here.html")


if __name__ == "__main__":
    main()
