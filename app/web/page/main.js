// Wires the page together.

import { Asking } from "./asking.js";
import { drawBars } from "./bars.js";
import { firstExample, isExample, offerExamples } from "./examples.js";
import { FormTalk } from "./forms.js";
import { KeyForm } from "./key.js";
import { Models } from "./models.js";
import { Reading } from "./reading.js";
import { Sentence } from "./sentence.js";
import { call } from "./service.js";
import { copyText, snippet } from "./snippets.js";
import { offerSpeech } from "./speech.js";
import { Tabs } from "./tabs.js";
import { resolveOptions, valueText } from "./values.js";
import { count, percent } from "./words.js";

// Screen readers are told when the writer pauses, not with every letter.
const PAUSE = 700;
// The list is asked for again once in as many milliseconds: for a while workers may disagree.
const LIST_AGAIN = 1000;

const at = (id) => document.getElementById(id);
const models = new Models(at("model"), at("model-about"), at("legend"), { picked: modelPicked });
const sentence = new Sentence(at("text"), at("marks"), {
  edited,
  pointed: (index) => reading.choose(index),
});
const reading = new Reading(at("reading"), at("word"), {
  pointed: (index) => sentence.point(index),
});
const keyForm = new KeyForm(at("key"), { given: keyGiven });
const tabs = new Tabs(at("tabs"), { shown: (id) => id === "form-panel" && talk.open() });
const talk = new FormTalk({ wantsKey: () => keyForm.ask() });
const listing = new Asking({
  ask: (_, signal) => call("models", { signal }),
  answered: listed,
  troubled,
});
const asking = new Asking({ ask: askForSlots, answered: show, troubled });
let summaryTimer;
let countdown;
let heardAt;
let listedAt;
let listTimer;
let endSpeech = () => null;
// Versions for which the list was asked for again.
const newVersions = new Set();

listing.put(true);

function keyGiven() {
  if (models.picked) asking.again();
  else listing.again();
  if (tabs.shown === "form-panel") talk.again();
}

function listed({ models: offered }) {
  settle();
  listedAt = performance.now();
  const first = models.picked === null;
  models.offer(offered);
  tellLanguage();
  offerExamples(at("examples"), models.picked.name, take);
  if (first && !sentence.text) sentence.write(firstExample(models.picked.name));
  if (first) endSpeech = offerSpeech(at("speech"), { options: speechOptions, heard, partial, final, failed });
  textChanged();
  if (first) talk.list().then((some) => tabs.offer(some));
}

function listAgain() {
  clearTimeout(listTimer);
  const wait = Math.max(0, listedAt + LIST_AGAIN - performance.now());
  listTimer = setTimeout(() => listing.put(true), wait);
}

/** Where the model has one language alone, it is that of the sentence. */
function tellLanguage() {
  const { languages } = models.picked;
  for (const id of ["text", "marks", "reading", "word-title"])
    if (languages.length === 1) at(id).lang = languages[0];
    else at(id).removeAttribute("lang");
}

function edited() {
  endSpeech();
  textChanged();
}

function modelPicked() {
  const { name } = models.picked;
  const cut = endSpeech();
  if (cut !== null) sentence.write(cut);
  // What the model before says is of no use any longer.
  asking.drop();
  tellLanguage();
  offerExamples(at("examples"), name, take);
  // An example of one model says little to another.
  if (isExample(sentence.text) && firstExample(name)) sentence.write(firstExample(name));
  reading.forget();
  textChanged();
}

function take(text) {
  endSpeech();
  asking.drop();
  sentence.write(text);
  reading.forget();
  textChanged();
}

function textChanged() {
  if (!models.picked) return;
  drawSnippet();
  if (sentence.text.trim()) {
    asking.put({ text: sentence.text, model: models.picked, since: performance.now() });
    return;
  }
  asking.drop();
  settle();
  sentence.mark(sentence.text, { tokens: [], slots: [] }, models.picked.colours);
  reading.forget();
  reading.clear();
  at("intent").hidden = true;
  at("time").textContent = "";
  say("");
}

