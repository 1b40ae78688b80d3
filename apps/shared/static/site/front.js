const look = async () => {
  try {
    const answer = await (await fetch("/states.json")).json();
    for (const [path, parts] of Object.entries(answer.apps)) {
      const app = document.querySelector(`[data-app="${path}"]`);
      for (const [name, text] of Object.entries(parts)) {
        const part = app?.querySelector(`[data-part="${name}"]`);
        if (part && part.dataset.was !== text && !part.contains(document.activeElement)) {
          part.innerHTML = text;
          part.dataset.was = text;
        }
      }
    }
    if (answer.settled) return;
  } catch { /* the server is busy or gone; the page stays as it is */ }
  setTimeout(look, document.hidden ? 15000 : 3000);
};
look();
