#!/usr/bin/env bash
# Guess: what `export(format="litert")` of Keras writes runs in the browser with LiteRT.js.
#   Whoever wants a fixed batch of one writes `Input(..., batch_size=1)`.
# Seen: LiteRT.js loads the file and then refuses every input. The export leaves the batch size
#   free, which the file writes as -1, and LiteRT.js wants an input whose size is -1, too: no
#   array has it. `batch_size=1` does not help, since the export frees it again. In Python nothing
#   shows: there the same file runs. A fixed `input_signature` helps.
# Who meets it: whoever brings a network of Keras into a web page.
#
# Versions: Keras 3.15.1, TensorFlow 2.21.0, ai-edge-litert 2.3.0, @litertjs/core 2.5.3 (accelerator
# "wasm"), Playwright 1.65.2, Chromium 156, Python 3.11. Seen on 28 November 2026:
#   Input(...), shape in the file: -1 8 8 1
#   Input(...), Python: as Keras
#   Input(...), LiteRT.js: Float32[1, 8, 8, 1] does not match Float32[-1, 8, 8, 1]
#   Input(batch_size=1), shape in the file: -1 8 8 1
#   Input(batch_size=1), Python: as Keras
#   Input(batch_size=1), LiteRT.js: Float32[1, 8, 8, 1] does not match Float32[-1, 8, 8, 1]
#   input_signature of 1, shape in the file: 1 8 8 1
#   input_signature of 1, Python: as Keras
#   input_signature of 1, LiteRT.js: as Keras

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
venv=${FINDINGS_VENV:-$work/venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv" || exit 2
"$venv/bin/python" -m pip install -q --disable-pip-version-check \
    keras==3.15.1 tensorflow==2.21.0 numpy==2.4.6 ai-edge-litert==2.3.0 playwright==1.65.2 \
    2>"$work/pip" ||
    { cat "$work/pip"; echo "COULD NOT INSTALL"; exit 2; }
browser=${FINDINGS_BROWSER:-$(command -v chromium || command -v google-chrome || true)}
[ -n "$browser" ] || { echo "NEEDS CHROMIUM OR CHROME"; exit 2; }
export TF_CPP_MIN_LOG_LEVEL=3
cd "$work"
for package in @litertjs/core@2.5.3 @litertjs/wasm-utils@2.5.3; do
    mkdir -p "$work/npm/${package%@*}"
    tarball=$(cd "$work" && npm pack --silent "$package") || { echo "COULD NOT INSTALL"; exit 2; }
    tar -xzf "$work/$tarball" -C "$work/npm/${package%@*}" --strip-components=1
done
"$venv/bin/python" - "$browser" 2>"$work/log" <<'END' ||
import http.server
import pathlib
import re
import sys
import threading

import keras
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from keras import layers
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

pathlib.Path("page.html").write_text("""<!doctype html>
<script type="importmap">
  {"imports": {"@litertjs/wasm-utils": "./npm/@litertjs/wasm-utils/dist/index.js"}}
</script>
<script type="module">
  import * as litert from "./npm/@litertjs/core/dist/index.js";
  await litert.loadLiteRt("./npm/@litertjs/core/wasm/");
  window.ask = async (file, numbers, shape) => {
    const network = await litert.loadAndCompile(file, {accelerator: "wasm"});
    try {
      const given = new litert.Tensor(Float32Array.from(numbers), shape);
      return [...(await network.run(given))[0].toTypedArray()];
    } catch (error) {
      return String(error);
    }
  };
</script>""")
picture = np.linspace(0, 1, 64, dtype="float32").reshape(1, 8, 8, 1)


def network(batch_size):
    keras.utils.set_random_seed(0)
    given = keras.Input((8, 8, 1), batch_size=batch_size)
    return keras.Sequential([given, layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(3)])


def judge(answer, wanted):
    if isinstance(answer, str):
        return " does not match ".join(re.findall(r"Float32\[[^]]+\]", answer)) or answer
    return "as Keras" if np.allclose(answer, wanted, atol=1e-5) else str(answer)


def in_python(file):
    interpreter = Interpreter(file)
    interpreter.allocate_tensors()
    given = interpreter.get_input_details()[0]
    interpreter.set_tensor(given["index"], picture)
    interpreter.invoke()
    answer = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    return " ".join(map(str, given["shape_signature"])), answer[0]


signature = {"input_signature": [keras.InputSpec(shape=(1, 8, 8, 1), dtype="float32")]}
refused = "Float32[1, 8, 8, 1] does not match Float32[-1, 8, 8, 1]"
cases = [
    ("Input(...)", None, {}, "-1 8 8 1", refused),
    ("Input(batch_size=1)", 1, {}, "-1 8 8 1", refused),
    ("input_signature of 1", None, signature, "1 8 8 1", "as Keras"),
]
with sync_playwright() as playwright:
    options = ["--no-sandbox", "--disable-gpu"]
    chromium = playwright.chromium.launch(executable_path=sys.argv[1], args=options)
    page = chromium.new_page()
    page.goto(f"{address}/page.html")
    page.wait_for_function("() => window.ask !== undefined", timeout=60_000)
    for name, batch_size, extra, shape, in_browser in cases:
        made = network(batch_size)
        made.export("some.tflite", format="litert", verbose=False, **extra)
        wanted = made.predict(picture, verbose=0)[0]
        shape_seen, answer = in_python("some.tflite")
        same(f"{name}, shape in the file", shape_seen, shape)
        same(f"{name}, Python", judge(answer, wanted), "as Keras")
        asked = ["some.tflite", picture.ravel().tolist(), list(picture.shape)]
        answer = page.evaluate("asked => window.ask(...asked)", asked)
        same(f"{name}, LiteRT.js", judge(answer, wanted), in_browser)
    chromium.close()
END
    { sed '/0000/d' "$work/log" | tail -n 2; exit 1; }
