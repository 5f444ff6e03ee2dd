// Shows how far something in the background is, and opens the page again once it is over. Without a script there is a link.
const PAUSE = 700;

async function look(box) {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const far = await answer.json();
    if (far.over) {
      location.reload();
      return;
    }
    const bar = box.querySelector("progress");
    bar.max = far.steps;
    bar.value = far.done;
    const shown = { said: far.said || "It will begin in a moment", done: far.done, steps: far.steps };
    for (const [name, text] of Object.entries(shown)) {
      const place = box.querySelector(`[data-progress-${name}]`);
      if (place.textContent !== String(text)) place.textContent = text;
    }
  } catch {
    // No connection: the next look may find one.
  }
  setTimeout(() => look(box), PAUSE);
}

for (const box of document.querySelectorAll("[data-progress]")) look(box);
