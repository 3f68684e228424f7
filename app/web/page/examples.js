// Sentences to begin with, for the models that ship.

import { element, languageName } from "./words.js";

const EXAMPLES = {
  booking: {
    en: [
      "i would like to arrive Taipei on November 2nd",
      "leave Taipei on November 2nd",
      "two business class tickets from Oslo to Lima next Friday, back on the 21st",
    ],
    zh: ["我想在11月2日到达台北", "三张明天从青岛去昆明的硬卧票"],
  },
  atis: {
    en: [
      "which airlines fly nonstop from baltimore to denver on monday morning",
      "what is the cheapest round trip fare from oakland to newark",
    ],
  },
  snips: {
    en: [
      "play some jazz by a quiet trio from the nineties",
      "book a table for four at an italian place in lyon tomorrow at eight",
      "will it snow in oslo next weekend",
    ],
  },
};

/** The first example of a model, or nothing. */
export function firstExample(model) {
  return Object.values(EXAMPLES[model] ?? {})[0]?.[0] ?? "";
}

export function isExample(text) {
  return Object.values(EXAMPLES).some((languages) => Object.values(languages).flat().includes(text));
}

/** Offer the examples of a model, by language; taken(text): one was taken. */
export function offerExamples(group, model, taken) {
  const rows = Object.entries(EXAMPLES[model] ?? {}).map(([language, texts]) => {
    const name = languageName(language);
    const row = element("div", { role: "group", "aria-label": name });
    const buttons = element("div");
    row.append(element("span", { "aria-hidden": "true" }, name), buttons);
    for (const text of texts) {
      const button = element("button", { type: "button", lang: language, dir: "auto" }, text);
      button.addEventListener("click", () => taken(text));
      buttons.append(button);
    }
    return row;
  });
  group.replaceChildren(...rows);
  group.hidden = rows.length === 0;
}
