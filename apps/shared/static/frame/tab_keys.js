// Arrows move between tabs; Enter opens one, because opening one may ask a model. An open list of
// options is no stop of Tab: the browser would focus it because it scrolls, and lose the place as
// it closes.
() => {
  if (window.cdTabKeys) return;
  window.cdTabKeys = true;
  new MutationObserver(() => {
    document.querySelectorAll(".options, .options [role=listbox]").forEach((list) => {
      if (list.tabIndex !== -1 || !list.hasAttribute("tabindex")) list.tabIndex = -1;
    });
  }).observe(document.body, {childList: true, subtree: true});
  document.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && event.target.getAttribute?.("aria-expanded") === "true"
        && event.target.matches("[role=combobox]")) {
      const closes = new KeyboardEvent("keydown", {key: "Escape", code: "Escape", bubbles: true});
      event.target.dispatchEvent(closes);
    }
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
