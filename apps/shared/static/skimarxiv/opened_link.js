// Focus what was asked for, as "verb id", and keep it in view while the panel grows; the link names
// the paper that is open.
(opened) => {
  const at = {note: "#sk-note-box textarea", ask: "#sk-question textarea", read: "#sk-close"};
  const [verb, id] = (opened || "").split(" ");
  if (!verb) return location.href;
  let busy = false;  // the reader does something else already
  for (const type of ["keydown", "pointerdown", "wheel", "touchstart"]) {
    window.addEventListener(type, () => { busy = true; }, {once: true, capture: true});
  }
  const show = (times) => {
    const field = document.querySelector(at[verb]);
    if (busy) return;
    if (field && document.activeElement !== field) field.focus({preventScroll: true});
    if (verb !== "read") field?.scrollIntoView({block: innerWidth > 900 ? "nearest" : "center"});
    if (times) setTimeout(() => show(times - 1), 150);
  };
  setTimeout(() => { window.sk.draft(id); show(verb === "read" ? 0 : 8); }, 80);
  return window.sk.name(id);
}
