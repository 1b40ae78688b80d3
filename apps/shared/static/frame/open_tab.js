// The tab that the address names, at once: a press that comes before the server's answer is kept.
() => {
  const named = new URLSearchParams(location.search).get("tab");
  return {__type__: "update", selected: TABS.includes(named) ? named : "FIRST"};
}
