// Back and Forward between tabs: the address of a step says all of it, so it is opened anew.
() => {
  if (window.cdHistory) return;
  window.cdHistory = true;
  window.addEventListener("popstate", () => {
    if (location.search !== window.cdShown) location.reload();  // else it is a place on the page
  });
}
