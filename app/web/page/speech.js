// A sentence as it is spoken: the browser's speech recognition, or a replay of what is typed.

import { Trouble, address, key } from "./service.js";
import { element } from "./words.js";

// Some three words a second, as people speak.
const WORD = 330;
const WARNING = "Your browser may send your voice to its vendor to recognise the words.";

/** One sentence on its way to the service and back. */
class Stream {
  #socket;
  #waiting;
  #ended = false;

  /** partial(answer), final(answer), failed(trouble): what comes back. */
  constructor(options, { partial, final, failed }) {
    this.#waiting = [{ ...options, ...(key() ? { key: key() } : {}) }];
    this.#socket = new WebSocket(address("slots/stream").replace(/^http/, "ws"));
    this.#socket.addEventListener("open", () => {
      for (const message of this.#waiting.splice(0)) this.#send(message);
    });
    this.#socket.addEventListener("message", ({ data }) => {
      const answer = JSON.parse(data);
      if (answer.problem) {
        const { detail, status, code } = answer.problem;
        // Of a partial there will be another.
        if (answer.final || status === 401) this.#end(failed, new Trouble(detail, { status, code }));
      } else if (answer.final) this.#end(final, answer);
      else partial(answer);
    });
    this.#socket.addEventListener("close", () =>
      this.#end(failed, new Trouble("The service cannot be reached")),
    );
  }

  say(text, final) {
    const message = { text, final };
    if (this.#socket.readyState === WebSocket.CONNECTING) this.#waiting.push(message);
    else if (this.#socket.readyState === WebSocket.OPEN) this.#send(message);
  }

  #send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  /** Ask for nothing more, and be told nothing. */
  close() {
    this.#ended = true;
    this.#socket.close();
  }

  #end(tell, told) {
    if (this.#ended) return;
    this.close();
    tell(told);
  }
}

/**
 * Fill an element with what there is to speak by: a button for the microphone where the browser
 * recognises speech, and one that replays a text word by word.
 *
 * options(): of the moment, as { model, language, text, resolve }.
 * heard(text): what has been said so far. partial(answer), final(answer), failed(trouble): what
 * the service says of it; slots of partial answers are `stable` or not.
 *
 * Answers in a function that ends what is under way, because the user goes on with something
 * else; it tells the whole text where a replay was cut short, else null.
 */
export function offerSpeech(place, { options, heard, partial, final, failed }) {
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  const status = element("p", { id: "speech-status", role: "status" });
  const microphone = element("button", { type: "button", "aria-pressed": "false" }, "Speak");
  const replay = element("button", { type: "button" }, "Stream word by word");
  let stop = null;
  let current = null;
  // The text that is replayed: it is cut off until the last word, and put back where that fails.
  let whole = null;

  const open = () => {
    const { model, resolve } = options();
    current?.close();
    current = new Stream(
      { model, resolve, offset_unit: "utf16", detail: "distributions" },
      {
        partial,
        final: (answer) => over("", () => final(answer)),
        failed: (trouble) => {
          if (whole !== null) heard(whole);
          over(trouble.message, () => failed(trouble));
        },
      },
    );
    return current;
  };
  const over = (said, tell) => {
    const ending = stop;
    stop = whole = null;
    ending?.();
    microphone.setAttribute("aria-pressed", "false");
    microphone.textContent = "Speak";
    replay.disabled = false;
    status.textContent = said;
    tell?.();
  };

  replay.addEventListener("click", () => {
    const { text } = options();
    const words = text.match(/\S+\s*/g) ?? [];
    if (!words.length || stop) return;
    whole = text;
    const stream = open();
    let said = "";
    replay.disabled = true;
    status.textContent = "Streaming word by word";
    const timer = setInterval(() => {
      said += words.shift();
      heard(said);
      // The blank says that the word is whole.
      stream.say(words.length ? said.replace(/\s*$/, " ") : said, !words.length);
      if (!words.length) clearInterval(timer);
    }, WORD);
    stop = () => clearInterval(timer);
  });

  microphone.addEventListener("click", () => {
    if (stop) return over("");
    if (!microphone.dataset.warned) {
      // Off until asked, and asked twice: the first time one reads what it means.
      microphone.dataset.warned = "yes";
      microphone.textContent = "Speak anyway";
      status.textContent = WARNING;
      return;
    }
    const recognition = new Recognition();
    recognition.lang = options().language;
    recognition.interimResults = true;
    const stream = open();
    let said = "";
    recognition.addEventListener("result", ({ results }) => {
      if (stream !== current) return;
      said = [...results].map((result) => result[0].transcript).join(" ").trim();
      heard(said);
      stream.say(`${said} `, false);
    });
    recognition.addEventListener("error", ({ error }) => over(`Nothing was heard: ${error}`));
    recognition.addEventListener("end", () => {
      if (stream !== current) return;
      if (said) return stream.say(said, true);
      stream.close();
      if (stop) over("");
    });
    recognition.start();
    replay.disabled = true;
    microphone.setAttribute("aria-pressed", "true");
    microphone.textContent = "Stop";
    status.textContent = "Listening";
    stop = () => recognition.stop();
  });

  place.append(...(Recognition ? [microphone] : []), replay, status);
  place.hidden = false;

  return () => {
    const cut = whole;
    current?.close();
    current = null;
    if (stop) over("");
    return cut;
  };
}
