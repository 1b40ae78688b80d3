// Names for what Gradio leaves without one: groups of choices, what a button resets, the row of tabs,
// the box of the link. Its logo is no picture of ours.
() => {
  if (window.cdNames) return;
  window.cdNames = true;
  const title = (part) => part.closest(".block")?.querySelector("[data-testid=block-info]")
    ?.textContent.trim();
  const name = (part, words) => {
    if (words && part.getAttribute("aria-label") !== words) part.setAttribute("aria-label", words);
  };
  const look = () => {
    waiting = false;
    document.querySelectorAll("fieldset:has(input[type=radio])").forEach((group) => {
      if (!title(group)) return;
      group.setAttribute("role", "radiogroup");
      name(group, title(group));
    });
    document.querySelectorAll("button[aria-label='Reset to default value']").forEach((button) => {
      if (title(button)) name(button, `Reset ${title(button)} to its default value`);
    });
    document.querySelectorAll("[role=tablist]:not([aria-label])").forEach(
      (tabs) => name(tabs, "Pages of this app"));
    document.querySelectorAll("[id$='-link'] :is(input, textarea)").forEach(
      (box) => name(box, "Link to the current view"));
    document.querySelectorAll("footer img[alt='logo']").forEach((logo) => { logo.alt = ""; });
  };
  let waiting = false;
  new MutationObserver(() => {
    if (!waiting) { waiting = true; setTimeout(look, 80); }
  }).observe(document.body, {subtree: true, childList: true});
  look();
}
