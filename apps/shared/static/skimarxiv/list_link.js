// The list's query, as soon as it is drawn; a paper that is open stays in it.
(query) => {
  const open = document.querySelector("#sk-tabs [role=tab][aria-selected=true]");
  if (!query || open?.textContent.trim() !== "Today") return "";
  const id = window.sk?.paper ?? new URLSearchParams(location.search).get("paper");
  return id ? query + "&paper=" + encodeURIComponent(id) : query;
}
