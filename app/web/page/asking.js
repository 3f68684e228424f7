// When to ask: soon after a change, one question at a time, and again after what passes.

import { Trouble } from "./service.js";

const DEBOUNCE = 12;
const LONGEST_WAIT = 10;

/**
 * Asks the last of the questions that come, and tells answers in order.
 *
 * A question that is asked is answered before a newer one is asked: were it given up, nothing
 * would be told while questions come faster than answers.
 *
 * ask(question, signal): the request. answered(answer, question), troubled(trouble, seconds):
 * what became of it; seconds until it is asked again, or null where that would not help.
 */
export class Asking {
  #question;
  #controller = null;
  #timer = null;
  #waiting = false;
  #failures = 0;

  constructor({ ask, answered, troubled }) {
    this.ask = ask;
    this.answered = answered;
    this.troubled = troubled;
    addEventListener("online", () => this.#waiting && this.#send());
  }

  /** Ask, unless something newer comes at once; while the service is asked, or wants peace, when that is over. */
  put(question) {
    this.#question = question;
    if (!this.#waiting) this.#sendIn(DEBOUNCE);
  }

  /** Forget the question that is asked, or waits. */
  drop() {
    this.#question = undefined;
    this.#abort();
    if (!this.#waiting) clearTimeout(this.#timer);
  }

  /** Ask again without waiting any longer, as when the key has changed. */
  again() {
    this.#abort();
    this.#send();
  }

  #abort() {
    this.#controller?.abort();
    this.#controller = null;
  }

  #sendIn(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), milliseconds);
  }

  async #send() {
    clearTimeout(this.#timer);
    this.#waiting = false;
    const question = this.#question;
    if (this.#controller || question === undefined) return;
    const controller = (this.#controller = new AbortController());
    let answer;
    try {
      answer = await this.ask(question, controller.signal);
    } catch (error) {
      // Nobody waits any longer for what was asked before.
      if (controller !== this.#controller) return;
      this.#controller = null;
      if (!(error instanceof Trouble)) throw error;
      this.#failures += 1;
      const wait = error.retryAfter ?? Math.min(2 ** (this.#failures - 1), LONGEST_WAIT);
      this.#waiting = error.passes;
      if (error.passes) this.#sendIn(1000 * wait);
      this.troubled(error, error.passes ? wait : null);
      if (!error.passes) this.#sendNewerThan(question);
      return;
    }
    if (controller !== this.#controller) return;
    this.#controller = null;
    this.#failures = 0;
    this.answered(answer, question);
    this.#sendNewerThan(question);
  }

  #sendNewerThan(question) {
    if (this.#question !== question) this.#send();
  }
}
