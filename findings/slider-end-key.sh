#!/usr/bin/env bash
# Guess: on a slider of ipywidgets, the End key goes to the largest value, also after `max`
#   changed.
# Seen: it goes to the `max` that the slider was made with, although the slider itself announces
#   the new one (`aria-valuemax`) and the arrow keys reach it. The cause is noUiSlider, which
#   reads the keys' ends once, when it is made; its newest release does the same.
# Who meets it: whoever changes a slider's range when something else is chosen. A reader with a
#   keyboard does not get to the end; a browser test that presses End finds another value.
# Remedy: a new slider for a new range, or arrow keys.
#
# Versions: ipywidgets 8.1.9 with its JavaScript (@jupyter-widgets/html-manager 1.0.15), noUiSlider
# 15.4.0 in it and in JupyterLab's extension (jupyterlab_widgets 3.0.17), noUiSlider 15.8.1 alone,
# Playwright 1.65.2, Chromium 156, Python 3.11. Seen on 28 November 2026:
#   noUiSlider in JupyterLab's extension: 15.4.0
#   made with max 3, End: 3 of 3
#   max is now 7, End: 3 of 7
#   arrow to the right, eight times: 7 of 7
#   End again: 3 of 7
#   made with max 7, End: 7 of 7
#   noUiSlider 15.8.1 alone, made with 3, now 7, End: 3 of 7

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
venv=${FINDINGS_VENV:-$work/venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv" || exit 2
"$venv/bin/python" -m pip install -q --disable-pip-version-check \
    ipywidgets==8.1.9 jupyterlab_widgets==3.0.17 playwright==1.65.2 \
    2>"$work/pip" ||
    { cat "$work/pip"; echo "COULD NOT INSTALL"; exit 2; }
browser=${FINDINGS_BROWSER:-$(command -v chromium || command -v google-chrome || true)}
[ -n "$browser" ] || { echo "NEEDS CHROMIUM OR CHROME"; exit 2; }
cd "$work"
for package in @jupyter-widgets/html-manager@1.0.15 nouislider@15.8.1; do
    mkdir -p "$work/npm/${package%@*}"
    tarball=$(cd "$work" && npm pack --silent "$package") || { echo "COULD NOT INSTALL"; exit 2; }
    tar -xzf "$work/$tarball" -C "$work/npm/${package%@*}" --strip-components=1
done
"$venv/bin/python" - "$browser" 2>"$work/log" <<'END' ||
import http.server
import json
import pathlib
import sys
import threading

from ipywidgets import IntSlider, VBox, jsdlink
from ipywidgets.embed import embed_minimal_html
from playwright.sync_api import sync_playwright


def same(what, seen, before):
    print(f"{what}: {seen}")
    if seen != before:
        print(f"CHANGED: {what}: it was {before}, it is {seen}.")
        sys.exit(1)


class Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = {".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html"}

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"

licenses = pathlib.Path(
    sys.prefix, "share/jupyter/labextensions/@jupyter-widgets/jupyterlab-manager/static",
    "third-party-licenses.json",
)  # fmt: skip
packages = json.loads(licenses.read_text(encoding="utf-8"))["packages"]
shipped = [package["versionInfo"] for package in packages if package["name"] == "nouislider"]
same("noUiSlider in JupyterLab's extension", shipped[0], "15.4.0")

# The first slider's value is the second one's `max`: no kernel is needed to change it.
source, changed, fixed = IntSlider(3, 0, 9), IntSlider(1, 0, 3), IntSlider(1, 0, 7)
link = jsdlink((source, "value"), (changed, "max"))
manager = "npm/@jupyter-widgets/html-manager/dist/embed.js"
page_of = VBox([source, changed, fixed])
embed_minimal_html("widgets.html", views=[page_of], embed_url=manager, requirejs=False)
pathlib.Path("alone.html").write_text("""<!doctype html>
<link rel="stylesheet" href="npm/nouislider/dist/nouislider.css"><div id="it"></div>
<script src="npm/nouislider/dist/nouislider.js"></script>
<script>
  const it = document.getElementById("it");
  noUiSlider.create(it, {start: 1, step: 1, range: {min: 0, max: 3}});
  it.noUiSlider.updateOptions({range: {min: 0, max: 7}});
</script>""")

with sync_playwright() as playwright:
    options = ["--no-sandbox", "--disable-gpu"]
    chromium = playwright.chromium.launch(executable_path=sys.argv[1], args=options)
    page = chromium.new_page()

    def press(place, key, times=1):
        handle = page.locator(".noUi-handle").nth(place)
        handle.focus()
        for _ in range(times):
            page.keyboard.press(key)
        page.wait_for_timeout(300)
        now, end = (float(handle.get_attribute(f"aria-value{part}")) for part in ("now", "max"))
        return f"{now:g} of {end:g}"

    page.goto(f"{address}/widgets.html")
    page.wait_for_selector(".noUi-handle")
    same("made with max 3, End", press(1, "End"), "3 of 3")
    assert press(0, "ArrowRight", 4) == "7 of 9"
    same("max is now 7, End", press(1, "End"), "3 of 7")
    same("arrow to the right, eight times", press(1, "ArrowRight", 8), "7 of 7")
    same("End again", press(1, "End"), "3 of 7")
    same("made with max 7, End", press(2, "End"), "7 of 7")
    page.goto(f"{address}/alone.html")
    page.wait_for_selector(".noUi-handle")
    same("noUiSlider 15.8.1 alone, made with 3, now 7, End", press(0, "End"), "3 of 7")
    chromium.close()
END
    { sed '/0000/d' "$work/log" | tail -n 2; exit 1; }
