// Seconds until the next try, counted down where they stand; at their end it is tried again.
() => {
  if (window.skNextTry) return;
  let line = null, end = 0;
  window.skNextTry = setInterval(() => {
    const tried = document.querySelector("#sk-next-try time:not(.sk-local)");
    if (tried) {  // in the browser's own time of day
      tried.classList.add("sk-local");
      const at = new Date(tried.getAttribute("datetime"));
      if (!isNaN(at)) tried.textContent = at.toTimeString().slice(0, 5);
    }
    const now = document.querySelector("#sk-next-try .sk-next");
    if (!now) { line = null; return; }
    if (now !== line) { line = now; end = Date.now() + 1000 * Number(now.dataset.seconds); }
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    const words = left < 90 ? left + " s" : Math.round(left / 60) + " min";
    const shown = line.querySelector("span");
    if (shown && shown.textContent !== words) shown.textContent = words;
    if (left === 0 && !document.hidden) {
      end = Date.now() + 60000;
      document.querySelector("#sk-next-try-now")?.click();
    }
  }, 500);
}
