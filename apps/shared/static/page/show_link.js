// Takes a query, shows it in the address bar without loading anything, returns the full link.
(query) => {
  if (!query) return location.href;
  const wanted = new URLSearchParams(query);
  for (const [name, value] of new URLSearchParams(location.search)) {
    if ((name.startsWith("__") || name === "view") && !wanted.has(name)) wanted.set(name, value);
  }
  const search = "?" + wanted.toString();
  history.replaceState(history.state, "", location.pathname + search + location.hash);
  // On a hosted Space the page is a frame; its host shows the query when it is told.
  if (window.parent !== window) {
    window.parent.postMessage({queryString: wanted.toString()}, "https://huggingface.co");
  }
  return location.href;
}
