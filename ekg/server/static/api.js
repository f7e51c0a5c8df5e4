// Talking to the server. A new request of a view ends the one before.

const running = new Map();

export class Problem extends Error {
  constructor(status, body) {
    super(body.error || `the server answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** Response of a request of a view; throws Problem, or AbortError if a newer request replaced it. */
export async function send(view, url, options = {}) {
  running.get(view)?.abort();
  const control = new AbortController();
  running.set(view, control);
  let response;
  try {
    response = await fetch(url, { ...options, signal: control.signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { error: "the server does not answer", hint: "is it still running?" });
  }
  if (response.ok) return response;
  const text = await response.text();
  let body = {};
  try { body = JSON.parse(text); } catch { body = { error: text.slice(0, 300) }; }
  throw new Problem(response.status, body);
}

/** JSON of the API; parameters that are empty are left out. */
export async function get(view, path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== "" && value != null));
  return (await send(view, `${path}?${query}`)).json();
}
