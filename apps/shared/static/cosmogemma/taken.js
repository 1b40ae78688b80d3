// The question stands in the chat, so it leaves its box, unless another one is typed there by now.
(taken, typed) => {
  window.cgPress?.taken();
  return taken.slice(taken.indexOf(" ") + 1) === typed ? "" : typed;
}
