// Copying, jumping to a clause, and opening the clause that the address names. Set up once for a page;
// the script runs again for each new place and then only opens its clause.
(function () {
  "use strict";
  const marker = document.querySelector("[data-token]");
  if (marker) document.documentElement.lang = marker.dataset.language;

  function clauseBlock(id) {
    return Array.from(document.querySelectorAll("[data-clause]")).find((each) => each.dataset.clause === id);
  }

  function scrollToBlock(block, smooth) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    block.scrollIntoView({ block: "start", behavior: smooth && !calm ? "smooth" : "auto" });
  }

  function unfold(link) {
    for (let up = link.closest(".kb-branch"); up; up = up.parentElement.closest(".kb-branch")) up.open = true;
  }

  // Scrolls the outline alone: scrollIntoView would move the page as well.
  function showInOutline(link) {
    unfold(link);
    const outline = link.closest(".kb-outline");
    if (!outline) return;
    const place = link.getBoundingClientRect().top - outline.getBoundingClientRect().top;
    if (place < 0 || place > outline.clientHeight - 60) outline.scrollTop += place - outline.clientHeight / 3;
  }

  function openClause(id, smooth) {
    const block = clauseBlock(id);
    if (!block) return false;
    document.querySelectorAll(".kb-clause.kb-open").forEach((each) => each.classList.remove("kb-open"));
    block.classList.add("kb-open");
    document.querySelectorAll(".kb-tree a[data-go]").forEach((link) => {
      const here = link.dataset.go === id;
      if (here) {
        link.setAttribute("aria-current", "location");
        showInOutline(link);
      } else link.removeAttribute("aria-current");
    });
    scrollToBlock(block, smooth);
    return true;
  }

  function openFromAddress() {
    const id = new URLSearchParams(window.location.search).get("clause");
    if (!id) return true;
    if (!openClause(id, false)) return false;
    stayAt(id);
    return true;
  }

  // While the page still takes shape, what stands above the clause moves it: hold it until the reader scrolls.
  function stayAt(id) {
    const reader = new AbortController();
    const letGo = () => reader.abort();
    ["wheel", "touchstart", "keydown", "pointerdown"].forEach((kind) => {
      window.addEventListener(kind, letGo, { signal: reader.signal, passive: true });
    });
    const hold = () => {
      const block = reader.signal.aborted ? null : clauseBlock(id);
      if (block) scrollToBlock(block, false);
    };
    [50, 150, 300, 600, 1000, 1500].forEach((delay) => window.setTimeout(hold, delay));
    window.setTimeout(letGo, 1600);
  }

  // The text may arrive after the script: try again until it stands, for a few seconds at most.
  function openWhenReady(tries) {
    if (!openFromAddress() && tries > 0) window.setTimeout(() => openWhenReady(tries - 1), 60);
  }
  openWhenReady(60);

  // An intranet address without https has no clipboard of its own; the older way works there.
  function copyTheOldWay(text) {
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.style.cssText = "position:fixed;top:0;left:0;opacity:0";
    document.body.appendChild(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied) throw new Error("copy refused");
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch (_) {
      copyTheOldWay(text);
    }
  }

  async function copyFrom(button, text) {
    const label = button.dataset.label || button.textContent;
    button.dataset.label = label;
    let copied = true;
    try {
      await copy(text);
    } catch (_) {
      copied = false;
    }
    button.textContent = copied ? button.dataset.done : button.dataset.failed;
    button.classList.toggle("kb-done", copied);
    button.setAttribute("aria-live", "polite");
    window.setTimeout(() => {
      button.textContent = label;
      button.classList.remove("kb-done");
    }, 1800);
    button.focus();
  }

  function plainClick(event) {
    return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  }

  // Enter asks, Shift+Enter begins a new line; while Chinese is being composed, Enter belongs to the input method.
  function onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.isComposing || event.keyCode === 229) return;
    if (!(event.target instanceof Element) || !event.target.matches('[data-testid="stTextArea"] textarea')) return;
    event.preventDefault();
    event.stopPropagation();
    const asked = { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true, cancelable: true };
    event.target.dispatchEvent(new KeyboardEvent("keydown", asked));
  }

  function onClick(event) {
    if (!(event.target instanceof Element) || !plainClick(event)) return;
    const copier = event.target.closest("[data-copy]");
    const linker = event.target.closest("[data-copy-link]");
    const goer = event.target.closest("[data-go]");
    const jumper = event.target.closest("[data-jump]");
    if (copier) copyFrom(copier, decodeURIComponent(copier.dataset.copy));
    else if (linker) {
      event.preventDefault();
      copyFrom(linker, linker.href);
    } else if (goer && openClause(goer.dataset.go, true)) {
      event.preventDefault();
      const folded = goer.closest(".kb-outline-folded");
      if (folded) {
        folded.open = false;
        openClause(goer.dataset.go, false);
      }
      window.history.pushState({}, "", goer.href);
    } else if (jumper) {
      const block = clauseBlock(jumper.dataset.jump);
      if (block) scrollToBlock(block, true);
    }
  }

  if (!window.policyClausesReady) {
    window.policyClausesReady = true;
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onKey, true);
    window.addEventListener("popstate", () => openWhenReady(20));
  }
})();
