// The request of the page, to be sent from elsewhere.

import { address, key } from "./service.js";

const WRITERS = { curl: asCurl, python: asPython, javascript: asJavaScript };

/** The request in a language: curl, python or javascript. */
export function snippet(language, text, model, resolve) {
  return WRITERS[language](address("slots"), text, model, resolve);
}

/** The request of a form's turn, as curl. */
export function formSnippet(name, body) {
  return curl(address(`forms/${encodeURIComponent(name)}`), JSON.stringify(body));
}

// A literal of JSON is one of Python and of JavaScript too. The key itself is never shown.
function asCurl(url, text, model, resolve) {
  const resolved = resolve ? `, "resolve": ${JSON.stringify(resolve)}` : "";
  return curl(url, `{"text": ${JSON.stringify(text)}, "model": ${JSON.stringify(model)}${resolved}}`);
}

function curl(url, body) {
  const keyed = key() ? ' \\\n     -H "X-API-Key: $SLOTLINE_KEY"' : "";
  return `curl ${quoted(url)} \\
     -H 'content-type: application/json'${keyed} \\
     -d ${quoted(body)}`;
}

/** As one word for a shell. */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function asPython(url, text, model, resolve) {
  const resolved = resolve ? `\n    "resolve": ${JSON.stringify(resolve)},` : "";
  const value = resolve ? ', slot.get("resolution")' : "";
  const [imported, header] = key()
    ? ["import json\nimport os", ', "x-api-key": os.environ["SLOTLINE_KEY"]']
    : ["import json", ""];
  return `${imported}
from urllib.request import Request, urlopen

question = {
    "text": ${JSON.stringify(text)},
    "model": ${JSON.stringify(model)},${resolved}
}
request = Request(
    ${JSON.stringify(url)},
    json.dumps(question).encode(),
    {"content-type": "application/json"${header}},
)
with urlopen(request) as response:
    for slot in json.load(response)["slots"]:
        print(slot["name"], slot["value"], slot["confidence"]${value})`;
}

function asJavaScript(url, text, model, resolve) {
  const resolved = resolve ? `\n    resolve: ${JSON.stringify(resolve)},` : "";
  const value = resolve ? ", resolution" : "";
  const header = key() ? ', "x-api-key": process.env.SLOTLINE_KEY' : "";
  return `const response = await fetch(${JSON.stringify(url)}, {
  method: "POST",
  headers: { "content-type": "application/json"${header} },
  body: JSON.stringify({
    text: ${JSON.stringify(text)},
    model: ${JSON.stringify(model)},
    offset_unit: "utf16",${resolved}
  }),
});
for (const { name, value, confidence${value} } of (await response.json()).slots) {
  console.log(name, value, confidence${value});
}`;
}

/** Copy what an element shows; answers what has come of it. */
export async function copyText(shown) {
  try {
    await navigator.clipboard.writeText(shown.textContent);
    return "Copied";
  } catch {
    // Pages that came without TLS have no clipboard.
    getSelection().selectAllChildren(shown);
    return "Selected";
  }
}
