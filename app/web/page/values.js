// Values in words, as answers have them.

/** A value in a line: "2026-12-04", "Denver (DEN)", "from 17:00". */
export function valueInWords(value) {
  if (value.any_of) return value.any_of.map(valueInWords).join(" or ");
  if (value.type === "name") return `${value.value} (${value.id})`;
  if (value.type === "money" && value.amount) return `${value.amount} ${value.currency}`;
  if (value.type === "boolean") return value.value ? "yes" : "no";
  if (value.value !== undefined) return moment(String(value.value)) + about(value);
  const ends = [
    ["from", value.from],
    ["to", value.to],
  ].filter(([, end]) => end !== undefined);
  return ends.map(([side, end]) => `${side} ${end.amount ? valueInWords({ type: "money", ...end }) : moment(end)}`).join(" ") + about(value);
}

function about({ part_of_day: part, groups }) {
  const more = part ? [part.replaceAll("_", " ")] : Object.entries(groups ?? {}).map(([name, number]) => `${name}: ${number}`);
  return more.length ? ` (${more.join(", ")})` : "";
}

/** A datetime without its seconds, as the calendar has it. */
function moment(text) {
  return text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d)?/, "$1 $2 ").trim();
}
