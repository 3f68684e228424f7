// The models that can be asked, and which of them is.

import { coloursOf } from "./colours.js";
import { count, element, languageName } from "./words.js";

export class Models {
  #select;
  #about;
  #legend;
  #models = [];

  /** picked(): another model was picked. */
  constructor(select, about, legend, { picked }) {
    this.#select = select;
    this.#about = about;
    this.#legend = legend;
    select.addEventListener("change", () => {
      this.#describe();
      picked();
    });
  }

  /** The one that was picked; null until they are known. */
  get picked() {
    return this.#models.find((model) => model.name === this.#select.value) ?? null;
  }

  /** Offer these; the one picked before stays, where it is still there. */
  offer(models) {
    const before = this.picked?.name;
    this.#models = models.map((model) => ({ ...model, colours: coloursOf(model.slots) }));
    this.#select.replaceChildren(
      ...models.map(({ name }) => element("option", { value: name }, name)),
    );
    const kept = models.find(({ name }) => name === before) ?? models.find((model) => model.default);
    this.#select.value = (kept ?? models[0]).name;
    this.#describe();
  }

  #describe() {
    const { description, languages, slots, intents, types, colours } = this.picked;
    const can = [count(slots.length, "slot", "slots")];
    if (intents.length) can.push(count(intents.length, "intent", "intents"));
    this.#about.replaceChildren(
      element("bdi", {}, description),
      element("span", {}, [languages.map(languageName).join(", "), ...can].join(" · ")),
    );
    this.#legend.replaceChildren(
      ...slots.map((name) => {
        const type = types?.[name]?.type;
        const shown = type ? [name, element("span", { class: "type" }, type)] : [name];
        return element("li", { "data-colour": colours.get(name) }, ...shown);
      }),
    );
  }
}
