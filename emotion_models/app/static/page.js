"use strict";
/* The page's own script: what the browser must do itself. Numbers and words come from the server. */
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const announce = (() => {
    let timer;
    return (words, wait = 0) => {
      clearTimeout(timer);
      timer = setTimeout(() => { $("#say").textContent = words; }, wait);
    };
  })();

  /* Light or dark: as the system says, until somebody chooses. */
  const theme = (chosen) => {
    if (chosen) document.documentElement.dataset.theme = chosen;
    else delete document.documentElement.dataset.theme;
  };
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  theme(stored());

  /* Sliders: the words beside them follow at once; the figure follows from the server. */
  const shown = (value) => String(Number(value)).replace("-", "\u2212");
  const describe = (range) => {
    const dial = range.closest(".dial"), output = dial && $("output", dial);
    if (!output) return;
    const pin = $("input[type=checkbox]", dial), value = Number(range.value);
    let words;
    if (output.dataset.signed) words = value === 0 ? "as today" : (value > 0 ? "+" : "") + shown(value);
    else if (pin && !pin.checked) words = output.dataset.today;
    else words = `${shown(value)} ${output.dataset.unit || ""}`.trim();
    output.textContent = words;
    range.setAttribute("aria-valuetext", words);
    dial.classList.toggle("on", pin ? pin.checked : !range.dataset.plain && value !== 0);
  };
  document.addEventListener("input", (event) => {
    const input = event.target, moved = $("#moved");
    if (input.type === "range") {
      const pin = $("input[type=checkbox]", input.closest(".dial"));
      if (pin) pin.checked = true;
      describe(input);
    } else if (input.type === "checkbox" && input.closest(".pin")) {
      describe($("input[type=range]", input.closest(".dial")));
    }
    if (moved && input.name) moved.value = input.type === "range" ? input.name : "";
  }, true);

  /* Stations: dragged or moved by keys; the order of the list is the order of the form. */
  const stations = () => $$("#stations > .station");
  const reordered = (item, words) => {
    $("#moved").value = "";
    if (words) announce(words);
    htmx.trigger($("#sketch"), "reordered");
  };
  const place = (item) => {
    const all = stations();
    return `${item.dataset.label} is now station ${all.indexOf(item) + 1} of ${all.length}.`;
  };
  const nudge = (item, by, focus) => {
    const all = stations(), to = all.indexOf(item) + by;
    if (to < 0 || to >= all.length) {
      announce(`${item.dataset.label} is already ${by < 0 ? "first" : "last"}.`);
      return;
    }
    if (by < 0) all[to].before(item); else all[to].after(item);
    focus.focus();
    reordered(item, place(item));
  };
  const sortable = () => {
    const list = $("#stations");
    if (!list || !window.Sortable || list.dataset.sortable) return;
    list.dataset.sortable = "yes";
    Sortable.create(list, {
      handle: ".grip", animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
      ghostClass: "ghost", onEnd: (event) => {
        if (event.oldIndex !== event.newIndex) reordered(event.item, place(event.item));
      },
    });
  };

  /* What is open stays open when the board is drawn anew. */
  let open = null;
  const remember = () => {
    open = new Set($$("#board [aria-expanded=true]").map((one) => one.getAttribute("aria-controls")));
    $$("#board details[open]").forEach((one) => open.add(one.id));
  };
  const expand = (title, wanted) => {
    title.setAttribute("aria-expanded", wanted);
    $(`#${title.getAttribute("aria-controls")}`).hidden = !wanted;
  };
  const reopen = () => {
    if (!open) return;
    $$("#board .title").forEach((title) => expand(title, open.has(title.getAttribute("aria-controls"))));
    $$("#board details[id]").forEach((one) => { if (open.has(one.id)) one.open = true; });
    open = null;
  };

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const title = at(".title"), step = at(".nudge"), drop = at(".drop");
    if (at("[aria-disabled=true]")) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if (title) expand(title, title.getAttribute("aria-expanded") !== "true");
    if (step) nudge(step.closest(".station"), Number(step.dataset.by), step);
    if (drop) {
      const item = drop.closest(".station"), next = item.previousElementSibling || item.nextElementSibling;
      announce(`${item.dataset.label} is removed.`);
      item.remove();
      if (next) $(".title", next).focus();
      reordered(item, "");
    }
    if (at("#print")) window.print();
    if (at("#theme")) {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      const now = document.documentElement.dataset.theme || (dark ? "dark" : "light");
      const other = now === "dark" ? "light" : "dark";
      theme(other);
      try { localStorage.setItem("theme", other); } catch { /* private window: not kept */ }
    }
    $$("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  }, true);

  document.addEventListener("keydown", (event) => {
    const grip = event.target.closest?.(".grip, .title, .nudge");
    if (grip && event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      nudge(grip.closest(".station"), event.key === "ArrowUp" ? -1 : 1, grip);
    }
    if (event.key === "Escape") {
      const menu = event.target.closest?.("details.menu[open]");
      if (menu) { menu.open = false; $("summary", menu).focus(); }
    }
    const writes = event.target.matches?.("input[type=text], textarea");
    if ((event.ctrlKey || event.metaKey) && !writes && event.key.toLowerCase() === "z") {
      event.preventDefault();
      $(event.shiftKey ? "#redo" : "#undo")?.click();
    }
  });

  /* A file is read here and sent as text of a form. */
  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (input.type !== "file" || !input.files.length) return;
    const file = input.files[0], form = input.form;
    form.elements.text.value = file.size > 65536 ? "" : await file.text();
    form.elements.name.value = file.name.slice(0, 80);
    if (file.size > 65536) say("That file is larger than 64 kB: it is no scenario.");
  });

  /* The picture is drawn for the width it has. */
  const measure = () => {
    const figure = $("#figure"), width = $("#width");
    if (!figure || !width) return false;
    const room = String(Math.max(260, Math.floor(figure.clientWidth)));
    if (Math.abs(Number(room) - Number(width.value)) < 12) return false;
    width.value = room;
    return true;
  };
  const resized = () => { if (measure()) htmx.trigger($("#sketch"), "resized"); };
  let waiting;
  addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(resized, 150); });

  /* When the server is gone: say so, keep what is there, and go on when it is back. */
  const say = (words) => {
    const notice = $("#notice");
    notice.textContent = words;
  };
  let away = false;
  const knock = async () => {
    try {
      const reply = await fetch("/status", { cache: "no-store" });
      if (!reply.headers.has("HX-Redirect")) throw new Error("not yet");
      away = false;
      say("");
      if ($("#sketch")) htmx.trigger($("#sketch"), "resized");
    } catch { setTimeout(knock, 1500); }
  };
  document.addEventListener("htmx:responseError", (event) => {
    if (away || event.detail.xhr.status !== 503) return;
    away = true;
    setTimeout(knock, 700);
  });
  document.addEventListener("htmx:sendError", () => {
    if (away) return;
    away = true;
    say("The page's server does not answer. All up to your last change is on disk; when the server is back on this address, this page goes on by itself.");
    setTimeout(knock, 1500);
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "board") remember();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "board") { reopen(); arrange(); }
  });
  document.addEventListener("htmx:afterSettle", () => {
    const short = $("#short");
    if (short && short.textContent !== announced) { announced = short.textContent; announce(announced, 700); }
  });
  let announced = $("#short")?.textContent;

  const arrange = () => { sortable(); $$("#sketch input[type=range]").forEach(describe); };
  arrange();
  resized();
  $("#board")?.setAttribute("data-ready", "yes");
})();
