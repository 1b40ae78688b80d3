// The same as show_link.js for the tab TAB as it is opened: until it was drawn, its link is that of
// the tab that leads, with another tab open. What the page was opened with stays until it is read.
(own, leading) => {
  const show = SHOW_LINK;
  if (own) return show(own);
  if (window.cdShown === undefined) return location.href;
  const first = new URLSearchParams(leading);
  first.set("tab", "TAB");
  return show(first.toString());
}
