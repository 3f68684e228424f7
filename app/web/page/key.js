// The form that asks for a key, where the service does.

import { key, useKey } from "./service.js";

export class KeyForm {
  #form;
  #said;

  /** given(): there is a key to try. */
  constructor(form, { given }) {
    this.#form = form;
    this.#said = form.querySelector("p");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      useKey(form.elements["key-field"].value);
      form.elements["key-field"].value = "";
      form.hidden = true;
      given();
    });
  }

  ask() {
    if (key()) this.#said.textContent = "The service does not accept this key: it is wrong, or was revoked.";
    if (!this.#form.hidden) return;
    this.#form.hidden = false;
    // Never away from the sentence: the rest of it would be typed into this field.
    if (document.activeElement?.id !== "text") this.#form.elements["key-field"].focus();
  }
}
