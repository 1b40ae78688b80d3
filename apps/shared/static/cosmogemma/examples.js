// Gradio calls its examples a list, which must not hold buttons; screen readers then skip them.
() => {
  const mend = () => document.querySelectorAll("#cg-chat .examples[role=list]").forEach(
    (list) => { list.setAttribute("role", "group"); list.setAttribute("aria-label", "Examples"); });
  const chat = document.querySelector("#cg-chat");
  if (chat) new MutationObserver(mend).observe(chat, {childList: true, subtree: true});
  mend();
}
