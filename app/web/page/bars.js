// A distribution as bars: the likeliest by name, the others together.

import { element, percent } from "./words.js";

const SHOWN = 4;
const LEAST = 0.001;

/** Draw shares, [name, share] each, in a list; colours: name to colour. Answers in a sentence. */
export function drawBars(list, shares, colours = new Map()) {
  const sorted = [...shares].sort((one, other) => other[1] - one[1]);
  const shown = sorted.filter(([, share], rank) => rank === 0 || (rank < SHOWN && share >= LEAST));
  const rest = sorted.slice(shown.length);
  const rows = shown.map(([name, share]) => row(name, share, colours.get(name)));
  if (rest.length) {
    const sum = rest.reduce((total, [, share]) => total + share, 0);
    rows.push(row(rest.length === 1 ? rest[0][0] : `${rest.length} others`, sum, null, "rest"));
  }
  list.replaceChildren(...rows);
  return shown.map(([name, share]) => `${name} ${percent(share)}`).join(", ");
}

function row(name, share, colour, kind = null) {
  const bar = element("span", { class: "bar", "aria-hidden": "true" }, element("span"));
  bar.firstChild.style.inlineSize = `${100 * share}%`;
  return element(
    "li",
    { "data-colour": colour, class: kind },
    element("bdi", {}, name),
    bar,
    element("span", { class: "share" }, percent(share, 1)),
  );
}
