// Requests to the service that the page came from, and what can go wrong with them.

const PATIENCE = 20_000;
const KEY = "slotline-key";

/** What keeps the service from answering; `retryAfter` is in seconds, and null where it is not told. */
export class Trouble extends Error {
  constructor(detail, { status = 0, code = "unreachable", retryAfter = null } = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** Whether it is a key of the service that is missing; what stands in front may ask for its own. */
  get wantsKey() {
    return ["missing_api_key", "invalid_api_key"].includes(this.code);
  }

  /** Whether the same request may be answered a little later. */
  get passes() {
    return [0, 429, 502, 503, 504].includes(this.status);
  }
}

// A browser may be told to keep nothing; then the key lasts as long as the page.
let keyInMemory = null;

export function key() {
  try {
    return keyInMemory ?? sessionStorage.getItem(KEY);
  } catch {
    return keyInMemory;
  }
}

export function useKey(value) {
  keyInMemory = value;
  try {
    sessionStorage.setItem(KEY, value);
  } catch {
    // It is in memory.
  }
}

/** The address of a path, wherever a proxy has put the page. */
export function address(path) {
  const url = new URL(path, document.baseURI);
  // A page opened as http://user:password@host/ keeps them in its address, and fetch refuses such.
  url.username = url.password = "";
  return url.href;
}

/** The answer to a GET, or to a POST where there is a body; throws Trouble, or the signal's reason. */
export async function call(path, { body, signal } = {}) {
  const own = new AbortController();
  const stop = () => own.abort(signal.reason);
  const timer = setTimeout(() => own.abort(new Trouble("The service does not answer")), PATIENCE);
  signal?.addEventListener("abort", stop);
  try {
    // X-API-Key, for Authorization may be what a proxy asks for.
    const headers = key() ? { "x-api-key": key() } : {};
    const response = await fetch(address(path), {
      method: body ? "POST" : "GET",
      headers: body ? { ...headers, "content-type": "application/json" } : headers,
      body: body && JSON.stringify(body),
      signal: own.signal,
    });
    if (!response.ok) throw await troubleOf(response);
    return await response.json();
  } catch (error) {
    if (error instanceof Trouble || signal?.aborted) throw error;
    if (error instanceof SyntaxError) throw new Trouble("The answer is not from slotline", { status: 1 });
    throw new Trouble("The service cannot be reached");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

async function troubleOf(response) {
  const seconds = Number.parseInt(response.headers.get("retry-after"), 10);
  const told = { status: response.status, retryAfter: Number.isNaN(seconds) ? null : seconds };
  const type = response.headers.get("content-type") ?? "";
  // What stands in front of the service has words of its own.
  if (!type.startsWith("application/problem+json"))
    return new Trouble(`The service answered with status ${response.status}`, { ...told, code: "other" });
  const problem = await response.json();
  const faults = (problem.errors ?? []).map((fault) => fault.message);
  return new Trouble(faults.join("; ") || problem.detail, { ...told, code: problem.code });
}
