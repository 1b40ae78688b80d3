// The newest question stays at the top of the chat while its answer grows below it, and after (Gradio
// would show the end of the answer): until the reader scrolls or presses there, asks again, or it has
// been whole for a moment.
() => {
  const MARGIN = 8, SETTLED = 1500, KEYS = ["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown", " "];
  const chat = document.querySelector("#cg-chat");
  if (!chat || chat.cgNewest) return;
  chat.cgNewest = true;
  let before = "", busy = false, follows = false, settles;
  const leave = () => { follows = false; };
  const reveal = () => {  // scrolls the page, if the beginning of the chat is not in view
    const {top} = chat.getBoundingClientRect();
    if (top < 0 || top > 0.6 * innerHeight) scrollBy({top: top - MARGIN, behavior: "instant"});
  };
  const place = () => {
    const log = chat.querySelector("[role=log]"), rows = chat.querySelectorAll("[data-testid=user]");
    const row = rows[rows.length - 1], answers = log?.getAttribute("aria-busy") === "true";
    if (!row) return;
    const asked = `${rows.length} ${row.innerText}`, anew = asked !== before || (answers && !busy);
    [before, busy, follows] = [asked, answers, follows || anew];
    if (!follows) return;
    clearTimeout(settles);
    if (!answers) settles = setTimeout(leave, SETTLED);
    const away = row.getBoundingClientRect().top - log.getBoundingClientRect().top - MARGIN;
    if (Math.abs(away) > 1) log.scrollTo({top: log.scrollTop + away, behavior: "instant"});
    if (anew) reveal();
  };
  for (const kind of ["wheel", "touchmove", "pointerdown", "focusin"])
    chat.addEventListener(kind, leave, {passive: true, capture: true});
  chat.addEventListener("keydown", (event) => { if (KEYS.includes(event.key)) leave(); }, true);
  new MutationObserver(place).observe(chat, {childList: true, subtree: true, characterData: true,
    attributes: true, attributeFilter: ["aria-busy"]});
  place();
}
