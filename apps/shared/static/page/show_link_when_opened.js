// The same as show_link.js for the tab TAB as it is opened: until it was drawn, its link is that of
// the tab that leads, with another tab open.
(own, leading) => {
  const show = SHOW_LINK;
  const first = new URLSearchParams(leading);
  first.set("tab", "TAB");
  return show(own || first.toString());
}
