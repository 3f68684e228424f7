// Small things that are said and drawn in many places.

/** An element; text: what it holds, never read as HTML. attributes: null leaves one out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes))
    if (value !== null && value !== undefined) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** A share in words that never claim certainty where there is none. */
export function percent(share, digits = 0) {
  const step = 10 ** -digits;
  const shown = 100 * share;
  if (shown > 100 - step && shown < 100) return `> ${100 - step} %`;
  if (shown > 0 && shown < step) return `< ${step} %`;
  return `${shown.toFixed(digits)} %`;
}

export function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}

/** The slot of a tag, and null for `O`. */
export function slotOf(tag) {
  return tag === "O" ? null : tag.slice(2);
}

/** The English name of a language, by its BCP 47 tag. */
export function languageName(tag) {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(tag);
  } catch {
    return tag;
  }
}
