// Tabs, of which one is shown; arrows move between them.

export class Tabs {
  #list;
  #tabs;

  /** shown(id): the panel with this id is shown now. */
  constructor(list, { shown }) {
    this.#list = list;
    this.#tabs = [...list.querySelectorAll("[role=tab]")];
    this.tell = shown;
    for (const tab of this.#tabs) tab.addEventListener("click", () => this.#show(tab));
    list.addEventListener("keydown", (event) => this.#move(event));
  }

  /** The id of the panel that is shown. */
  get shown() {
    const tab = this.#tabs.find((one) => one.ariaSelected === "true");
    return tab.getAttribute("aria-controls");
  }

  /** Offer the tabs, or the first panel alone. */
  offer(several) {
    this.#list.hidden = !several;
    const panel = this.#panel(this.#tabs[0]);
    if (several) {
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", this.#tabs[0].id);
      return;
    }
    panel.removeAttribute("role");
    panel.removeAttribute("aria-labelledby");
    this.#show(this.#tabs[0]);
  }

  #panel(tab) {
    return document.getElementById(tab.getAttribute("aria-controls"));
  }

  #show(tab) {
    for (const one of this.#tabs) {
      const selected = one === tab;
      one.ariaSelected = String(selected);
      one.tabIndex = selected ? 0 : -1;
      this.#panel(one).hidden = !selected;
    }
    this.tell(tab.getAttribute("aria-controls"));
  }

  #move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = this.#tabs.indexOf(document.activeElement) + step;
    const tab = this.#tabs.at(at % this.#tabs.length);
    this.#show(tab);
    tab.focus();
  }
}
