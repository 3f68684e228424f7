// The field that the sentence is written in, with its slots coloured behind the letters.

import { element } from "./words.js";

export class Sentence {
  #field;
  #marks;
  #text = "";
  #tokens = [];
  #slots = [];
  #colours = new Map();

  /** edited(): the text has changed. pointed(index): the pointer is on that word of the answer. */
  constructor(field, marks, { edited, pointed }) {
    this.#field = field;
    this.#marks = marks;
    field.addEventListener("input", () => {
      this.#carry();
      edited();
    });
    field.addEventListener("mousemove", (event) => {
      // The words lie under the field.
      for (const under of document.elementsFromPoint(event.clientX, event.clientY))
        if (under.dataset.index) return pointed(Number(under.dataset.index));
    });
  }

  get text() {
    return this.#field.value;
  }

  /** As the browser has found it by the letters. */
  get direction() {
    return getComputedStyle(this.#field).direction;
  }

  write(text) {
    this.#field.value = text;
    this.#carry();
  }

  /** Colour what the answer says of the text. */
  mark(text, answer, colours) {
    this.#text = text;
    // An edit takes words away; those that are left keep their place in the answer.
    this.#tokens = answer.tokens.map((token, index) => ({ ...token, index }));
    this.#slots = answer.slots;
    this.#colours = colours;
    // While the answer was on its way the text may have changed.
    this.#carry();
  }

  /** Point out a word, and no other. */
  point(index) {
    for (const word of this.#marks.querySelectorAll(".pointed")) word.classList.remove("pointed");
    this.#marks.querySelector(`[data-index="${index}"]`)?.classList.add("pointed");
  }

  /** Keep the colours with their words until the next answer. */
  #carry() {
    const text = this.text;
    this.#tokens = carried(this.#tokens, this.#text, text);
    this.#slots = carried(this.#slots, this.#text, text);
    this.#text = text;
    this.#draw();
  }

  #draw() {
    const parts = [];
    let place = 0;
    for (const slot of [...this.#slots, { start: this.#text.length, end: this.#text.length }]) {
      parts.push(...this.#words(place, slot.start));
      if (slot.end > slot.start) {
        const colour = this.#colours.get(slot.name);
        // While someone speaks, what the words to come may change.
        const open = slot.stable === false ? "" : null;
        const words = this.#words(slot.start, slot.end);
        parts.push(element("mark", { "data-colour": colour, "data-open": open }, ...words));
      }
      place = slot.end;
    }
    // Without a letter behind it a last empty line would have no height.
    this.#marks.replaceChildren(...parts, "\u200b");
  }

  /** The stretch of the text, its words as elements. */
  #words(start, end) {
    const parts = [];
    let place = start;
    for (const token of this.#tokens) {
      if (token.start < place || token.end > end) continue;
      parts.push(this.#text.slice(place, token.start));
      const letters = this.#text.slice(token.start, token.end);
      parts.push(element("span", { "data-index": token.index }, letters));
      place = token.end;
    }
    parts.push(this.#text.slice(place, end));
    return parts;
  }
}

/** The stretches of a text that an edit has left, or has been within, where they are after it. */
export function carried(stretches, before, after) {
  if (before === after) return stretches;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const from = before.length - tail;
  const shift = after.length - before.length;
  return stretches
    .filter(({ start, end }) => end <= head || start >= from || (start <= head && end >= from))
    .map((stretch) => ({
      ...stretch,
      start: stretch.start >= from ? stretch.start + shift : stretch.start,
      end: stretch.end <= head ? stretch.end : stretch.end + shift,
    }))
    .filter(({ start, end }) => start < end);
}
