// Takes a query, shows it in the address bar without loading anything, returns the full link. Another
// tab, and what an app says is one (window.cdStep), is a step of its own in the browser's history
// (static/frame/history.js goes back to it); what a tab that is not open any more has drawn late is
// not shown.
async (query) => {
  if (!query) return location.href;
  await new Promise((done) => setTimeout(done));  // until the page shows which tab was opened
  const wanted = new URLSearchParams(query), before = new URLSearchParams(location.search);
  const open = document.querySelector("[role=tab][aria-selected=true]")?.dataset.tabId;
  if (open && wanted.has("tab") && wanted.get("tab") !== open) return location.href;
  for (const [name, value] of before) {
    if ((name.startsWith("__") || name === "view") && !wanted.has(name)) wanted.set(name, value);
  }
  const address = location.pathname + "?" + wanted.toString() + location.hash;
  const step = window.cdShown !== undefined &&
    (before.get("tab") !== wanted.get("tab") || window.cdStep);
  window.cdStep = false;
  history[step ? "pushState" : "replaceState"](history.state, "", address);
  window.cdShown = location.search;
  // On a hosted Space the page is a frame; its host shows the query when it is told.
  if (window.parent !== window) {
    window.parent.postMessage({queryString: wanted.toString()}, "https://huggingface.co");
  }
  return location.href;
}
