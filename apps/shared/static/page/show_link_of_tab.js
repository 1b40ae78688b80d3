// The same as show_link.js, only while the address has the tab TAB open.
(query) => {
  const open = new URLSearchParams(location.search).get("tab") || "TAB";
  const show = SHOW_LINK;
  return open === "TAB" ? show(query) : location.href;
}
