// Which of the style sheet's colours a slot has.

const COLOURS = 12;

/** Names to colours: a name's own by its letters, the next that is free where another has it. */
export function coloursOf(names) {
  const taken = new Set();
  const colours = new Map();
  for (const name of names) {
    let colour = hash(name) % COLOURS;
    if (taken.size < COLOURS) while (taken.has(colour)) colour = (colour + 1) % COLOURS;
    taken.add(colour);
    colours.set(name, colour);
  }
  return colours;
}

/** FNV-1a. */
function hash(name) {
  let value = 0x811c9dc5;
  for (const letter of new TextEncoder().encode(name)) value = Math.imul(value ^ letter, 0x01000193);
  return value >>> 0;
}
