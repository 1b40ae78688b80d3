// Says on a page that stands open when its server is gone, and loads the page anew once another one
// has taken its place: what the page asks then would find none of its session. What somebody is
// typing is not taken away; then a link loads the page.
() => {
  if (window.cdServer) return;
  window.cdServer = true;
  const LOOK = 8000, AGAIN = 2000;  // ms between two looks, and while there is no answer
  const path = location.pathname.replace(/\/$/, "") + "/gradio_api/app_id";
  let known = window.gradio_config?.app_id, timer;
  const say = (words, link) => {
    let box = document.getElementById("cd-server");
    if (!words) return box?.remove();
    if (!box) {
      box = document.body.appendChild(document.createElement("div"));
      box.id = "cd-server";
      box.setAttribute("role", "status");
    }
    if (box.dataset.said === words) return;
    box.dataset.said = box.textContent = words;
    if (!link) return;
    const again = box.appendChild(document.createElement("a"));
    again.href = location.href;
    again.textContent = link;
    again.onclick = (event) => { event.preventDefault(); location.reload(); };
  };
  const typing = () => [...document.querySelectorAll("textarea, input[type=text]")].some(
    (box) => box.value && !box.readOnly && !box.disabled && box === document.activeElement);
  const look = async () => {
    clearTimeout(timer);
    let next = LOOK;
    try {
      const answer = await fetch(path, {cache: "no-store"});
      if (answer.status >= 500) throw new Error();
      const id = answer.ok ? (await answer.json()).app_id : known;
      known ??= id;
      if (id === known) say("");
      else if (typing()) say("The server was started anew. ", "Load this page again");
      else return location.reload();
    } catch {
      say("The server does not answer. This page tries again and goes on by itself.");
      next = AGAIN;
    }
    timer = setTimeout(look, document.hidden ? 4 * next : next);
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  timer = setTimeout(look, LOOK);
}
