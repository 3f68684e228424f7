// The sentence as the service reads it: words, their slots by name, and a word's distribution.

import { drawBars } from "./bars.js";
import { valueText } from "./values.js";
import { element, percent, slotOf } from "./words.js";

const MOVES = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export class Reading {
  #list;
  #panel;
  #pointed;
  #tokens = [];
  #colours = new Map();
  #options = [];
  #chosen = null;
  #shown = null;

  /** pointed(index): a word was chosen, by pointer or by keyboard. */
  constructor(list, panel, { pointed }) {
    this.#list = list;
    this.#panel = panel;
    this.#pointed = pointed;
    list.addEventListener("focusin", (event) => this.#choose(event.target));
    list.addEventListener("mouseover", (event) => this.#choose(event.target));
    list.addEventListener("click", (event) => event.target.closest("[role=option]")?.focus());
    list.addEventListener("keydown", (event) => this.#move(event));
  }

  /** Show an answer; direction: of the text. */
  show(text, answer, colours, direction) {
    const focused = this.#options.indexOf(document.activeElement);
    this.#tokens = answer.tokens;
    this.#colours = colours;
    this.#list.dir = direction;
    // Words have no direction of their own: a slot's value takes its from their letters.
    this.#options = answer.tokens.map((token) =>
      element(
        "span",
        { role: "option", class: "word", tabindex: "-1", "aria-selected": "false" },
        token.text,
      ),
    );
    this.#list.replaceChildren(...this.#parts(text, answer));
    this.#shown = null;
    if (!this.#options.length) {
      this.#panel.hidden = true;
      return;
    }
    // The word that was chosen; else the first that fills a slot.
    const first = answer.tokens.findIndex((token) => token.tag !== "O");
    const kept = this.#chosen !== null && this.#chosen < this.#options.length;
    this.#show(kept ? this.#chosen : Math.max(first, 0));
    if (focused >= 0) this.#options[Math.min(focused, this.#options.length - 1)].focus();
  }

  /** Let go of the word that was chosen, as for another sentence. */
  forget() {
    this.#chosen = null;
  }

  clear() {
    this.show("", { tokens: [], slots: [] }, this.#colours, "ltr");
  }

  /** Show the distribution of a word, and of the word there after the next answer too. */
  choose(index) {
    // While someone speaks the field may still have words of the answer before.
    if (!(index in this.#options)) return;
    if (index === this.#shown && index === this.#chosen) return;
    this.#chosen = index;
    this.#show(index);
  }

  #show(index) {
    const before = this.#list.querySelector("[aria-selected=true]");
    before?.setAttribute("aria-selected", "false");
    before?.setAttribute("tabindex", "-1");
    before?.removeAttribute("aria-describedby");
    this.#shown = index;
    this.#describe(this.#tokens[index]);
    const option = this.#options[index];
    option.setAttribute("aria-describedby", "word-summary");
    option.setAttribute("aria-selected", "true");
    option.setAttribute("tabindex", "0");
    this.#pointed(index);
  }

  #choose(target) {
    const index = this.#options.indexOf(target);
    if (index >= 0) this.choose(index);
  }

  #move(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || this.#shown === null) return;
    const last = this.#options.length - 1;
    let index;
    if (event.key === "Home") index = 0;
    else if (event.key === "End") index = last;
    else if (event.key in MOVES) {
      const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
      const turned = sideways && this.#list.dir === "rtl" ? -1 : 1;
      index = Math.max(0, Math.min(last, this.#shown + turned * MOVES[event.key]));
    } else return;
    event.preventDefault();
    this.#options[index].focus();
  }

  /** Words as they stand in the text, those of a slot in a box with its name. */
  #parts(text, { tokens, slots }) {
    const parts = [];
    let [place, next] = [0, 0];
    const until = (end) => {
      const found = [];
      for (; next < tokens.length && tokens[next].end <= end; next += 1) {
        found.push(text.slice(place, tokens[next].start), this.#options[next]);
        place = tokens[next].end;
      }
      return found;
    };
    for (const slot of slots) {
      parts.push(...until(slot.start), text.slice(place, slot.start));
      place = slot.start;
      const share = percent(slot.confidence);
      const resolved = slot.resolution ? valueText(slot.resolution) : null;
      parts.push(
        element(
          "span",
          {
            role: "group",
            class: "slot",
            "data-colour": this.#colours.get(slot.name),
            "aria-label": [slot.name, share, ...(resolved ? [resolved] : [])].join(", "),
          },
          element("span", { class: "value", dir: "auto" }, ...until(slot.end)),
          element("span", { class: "name", dir: "ltr", "aria-hidden": "true" }, slot.name, element("b", {}, share)),
          ...(resolved
            ? [
                element(
                  "span",
                  { class: "resolution", dir: "auto", "aria-hidden": "true", "data-unresolved": slot.resolution.unresolved ? "" : null },
                  resolved,
                ),
              ]
            : []),
        ),
      );
    }
    parts.push(...until(text.length), text.slice(place));
    return parts;
  }

  #describe(token) {
    const [title, tag, bars, summary] = this.#panel.children;
    title.replaceChildren(element("bdi", {}, token.text));
    const slot = slotOf(token.tag);
    const role = !slot ? "in no slot" : token.tag.startsWith("B-") ? `begins ${slot}` : `continues ${slot}`;
    tag.textContent = `${role}, ${percent(token.confidence)}`;
    const shares = Object.entries(token.distribution ?? {});
    const named = shares.map(([name, share]) => [name === "O" ? "O (no slot)" : name, share]);
    summary.textContent = drawBars(bars, named, this.#colours);
    this.#panel.hidden = false;
  }
}