function askForSlots({ text, model }, signal) {
  // Strings of JavaScript count UTF-16.
  const body = { text, model: model.name, detail: "distributions", offset_unit: "utf16" };
  const resolve = resolveOptions(model);
  if (resolve) body.resolve = resolve;
  return call("slots", { body, signal });
}

/** Show an answer to a text; one that came another way may be shown by it too. */
function show(answer, { text, model, since }) {
  settle();
  noteVersion(answer.model.version, model.version);
  sentence.mark(text, answer, model.colours);
  reading.show(text, answer, model.colours, sentence.direction);
  showIntent(answer.intent);
  const found = answer.slots.length ? count(answer.slots.length, "slot", "slots") : "No slots";
  at("time").textContent = `${found} in ${Math.round(performance.now() - since)} ms`;
  const told = answer.slots.map(
    ({ name, value, confidence, resolution }) =>
      `${name}: ${value}, ${percent(confidence)}${resolution ? `, ${valueText(resolution)}` : ""}`,
  );
  if (answer.intent) told.push(`intent: ${answer.intent.name}`);
  say(`${[found, ...told].join("; ")}.`);
}

/** Of a model that was reloaded the list must be known anew, or new slots have no colours. */
function noteVersion(version, listed) {
  if (version === listed || newVersions.has(version)) return;
  newVersions.add(version);
  listAgain();
}

function speechOptions() {
  const { name, languages } = models.picked;
  return { model: name, language: languages[0], text: sentence.text, resolve: resolveOptions(models.picked) };
}

/** Show what has been said so far; the service is asked for it by speech itself. */
function heard(text) {
  asking.drop();
  settle();
  sentence.write(text);
  reading.forget();
  reading.clear();
  at("intent").hidden = true;
  heardAt = performance.now();
}

function partial({ text, slots }) {
  sentence.mark(text, { tokens: [], slots }, models.picked.colours);
}

function final(answer) {
  show(answer, { text: answer.text, model: models.picked, since: heardAt });
  drawSnippet();
}

function failed(trouble) {
  troubled(trouble, null);
}

function showIntent(intent) {
  at("intent").hidden = !intent;
  if (!intent) return;
  at("intent-name").textContent = intent.name;
  const shares = intent.ranking.map(({ name, confidence }) => [name, confidence]);
  drawBars(at("intent-bars"), shares);
}

function say(text) {
  clearTimeout(summaryTimer);
  summaryTimer = setTimeout(() => (at("summary").textContent = text), PAUSE);
}

/** Say what is wrong, and count down to the next try. */
function troubled(trouble, seconds) {
  settle();
  document.body.classList.add("troubled");
  if (trouble.wantsKey) keyForm.ask();
  if (trouble.code === "model_not_found") listAgain();
  const words = {
    overloaded: "The service is overloaded",
    rate_limited: "The service limits the rate of requests",
  };
  const said = words[trouble.code] ?? trouble.message;
  at("trouble").textContent = said.replace(/[.:;]?$/, ".");
  if (seconds === null) return;
  at("trouble").append(" The page asks again ");
  // Seconds are for the eye: read out, they would never end.
  const left = document.createElement("span");
  left.ariaHidden = "true";
  at("trouble").append(left);
  const until = performance.now() + 1000 * seconds;
  const tick = () => {
    const rest = Math.ceil((until - performance.now()) / 1000);
    left.textContent = rest > 0 ? `in ${rest} s.` : "now.";
  };
  tick();
  countdown = setInterval(tick, 250);
}

function settle() {
  clearInterval(countdown);
  document.body.classList.remove("troubled");
  if (at("trouble").textContent) at("trouble").textContent = "";
}

function drawSnippet() {
  const language = document.querySelector("input[name=language]:checked").value;
  at("snippet").firstChild.textContent = snippet(
    language,
    sentence.text,
    models.picked.name,
    resolveOptions(models.picked),
  );
}

at("snippet-language").addEventListener("change", drawSnippet);
at("copy").addEventListener("click", async () => {
  const button = at("copy");
  button.textContent = at("copied").textContent = await copyText(at("snippet"));
  setTimeout(() => {
    button.textContent = "Copy";
    at("copied").textContent = "";
  }, 1500);
});
