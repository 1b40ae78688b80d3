// Arrows move between tabs; Enter opens one, because opening one may ask a model.
() => {
  if (window.cdTabKeys) return;
  window.cdTabKeys = true;
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.("[role=tab]");
    const tabs = [...(tab?.closest("[role=tablist]")?.querySelectorAll("[role=tab]") ?? [])]
      .filter((one) => one.offsetParent && getComputedStyle(one).visibility !== "hidden");
    const here = tabs.indexOf(tab), last = tabs.length - 1;
    const next = {ArrowRight: here === last ? 0 : here + 1, ArrowLeft: here ? here - 1 : last,
                  Home: 0, End: last}[event.key];
    if (here < 0 || next === undefined) return;
    event.preventDefault();
    tabs[next].focus();
  });
}
