// Presses at the box of the question. A second press within a moment is none: not a Stop where Ask
// stood, not an empty question. What was asked and not answered when the page is loaded again, as
// after a restart of the server, is back in the box.
(typed) => {
  const SOON = 1000, AFTER_ENTER = 200, SLOW = 10000, KEPT = "cg-unanswered";
  const box = () => document.querySelector("#cg-ask-box textarea");
  const stops = () => document.querySelector("#cg-ask-box .stop-button");
  if (!window.cgPress) {
    let at = -Infinity, asked = "", pressed = null, byPointer = false, waits = false;
    window.cgPress = {
      taken: () => { waits = false; },
      words: (typed) => { const words = pressed ?? typed; pressed = null; return words; },
    };
    const refused = (pointer) => {
      const now = performance.now(), since = now - at, words = box().value;
      if (!words && (!pointer || since < SOON)) return true;
      if (!words.trim() && stops()) return true;
      if (words === asked && (since < SOON || (waits && since < SLOW))) return true;
      [at, asked, pressed, byPointer, waits] = [now, words, words, pointer, true];
      return false;
    };
    const refuse = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target !== box())
        return;
      if (event.repeat || refused(false)) refuse(event);
    }, true);
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("#cg-ask-box button");
      if (!button) return;
      const early = performance.now() - at < (byPointer ? SOON : AFTER_ENTER);
      if (button.matches(".stop-button") ? early : refused(true)) refuse(event);
    }, true);
    window.addEventListener("pagehide", () => {
      const open = waits || stops() ? asked : "";
      const kept = box()?.value || open;
      if (kept) sessionStorage.setItem(KEPT, kept);
    });
    // Gradio's label holds the button too, and its log is spoken word by word.
    const mend = () => {
      const text = box(), log = document.querySelector("#cg-chat [role=log]");
      if (text?.getAttribute("aria-label") !== "Your question")
        text?.setAttribute("aria-label", "Your question");
      const busy = String(!!stops());
      if (log && log.getAttribute("aria-busy") !== busy) log.setAttribute("aria-busy", busy);
    };
    new MutationObserver(mend).observe(document.body, {childList: true, subtree: true});
    mend();
  }
  const kept = sessionStorage.getItem(KEPT) ?? "";
  sessionStorage.removeItem(KEPT);
  const again = performance.getEntriesByType("navigation")[0]?.type === "reload";
  return typed || (again ? kept : "");
}
