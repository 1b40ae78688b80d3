// Formulas in words for who listens, and within their line for who looks; no TeX in labels.
() => {
  if (window.cdSpoken) return;
  window.cdSpoken = true;
  const SIGNS = {"=": "equals", "<": "less than", ">": "greater than", "≤": "at most",
    "⩽": "at most", "≥": "at least", "⩾": "at least", "≲": "at most about", "≳": "at least about",
    "≪": "much less than", "≫": "much greater than", "∼": "about", "~": "about",
    "≈": "approximately", "≃": "approximately", "≅": "approximately", "≡": "is defined as",
    "≠": "is not", "∝": "proportional to", "±": "plus or minus", "∓": "minus or plus",
    "−": "minus", "-": "minus", "+": "plus", "×": "times", "⋅": "times", "·": "times",
    "/": "over", "∈": "in", "→": "to", "⊙": "sun", "∘": "degrees", "°": "degrees",
    "′": "prime", "∗": "star", "*": "star", "∞": "infinity", "∂": "partial", "∇": "nabla",
    "∑": "sum", "∫": "integral", "∏": "product", "∥": "parallel", "⊥": "perpendicular",
    "⟨": "mean of", "⟩": "", "ℓ": "l", "ℏ": "h bar", "†": "dagger", "√": "root of"};
  const GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron "
    + "pi rho sigma sigma tau upsilon phi chi psi omega";
  const LOW = GREEK.split(" ");
  const MORE = {"ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta", "ϱ": "rho", "ϖ": "pi", "ς": "sigma"};
  const ACCENTS = {"ˉ": "bar", "¯": "bar", "‾": "bar", "^": "hat", "~": "tilde", "˙": "dot",
    "¨": "double dot", "⃗": "vector", "→": "vector", "_": "underlined"};
  const letter = (sign) => {
    const small = LOW[sign.charCodeAt(0) - 0x3b1], capital = LOW[sign.charCodeAt(0) - 0x391];
    return MORE[sign] ?? small ?? (capital && capital[0].toUpperCase() + capital.slice(1)) ?? sign;
  };
  const parts = (node) => [...node.children].map(words);
  const raised = (power) => ({"2": "squared", "3": "cubed", "prime": "prime", "star": "star",
    "degrees": "degrees", "dagger": "dagger"})[power] ?? `to the power ${power}`;
  const words = (node) => {
    const [a, b, c] = ["msub", "msup", "msubsup", "mfrac", "mover", "munder", "munderover", "mroot"]
      .includes(node.localName) ? parts(node) : [];
    const text = () => node.textContent.replace(/[\u2061-\u2064\u200b]/g, "").trim();
    switch (node.localName) {
      case "annotation": case "mspace": case "mphantom": return "";
      case "mi": case "mtext": return [...text()].length > 1
        ? text().replace(/[\u0391-\u03c9]/g, (sign) => ` ${letter(sign)} `) : letter(text());
      case "mo": return SIGNS[text()] ?? letter(text());
      case "msub": case "munder": return `${a} ${b}`;
      case "msup": return `${a} ${raised(b)}`;
      case "msubsup": case "munderover": return `${a} ${b} ${raised(c)}`;
      case "mover": return `${a} ${ACCENTS[node.children[1].textContent] ?? b}`;
      case "mfrac": return `${a} over ${b}`;
      case "msqrt": return `square root of ${parts(node).join(" ")}`;
      case "mroot": return `${b} root of ${a}`;
      default: return node.children.length ? parts(node).join(" ") : text();
    }
  };
  const spoken = (math) => words(math).replace(/\s+/g, " ").replace(/ ([,.;:!?)\]])/g, "$1")
    .replace(/([(\[]) /g, "$1").trim();
  const bounded = (formula) => {  // what is larger than a line of mathematics scrolls by itself
    const box = formula.getBoundingClientRect(), room = formula.parentElement.clientWidth;
    if (!box.height) return;  // it is folded away, and looked at again when it is not
    formula.dataset.cdSeen = "";
    if (box.height > 220 || (room > 0 && box.width > room + 1 && !formula.closest(".cd-tall"))) {
      formula.classList.add("cd-tall");
      formula.tabIndex = 0;
    }
  };
  const formula = (one) => {
    const math = one.querySelector("math");
    if (math && !math.hasAttribute("aria-label")) math.setAttribute("aria-label", spoken(math));
    bounded(one);
  };
  const SPEAKER = {user: "Your question", bot: "Answer"};
  const speaker = (message) => {  // Gradio's label repeats the first words of the message, in TeX
    const who = SPEAKER[message.dataset.testid];
    if (who && message.getAttribute("aria-label") !== who) {
      message.setAttribute("role", "group");
      message.setAttribute("aria-label", who);
    }
  };
  const look = () => {
    waiting = false;
    document.querySelectorAll(".katex:not([data-cd-seen])").forEach(formula);
    document.querySelectorAll(".katex-error").forEach((one) => {
      one.removeAttribute("title");
      one.classList.add("cd-source");
    });
    document.querySelectorAll("[data-testid][aria-label*=\"'s message\"]").forEach(speaker);
  };
  let waiting = false;
  const soon = () => {
    if (!waiting) { waiting = true; setTimeout(look, 60); }
  };
  new MutationObserver(soon).observe(document.body, {subtree: true, childList: true,
    attributes: true, attributeFilter: ["aria-label"]});
  look();
}
