// Values of slots: what the service is asked for them, and how they are shown.

import { count } from "./words.js";

const LOCALE = /^(?:en|zh)(?:[-_][A-Za-z0-9]{1,8}){0,6}$/;

/** What the values of a model's slots are resolved against: this browser's zone; null without types. */
export function resolveOptions({ types }) {
  if (!types) return null;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const options = { locale: navigator.languages.find((tag) => LOCALE.test(tag)) ?? "en" };
  // What a browser says that does not know where it is.
  if (timeZone && timeZone !== "Etc/Unknown") options.time_zone = timeZone;
  return options;
}

/** A resolution in a line. */
export function valueText(resolution) {
  if (resolution.unresolved) return resolution.unresolved.replaceAll("_", " ");
  const others = resolution.alternatives?.length;
  const text = plainText(resolution);
  return others ? `${text} (${count(others, "other reading", "other readings")})` : text;
}

function plainText(resolution) {
  const { value, from, to, any_of, id, groups, amount, currency, approximate, part_of_day } = resolution;
  const about = approximate ? "about " : "";
  if (any_of) return any_of.map(plainText).join(" or ");
  if (amount !== undefined) return `${about}${amount} ${currency}`;
  if (id !== undefined) return `${value}, ${id}`;
  if (groups) return `${value}: ${Object.entries(groups).map(([name, number]) => `${number} ${name}`).join(", ")}`;
  if (value !== undefined) return about + end(value);
  const range = from && to ? `${end(from)} to ${end(to)}` : from ? `from ${end(from)}` : `until ${end(to)}`;
  return `${about}${range}${part_of_day ? `, ${part_of_day.replaceAll("_", " ")}` : ""}`;
}

/** One end: the time of a zone's clock, without its offset, for the zone is the reader's. */
function end(value) {
  if (value.amount !== undefined) return plainText(value);
  return String(value).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::00)?/, "$1 $2").replace(/[+-]\d\d:\d\d$/, "");
}
