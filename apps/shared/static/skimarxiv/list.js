// Once a page: listeners for everything inside the list.
//
// A card says what it is by its classes alone (Gradio's Markdown keeps no data attributes), and
// nothing of a paper but its id ever reaches the script. What a press means goes to the server as a
// numbered action that sets, never toggles, so that doing it twice does no harm.
() => {
  if (window.sk) return;
  const sk = window.sk = {log: [], serial: 0, order: null, opening: "",
                           pressed: new Map(), held: "", stamp: "", all: false, judged: null};
  const named = (element, start) => {
    const found = [...element.classList].find(c => c.startsWith(start));
    return found ? found.slice(start.length) : "";
  };
  const press = id => document.getElementById(id)?.click();
  const cardOf = id => document.getElementsByClassName("sk-id-" + id);
  const set = (button, on) => {
    button.classList.toggle("sk-on", on);
    button.setAttribute("aria-pressed", String(on));
  };
  const sure = (card, verb, on) => card.querySelectorAll(".sk-do-" + verb).forEach(b => set(b, on));

  sk.act = (verb, on, id, extra) => {
    sk.pressed.set([id, verb, extra].join(" "), [id, verb, extra, on]);
    if (on && verb === "like") sk.pressed.delete([id, "dislike", ""].join(" "));
    if (on && verb === "dislike") sk.pressed.delete([id, "like", ""].join(" "));
    sk.serial += 1;
    sk.log.push([sk.serial, verb, on ? 1 : 0, id, extra]);
    press("sk-act");
  };
  sk.open = (verb, id) => { sk.opening = verb + ":" + id; press("sk-open"); };
  sk.name = id => {  // the paper that is open, in the address; each is a step to go back from
    sk.paper = id || "";
    const at = new URL(location.href);
    if ((at.searchParams.get("paper") || "") === sk.paper) return location.href;
    if (id) at.searchParams.set("paper", id); else at.searchParams.delete("paper");
    history.pushState(history.state, "", at);
    window.cdShown = location.search;
    return location.href;
  };

  const noteBox = () => document.querySelector("#sk-note-box textarea");
  const draftOf = id => "cosmodesk-note-" + id;  // in this tab until it is kept
  sk.draft = id => {  // the words that were typed and not kept, when their paper is open again
    const box = noteBox(), typed = id && sessionStorage.getItem(draftOf(id));
    if (box && typed && typed !== box.value) {
      box.value = typed;
      box.dispatchEvent(new Event("input", {bubbles: true}));
    }
    document.querySelector("#sk-keep")?.classList.toggle("sk-unkept", Boolean(typed));
  };
  document.addEventListener("input", event => {
    if (!sk.paper || event.target !== noteBox()) return;
    sessionStorage.setItem(draftOf(sk.paper), event.target.value);
    document.querySelector("#sk-keep")?.classList.add("sk-unkept");
  });
  const keptNote = () => {  // the server said that the note is kept
    if (!sk.keeping || !document.querySelector("#sk-panel-note .cd-information")) return;
    sessionStorage.removeItem(draftOf(sk.keeping));
    sk.keeping = "";
    document.querySelector("#sk-keep")?.classList.remove("sk-unkept");
  };
  sk.lit = (card, number, on) => card.querySelectorAll(".sk-abstract .sk-m" + number)
    .forEach(mark => mark.classList.toggle("sk-lit", on));

  const show = (card, at) => {
    const details = card.querySelector(".sk-abstract");
    if (!details) return;
    details.open = true;
    const mark = details.querySelector(at);
    if (mark) mark.scrollIntoView({block: "nearest", behavior: "smooth"});
  };

  const judge = (id, verb, on) => {  // show an opinion at once, and send it
    for (const same of cardOf(id)) {
      sure(same, verb, on);
      if (on) sure(same, verb === "like" ? "dislike" : "like", false);
    }
    sk.act(verb, on, id, "");
  };
  const isOn = (id, verb) => Boolean(cardOf(id)[0]?.querySelector(".sk-do-" + verb + ".sk-on"));
  sk.undo = () => {  // the last like or dislike: as it was before it
    if (!sk.judged) return;
    const {id, verb, liked, disliked} = sk.judged;
    sk.held = id;
    if (liked) judge(id, "like", true);
    else if (disliked) judge(id, "dislike", true);
    else judge(id, verb, false);
    sk.judged = null;
  };
  const hush = () => document.querySelector("#sk-moved .sk-moved")?.classList.add("sk-gone");
  let bar = null, leaving = 0;
  const leave = () => {  // what a like did is not news for ever; a reader in it is not interrupted
    if (bar?.matches(":hover, :focus-within")) leaving = setTimeout(leave, 5000);
    else if (bar?.isConnected) hush();
  };
  const lapse = () => {
    const now = document.querySelector("#sk-moved .sk-moved:not(.sk-gone)");
    if (now === bar) return;
    bar = now;
    clearTimeout(leaving);
    if (now) leaving = setTimeout(leave, 20000);
  };
  const openAll = on => {
    sk.all = on;
    document.querySelectorAll(".sk-card .sk-abstract").forEach(d => { d.open = on; });
    document.querySelectorAll(".sk-do-all").forEach(b => {
      b.setAttribute("aria-pressed", String(on));
      b.textContent = on ? "Collapse all" : "Expand all";
    });
  };
  const showKeys = () => {
    const keys = document.querySelector("#sk-keys");
    if (!keys) return;
    keys.hidden = !keys.hidden;
    document.querySelector(".sk-do-keys")?.setAttribute("aria-expanded", String(!keys.hidden));
    if (!keys.hidden) keys.scrollIntoView({block: "nearest"});
  };
  const toSearch = () => {
    document.body.classList.add("sk-bar-open");
    document.querySelector(".sk-do-bar")?.setAttribute("aria-expanded", "true");
    document.querySelector("#sk-search :is(input, textarea)")?.focus();
  };
  const toList = () => {
    const first = [...document.querySelectorAll(".sk-card")].find(c => c.getClientRects().length);
    if (first) first.focus(); else document.querySelector("#sk-tabs [role=tab]")?.focus();
  };
  if (!document.querySelector(".sk-skip")) {  // beside the studio's own, or first of all
    const skip = document.querySelector(".cd-skip");
    (skip ?? document.querySelector(".gradio-container")).insertAdjacentHTML(
      skip ? "afterend" : "afterbegin",
      '<a class="cd-skip sk-skip" href="#sk-list">Skip to the papers</a>');
  }
  const ofPage = target => {  // what is pressed outside the cards; whether it was such
    if (target.closest(".sk-undo")) sk.undo();
    else if (target.closest(".sk-hush")) hush();
    else if (target.closest(".sk-do-all")) openAll(!sk.all);
    else if (target.closest(".sk-do-keys")) showKeys();
    else if (target.closest(".sk-skip")) toList();
    else if (target.closest("#sk-keep")) sk.keeping = sk.paper;
    else if (target.closest(".sk-do-bar")) {
      const open = document.body.classList.toggle("sk-bar-open");
      target.closest(".sk-do-bar").setAttribute("aria-expanded", String(open));
    } else return false;
    return true;
  };
  const pressedCard = target => {  // a press on the card itself opens it, or closes it
    const card = target.closest(".sk-card");
    if (!card || target.closest("button, a, summary, details, input, .katex-error")) return;
    if (String(getSelection())) return;
    const details = card.querySelector(".sk-abstract");
    if (details) details.open = !details.open;
  };

  document.addEventListener("click", event => {
    if (ofPage(event.target)) {
      if (event.target.closest(".sk-skip")) event.preventDefault();
      return;
    }
    const chip = event.target.closest(".sk-chip");
    if (chip) {
      show(chip.closest(".sk-card"), ".sk-m" + named(chip, "sk-n-"));
      return;
    }
    const button = event.target.closest(".sk-do");
    const card = button?.closest(".sk-card");
    if (!card) { pressedCard(event.target); return; }
    const id = named(card, "sk-id-"), verb = named(button, "sk-do-");
    if (verb === "note" || verb === "ask" || verb === "read") { sk.open(verb, id); return; }
    if (verb === "told") { show(card, ".sk-told"); return; }
    const on = !button.classList.contains("sk-on");
    if (verb === "like" || verb === "dislike") {
      sk.judged = {id, verb, liked: isOn(id, "like"), disliked: isOn(id, "dislike")};
      sk.held = id;
      judge(id, verb, on);
      return;
    }
    for (const same of cardOf(id)) if (verb === "save") sure(same, verb, on);
    if (verb === "follow") {
      document.querySelectorAll(".sk-do-follow").forEach(other => {
        if (other.textContent === button.textContent) set(other, on);
      });
    }
    sk.act(verb, on, id, named(button, "sk-k-"));
  });

  for (const [type, on] of [["mouseover", true], ["mouseout", false], ["focusin", true],
                            ["focusout", false]]) {
    document.addEventListener(type, event => {
      const chip = event.target.closest?.(".sk-chip");
      if (chip) sk.lit(chip.closest(".sk-card"), named(chip, "sk-n-"), on);
    });
  }

  sk.fill = () => {  // TL;DRs that came after their list was drawn
    for (const tldr of document.querySelectorAll("#sk-told .sk-tell")) {
      for (const card of cardOf(named(tldr, "sk-for-"))) {
        const line = card.querySelector(".sk-tldr.sk-wait");
        if (!line) continue;
        const words = tldr.cloneNode(true);
        line.querySelector(".sk-words").replaceChildren(...words.childNodes);
        line.classList.remove("sk-wait");
        card.querySelector(".sk-abstract .sk-s" + named(tldr, "sk-n-"))?.classList.add("sk-told");
      }
    }
  };
  sk.explain = () => {  // reasons that changed with the order
    for (const reason of document.querySelectorAll("#sk-reasons .sk-reason:not(.sk-taken)")) {
      reason.classList.add("sk-taken");
      for (const card of cardOf(named(reason, "sk-for-"))) {
        const line = card.querySelector(".sk-because"), newer = reason.querySelector(".sk-because");
        if (line && newer) line.replaceChildren(...newer.cloneNode(true).childNodes);
      }
    }
  };
  const anchored = (list, held) => {  // the card that stays where it is in view
    if (held?.offsetParent) return held;
    if (list.getBoundingClientRect().top > 0) return null;
    return [...list.children].find(c => !c.hidden && c.getBoundingClientRect().bottom > 0) ?? null;
  };
  const keptInPlace = (moved, now, held) => {  // the card under the finger keeps its place
    const at = now.indexOf(held);
    if (at < 0 || !moved.includes(held)) return moved;
    const rest = moved.filter(card => card !== held);
    rest.splice(Math.min(at, rest.length), 0, held);
    return rest;
  };
  let down = false, late = false;  // a press that a moving card would lose: the list waits for it
  document.addEventListener("pointerdown", () => { down = true; }, true);
  for (const type of ["pointerup", "pointercancel", "dragend", "blur"]) {
    window.addEventListener(type, () => {
      down = false;
      if (late) { late = false; setTimeout(() => sk.arrange(), 80); }
    }, true);
  }
  sk.arrange = () => {
    if (down) { late = true; return; }
    const list = document.querySelector("#sk-list .sk-cards");
    if (!list || !sk.order || !list.classList.contains("sk-of-" + sk.order.stamp)) return;
    if (sk.stamp !== sk.order.stamp) {  // another list
      sk.stamp = sk.order.stamp;
      sk.held = "";
      hush();
    }
    const cards = new Map([...list.children].map(card => [named(card, "sk-id-"), card]));
    const focus = document.activeElement;
    const now = [...list.children].filter(card => !card.hidden);
    const held = cards.get(sk.held);
    const moved = keptInPlace(sk.order.ids.map(id => cards.get(id)).filter(Boolean), now, held);
    const kept = new Set(moved);
    const anchor = anchored(list, held), top = anchor?.getBoundingClientRect().top;
    for (const card of list.children) card.hidden = !kept.has(card);
    if (moved.some((card, i) => now.filter(c => kept.has(c))[i] !== card)) {
      if (held) moved.forEach((card, i) => {
        card.classList.toggle("sk-rose", card !== held && now.indexOf(card) - i > 1);
      });
      list.append(...moved);
    }
    if (focus && list.contains(focus)) focus.focus({preventScroll: true});
    const still = () => {
      if (anchor?.isConnected) {
        window.scrollBy({top: anchor.getBoundingClientRect().top - top, behavior: "instant"});
      }
    };
    still();
    requestAnimationFrame(still);  // cards that come into view take their own height
  };
  const dress = () => {
    for (const [id, words] of [["sk-earlier", "Earlier day"], ["sk-later", "Later day"]]) {
      const arrow = document.getElementById(id);
      if (arrow && arrow.title !== words) {
        arrow.title = words;
        arrow.setAttribute("aria-label", words);
      }
    }
    const bare = [...document.querySelectorAll(".sk-card:not([tabindex])")];
    if (!bare.length) return;
    bare.forEach(card => {
      card.tabIndex = -1;
      if (sk.all && card.querySelector(".sk-abstract")) card.querySelector(".sk-abstract").open = true;
    });
    for (const [id, verb, extra, on] of sk.pressed.values()) {  // since the server last drew
      for (const card of cardOf(id)) {
        const at = ".sk-do-" + verb + (extra ? ".sk-k-" + extra : "");
        if (bare.includes(card)) card.querySelectorAll(at).forEach(b => set(b, on));
      }
    }
    bare.forEach(card => {
      card.querySelectorAll(".sk-toggle").forEach(
        b => b.setAttribute("aria-pressed", String(b.classList.contains("sk-on"))));
    });
  };
  let soon = 0;
  new MutationObserver(() => {
    clearTimeout(soon);
    soon = setTimeout(() => { dress(); sk.arrange(); sk.fill(); sk.explain(); keptNote(); lapse(); }, 30);
  }).observe(document.body, {childList: true, subtree: true});

  document.addEventListener("keydown", event => {
    const close = document.querySelector("#sk-close");
    if (event.key === "Escape" && event.isTrusted && close?.offsetParent && !event.defaultPrevented) {
      const card = cardOf(sk.paper || "")[0];  // where the reader came from
      close.click();
      const there = card?.querySelector(".sk-do-read");
      ((there?.offsetParent ? there : card?.querySelector("summary")) ?? document.querySelector("#sk-tabs [role=tab]"))?.focus();
      return;
    }
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const cards = [...document.querySelectorAll(".sk-card")].filter(c => c.offsetParent);
    const here = cards.indexOf(document.activeElement?.closest(".sk-card"));
    if (event.key === "j" || event.key === "k") {
      const next = cards[Math.max(0, Math.min(cards.length - 1,
                                              event.key === "j" ? here + 1 : here - 1))];
      next?.focus(); next?.scrollIntoView({block: "nearest"});
    }
    const keys = {l: "like", x: "dislike", s: "save"};
    const key = keys[event.key];
    if (here >= 0 && key) cards[here].querySelector(".sk-do-" + key)?.click();
    if (event.key === "?") showKeys();
    if (event.key === "/" && document.querySelector("#sk-search")) {
      event.preventDefault();
      toSearch();
    }
    if (here >= 0 && event.key === "n") {
      event.preventDefault();
      sk.open("note", named(cards[here], "sk-id-"));
    }
    if (here >= 0 && event.key === "o") {
      const details = cards[here].querySelector(".sk-abstract");
      if (details) details.open = !details.open;
    }
  });
}
