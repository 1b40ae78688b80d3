// The list's query in the order that is chosen, as soon as it is drawn; a paper that is open stays in
// it. Another search, day or set of categories is a step to go back from.
async (query, sort) => {
  await new Promise((done) => setTimeout(done));  // until the page shows which tab was opened
  const open = document.querySelector("#sk-tabs [role=tab][aria-selected=true]");
  if (!query || open?.textContent.trim() !== "Today") return "";
  const before = new URLSearchParams(location.search), wanted = new URLSearchParams(query);
  if (sort) wanted.set("sort", sort);
  const panel = document.querySelector("#sk-panel")?.getClientRects().length;
  const id = window.sk?.paper === undefined ? before.get("paper") : panel && window.sk.paper;
  window.cdStep = before.get("tab") === wanted.get("tab") && ["q", "day", "categories"].some(
    (name) => (before.get(name) || "") !== (wanted.get(name) || ""));
  if (id) wanted.set("paper", id);
  return wanted.toString();
}
