// A drawing pad: pointer or keys make ink, `drawn` carries it to the kernel while it is made.

const SIDE = 280; // pixels of the pad's own canvas
const CELLS = 56; // cells a side in what is sent: SIDE is a multiple of it
const PEN = 22; // about the width of MNIST's strokes in a digit that fills the pad
const STEP = 10; // how far an arrow key moves the pen: one pixel of the 28 x 28
const PAUSE = 70; // milliseconds between two messages while the pen moves
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LABEL =
  "Drawing pad. Draw a digit with the mouse, a pen or a finger. By keyboard: the arrow keys move " +
  "the pen, Space puts it down and lifts it, Delete clears the pad.";

function toHex(context) {
  const pixels = context.getImageData(0, 0, SIDE, SIDE).data;
  const size = SIDE / CELLS;
  let text = "";
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      let sum = 0;
      for (let y = 0; y < size; y++) {
        const start = 4 * ((row * size + y) * SIDE + column * size);
        for (let x = 0; x < size; x++) sum += pixels[start + 4 * x];
      }
      text += Math.round(sum / size ** 2).toString(16).padStart(2, "0");
    }
  }
  return text;
}

function fromHex(context, text) {
  const image = context.createImageData(CELLS, CELLS);
  for (let cell = 0; cell < CELLS ** 2; cell++) {
    const ink = parseInt(text.slice(2 * cell, 2 * cell + 2), 16);
    image.data.set([ink, ink, ink, 255], 4 * cell);
  }
  const small = document.createElement("canvas");
  small.width = small.height = CELLS;
  small.getContext("2d").putImageData(image, 0, 0);
  context.drawImage(small, 0, 0, SIDE, SIDE);
}

function element(kind, style, parent) {
  const made = document.createElement(kind);
  made.style.cssText = style;
  parent.appendChild(made);
  return made;
}

function render({ model, el }) {
  // Grey on either theme: the border tells the black pad from a dark page.
  const frame = element("div", `position:relative;width:${SIDE + 4}px`, el);
  const pad = element(
    "canvas",
    "display:block;border:2px solid #8a8a8a;border-radius:4px;background:#000;" +
      "cursor:crosshair;touch-action:none;outline-offset:2px",
    frame,
  );
  const pen = element(
    "div",
    `position:absolute;width:${PEN}px;height:${PEN}px;margin:${2 - PEN / 2}px;` +
      "border:2px solid #E69F00;border-radius:50%;box-sizing:border-box;pointer-events:none",
    frame,
  );
  const invitation = element(
    "div",
    `position:absolute;top:${SIDE / 2 - 8}px;width:100%;text-align:center;color:#b0b0b0;` +
      "font-size:14px;pointer-events:none",
    frame,
  );
  invitation.textContent = "Draw a digit here";
  const hint = element("div", "font-size:11px;margin-top:4px;white-space:nowrap", frame);
  hint.textContent = "Keys: arrows move, Space draws, Delete clears.";
  pad.width = pad.height = SIDE;
  pad.className = "drawing-pad";
  pad.tabIndex = 0;
  pad.setAttribute("role", "application");
  pad.setAttribute("aria-label", LABEL);
  // JupyterLab takes arrows and Space for itself unless it is told to let them pass.
  frame.dataset.lmSuppressShortcuts = "true";

  const context = pad.getContext("2d", { willReadFrequently: true });
  context.lineWidth = PEN;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = "#fff";

  let at = [SIDE / 2, SIDE / 2];
  let down = false; // the pen of mouse or finger
  let keyDown = false; // the pen of the keyboard
  let timer = null;
  let sent = ""; // what this view sent last: another view of the pad can draw, too

  function send() {
    clearTimeout(timer);
    timer = null;
    sent = toHex(context);
    model.set({ drawn: sent, shown: "" });
    model.save_changes();
  }
  function sendSoon() {
    if (timer === null) timer = setTimeout(send, PAUSE);
  }
  function show(text) {
    context.clearRect(0, 0, SIDE, SIDE);
    context.fillRect(0, 0, SIDE, SIDE);
    const empty = /^0*$/.test(text);
    if (!empty) fromHex(context, text);
    invitation.style.display = empty ? "block" : "none";
  }
  function draw(to) {
    invitation.style.display = "none";
    context.beginPath();
    context.moveTo(...at);
    context.lineTo(...to);
    context.stroke();
    at = to;
  }
  function place(event) {
    const box = pad.getBoundingClientRect();
    const scale = SIDE / pad.clientWidth;
    return [
      (event.clientX - box.left - pad.clientLeft) * scale,
      (event.clientY - box.top - pad.clientTop) * scale,
    ];
  }
  function showPen(visible) {
    pen.style.display = visible ? "block" : "none";
    pen.style.left = `${at[0]}px`;
    pen.style.top = `${at[1]}px`;
    pen.style.background = keyDown ? "#E69F00" : "transparent";
  }

  pad.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    pad.focus({ preventScroll: true });
    pad.setPointerCapture(event.pointerId);
    down = true;
    keyDown = false;
    at = place(event);
    draw(at);
    showPen(false);
    sendSoon();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!down) return;
    // A fast pointer makes more points than events: without them curves become corners.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) draw(place(each));
    sendSoon();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    pad.addEventListener(name, () => {
      if (down) send();
      down = false;
    });
  }
  pad.addEventListener("keydown", (event) => {
    const step = KEYS[event.key];
    if (step) {
      const to = at.map((value, axis) => Math.min(SIDE, Math.max(0, value + STEP * step[axis])));
      if (keyDown) {
        draw(to);
        sendSoon();
      }
      at = to;
    } else if (event.key === " ") {
      keyDown = !keyDown;
      if (keyDown) draw(at);
      send();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      keyDown = false;
      show("");
      send();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    showPen(true);
  });
  pad.addEventListener("blur", () => {
    keyDown = false;
    showPen(false);
  });

  function follow() {
    if (model.get("shown")) show(model.get("shown"));
  }
  function followOther() {
    const drawing = down || timer !== null;
    if (!drawing && model.get("drawn") !== sent) show(model.get("drawn"));
  }
  model.on("change:shown", follow);
  model.on("change:drawn", followOther);
  show(model.get("shown") || model.get("drawn"));
  showPen(false);
  return () => {
    clearTimeout(timer);
    model.off("change:shown", follow);
    model.off("change:drawn", followOther);
  };
}

export default { render };
