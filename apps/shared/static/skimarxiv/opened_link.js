// Focus what was asked for, as "verb id"; the link names the paper that is open.
(opened) => {
  const at = {note: "#sk-note-box textarea", ask: "#sk-question textarea", read: "#sk-close"};
  const [verb, id] = (opened || "").split(" ");
  if (!verb) return location.href;
  setTimeout(() => document.querySelector(at[verb])?.focus({preventScroll: verb === "read"}), 80);
  return window.sk.name(id);
}
