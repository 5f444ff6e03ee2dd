// Keeps what is typed in forms marked data-keep: on the server while it is typed, and in this tab alone while the server
// cannot be reached. Nothing stays in the tab once the server has it, and nobody else who signs in here is given it.
const PAUSE = 800;
const AGAIN = 15_000;
const PATIENCE = 8_000;
const LOST = "No connection. What you typed is kept in this tab. Leave it open; we try again by ourselves.";

function typed(form) {
  const fields = new FormData(form);
  for (const input of form.querySelectorAll("input[type=password], input[type=file]")) fields.delete(input.name);
  return new URLSearchParams(fields);
}

function putBack(form, fields) {
  for (const input of form.elements) {
    if (!input.name || ["hidden", "password", "submit", "button"].includes(input.type)) continue;
    if (["radio", "checkbox"].includes(input.type)) input.checked = fields.getAll(input.name).includes(input.value);
    else if (fields.has(input.name)) input.value = fields.get(input.name);
  }
}

// What this tab keeps for one reader and one address. Some browsers refuse to keep anything.
function shelf(reader) {
  const place = `typed:${reader}:${location.pathname}`;
  const trying = (what) => {
    try {
      return what();
    } catch {
      return null;
    }
  };
  return {
    put: (form) =>
      trying(() => {
        const fields = typed(form);
        for (const name of ["csrfmiddlewaretoken", "typed_by"]) fields.delete(name);
        sessionStorage.setItem(place, fields.toString());
      }),
    take: () => trying(() => sessionStorage.getItem(place)),
    clear: () => trying(() => sessionStorage.removeItem(place)),
  };
}

function keep(form) {
  const says = form.querySelector("[data-keep-says]");
  const here = shelf(says.dataset.keepSays);
  let timer = 0;
  let sending = false;
  const say = (text) => {
    if (says.textContent !== text) says.textContent = text;
  };

  // True where the server answers: then the form itself can be sent.
  async function send() {
    clearTimeout(timer);
    const fields = typed(form).toString();
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST",
        body: fields,
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        redirect: "manual",
        keepalive: fields.length < 60_000,
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.status >= 500) throw new Error(answer.statusText);
      if (answer.status === 204) {
        here.clear();
        say("");
      }
      return true;
    } catch {
      here.put(form);
      say(LOST);
      timer = setTimeout(send, AGAIN);
      return false;
    }
  }

  form.addEventListener("input", () => {
    here.put(form);
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  });
  form.addEventListener("submit", async (event) => {
    if (sending) return;
    event.preventDefault();
    const button = event.submitter;
    // Sent twice on purpose: should the answer to the form get lost, what was typed is on the server already.
    if (await send()) {
      sending = true;
      here.clear();
      form.requestSubmit(button);
    }
  });
  const leaving = () => {
    if (!sending && here.take()) send();
  };
  addEventListener("pagehide", leaving);
  addEventListener("online", leaving);
  // Somebody who comes back by the browser's own button may send the form again.
  addEventListener("pageshow", () => {
    sending = false;
  });

  const left = here.take();
  if (left) {
    putBack(form, new URLSearchParams(left));
    say("What you typed before the connection was lost is here again.");
    timer = setTimeout(send, PAUSE);
  }
}

export function keepAll() {
  for (const form of document.querySelectorAll("form[data-keep]")) keep(form);
}
