// A conversation with a form: what is said, what it changed and why, and the form as it fills.

import { Trouble, call } from "./service.js";
import { copyText, formSnippet } from "./snippets.js";
import { resolveOptions, valueText } from "./values.js";
import { element, languageName } from "./words.js";

const STATUS = {
  complete: "The form is complete.",
  cancelled: "The form is cancelled.",
  given_up: "Several answers filled no slot. A bot would hand over to a person now.",
};
const REASONS = {
  not_before: "it is before another date",
  different_from: "it is the same as another slot",
  excluded: "another slot is filled instead",
  least: "that is too few",
  most: "that is too many",
  one_of: "it is not one of the values that can be chosen",
  required: "the form needs it",
  two_values: "the text has two values for it",
  not_understood: "it was not understood",
  no_such_date: "there is no such date",
  contradiction: "the words contradict each other",
  unknown_name: "the name is not known",
};
const at = (id) => document.getElementById(id);

export class FormTalk {
  #forms = [];
  #form = null;
  #state = null;
  #last = null;
  #busy = false;

  /** wantsKey(): the service asks for a key. */
  constructor({ wantsKey }) {
    this.wantsKey = wantsKey;
    at("form-name").addEventListener("change", () => this.#begin());
    at("form-language").addEventListener("change", () => this.#begin());
    at("restart").addEventListener("click", () => this.#begin());
    at("say").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = at("said").value.trim();
      if (text) this.#say(text);
    });
    at("form-copy").addEventListener("click", () => this.#copy());
  }

  /** Ask which forms there are; answers whether there are any. */
  async list() {
    try {
      this.#forms = (await call("forms")).forms;
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      return false;
    }
    at("form-name").replaceChildren(
      ...this.#forms.map(({ name }) => element("option", { value: name }, name)),
    );
    return this.#forms.length > 0;
  }

  /** Begin, unless a conversation is open. */
  open() {
    if (this.#form === null) this.#begin();
  }

  /** Ask once more what could not be asked. */
  again() {
    if (this.#form === null) this.#begin();
    else if (this.#last) this.#send(this.#last);
  }

  async #begin() {
    const { name, languages, description } = this.#forms.find(
      (form) => form.name === at("form-name").value,
    );
    const before = at("form-language").value;
    const own = languages.find((tag) => navigator.language.startsWith(tag));
    at("form-language").replaceChildren(
      ...languages.map((tag) => element("option", { value: tag }, languageName(tag))),
    );
    at("form-language").value = languages.includes(before) ? before : (own ?? languages[0]);
    at("form-about").textContent = description;
    at("bubbles").replaceChildren();
    this.#state = null;
    try {
      this.#form = await call(`forms/${encodeURIComponent(name)}`);
    } catch (error) {
      this.#troubled(error);
      return;
    }
    await this.#send({ text: "" });
  }

  async #say(text) {
    if (this.#busy || this.#form === null) return;
    at("said").value = "";
    this.#bubble("user", element("span", { dir: "auto" }, text));
    await this.#send({ text });
  }

  async #send({ text }) {
    const language = at("form-language").value;
    const body = { text, state: this.#state, resolve: this.#present(language), language };
    at("form-snippet").firstChild.textContent = formSnippet(this.#form.name, body);
    this.#last = { text };
    this.#busy = true;
    try {
      this.#answered(await call(`forms/${encodeURIComponent(this.#form.name)}`, { body }));
      this.#last = null;
    } catch (error) {
      this.#troubled(error);
    } finally {
      this.#busy = false;
    }
  }

  /** Where it is said; the browser's locale where it is of the form's language. */
  #present(language) {
    const locale = navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
    return { ...resolveOptions({ types: true }), locale };
  }

  #answered(answer) {
    at("form-trouble").textContent = "";
    this.#state = answer.status === "cancelled" ? null : answer.state;
    const said = [];
    if (answer.changes.length)
      said.push(element("ul", {}, ...answer.changes.map((change) => changeInWords(change))));
    if (STATUS[answer.status]) said.push(element("p", {}, STATUS[answer.status]));
    if (answer.clarify) said.push(...this.#options(answer.clarify));
    else if (answer.prompt) said.push(element("p", { dir: "auto" }, answer.prompt.text));
    if (!said.length) said.push(element("p", {}, "Nothing changed."));
    this.#bubble("service", ...said);
    this.#fill(answer);
  }

  #options({ value, options, prompt }) {
    const buttons = options.map((slot) => {
      const name = slot.replaceAll("_", " ");
      const button = element("button", { type: "button" }, name);
      button.addEventListener("click", () => this.#say(name));
      return button;
    });
    const group = element("div", { class: "options", role: "group", "aria-label": "Options" }, ...buttons);
    return [element("p", { dir: "auto" }, `${value}: ${prompt?.text ?? "for which slot?"}`), group];
  }

  #bubble(kind, ...content) {
    const bubbles = at("bubbles");
    bubbles.append(element("div", { class: kind }, ...content));
    bubbles.scrollTop = bubbles.scrollHeight;
  }

  #fill({ status, state, values, requested_slot: requested }) {
    at("form-status").textContent = status.replaceAll("_", " ");
    const rows = this.#form.slots.map(({ name }) => {
      const entry = state.slots[name];
      const value = entry?.resolution ?? values?.[name];
      const kind = [value && "full", name === requested && "asked"].filter(Boolean).join(" ");
      const row = element("div", { class: kind || null }, element("dt", {}, name.replaceAll("_", " ")));
      const shown = element("dd", { dir: "auto" });
      if (value) shown.append(valueText(value));
      else shown.append(state.skipped.includes(name) ? "skipped" : "–");
      if (entry?.value) shown.append(" ", element("small", {}, `“${entry.value}”`));
      else if (value) shown.append(" ", element("small", {}, entry ? "chosen" : "by default"));
      row.append(shown);
      return row;
    });
    at("filled").replaceChildren(...rows);
  }

  #troubled(error) {
    if (!(error instanceof Trouble)) throw error;
    if (error.wantsKey) this.wantsKey();
    const changed = error.code === "form_changed";
    at("form-trouble").textContent = changed
      ? "The form has changed: begin again."
      : `${error.message.replace(/[.:;]?$/, ".")} Send it again, or begin again.`;
    if (this.#last?.text) at("said").value = this.#last.text;
  }

  async #copy() {
    const button = at("form-copy");
    button.textContent = at("form-copied").textContent = await copyText(at("form-snippet"));
    setTimeout(() => {
      button.textContent = "Copy";
      at("form-copied").textContent = "";
    }, 1500);
  }
}

/** What a turn did to a slot, and why, as an item. */
function changeInWords({ slot, kind, value, from, to, reason }) {
  const item = element("li", { class: kind, dir: "auto" });
  item.append(element("b", {}, slot.replaceAll("_", " ")), `: ${kind}`);
  if (kind === "rejected") item.append(`, because ${REASONS[reason] ?? reason.replaceAll("_", " ")}`);
  if (to) item.append(`: ${valueText(to)}`);
  else if (value && kind === "rejected") item.append(`: “${value}”`);
  if (from && kind === "corrected") item.append(` (before: ${valueText(from)})`);
  if (from && kind === "rejected") item.append(` (it stays ${valueText(from)})`);
  return item;
}
