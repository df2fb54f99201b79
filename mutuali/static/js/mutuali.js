// What the pages do besides links and forms. Everything works without it, only less smoothly.
"use strict";

// One press sends a form once. The button is disabled a moment later, so that its value is sent.
const rest = (form, sending) => {
  form.toggleAttribute("data-sending", sending);
  for (const button of form.querySelectorAll("[type=submit]")) button.disabled = sending;
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.hasAttribute("data-sending")) return event.preventDefault();
  form.setAttribute("data-sending", "");
  setTimeout(() => rest(form, true));
  // A file that downloads leaves the page where it is.
  setTimeout(() => rest(form, false), 10000);
  // Whoever signs out of a shared computer leaves no draft behind.
  if (form.action.endsWith("/deconnexion")) sessionStorage.clear();
  else if (form.dataset.keep) sessionStorage.setItem(`sent:${form.dataset.keep}`, "1");
});
const restAll = () => document.querySelectorAll("[data-sending]").forEach((form) => rest(form, false));
addEventListener("pageshow", (event) => event.persisted && restAll());
document.addEventListener("htmx:afterRequest", restAll);

// Drafts of long forms stay in this tab until a page without the form says that it went through.
const kept = (form) =>
  [...form.elements].filter((field) => field.name && !/^(hidden|password|file|submit)$/.test(field.type));
const tick = (field) => /^(checkbox|radio)$/.test(field.type);
const slot = (field) => (tick(field) ? `${field.name}=${field.value}` : field.name);
const asServed = (field) =>
  tick(field) ? field.defaultChecked
    : field.options ? [...field.options].findIndex((option) => option.defaultSelected)
      : field.defaultValue;
const keepDraft = (form) => {
  const key = `draft:${form.dataset.keep}`;
  const draft = JSON.parse(sessionStorage.getItem(key) || "{}");
  // After a refusal the page already holds what was typed.
  if (!document.querySelector(".error-summary")) {
    for (const field of kept(form)) {
      const [served, typed] = draft[slot(field)] || [];
      // A field that now comes prefilled with something else wins over the draft.
      if (typed === undefined || served !== asServed(field)) continue;
      if (tick(field)) field.checked = typed;
      else field.value = typed;
    }
  }
  form.addEventListener("input", () => {
    const rows = kept(form).map((field) => [slot(field), [asServed(field), tick(field) ? field.checked : field.value]]);
    sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(rows)));
  });
};
const dropSentDrafts = () => {
  for (const key of Object.keys(sessionStorage).filter((each) => each.startsWith("sent:"))) {
    const name = key.slice(5);
    if (document.querySelector(`[data-keep="${CSS.escape(name)}"]`)) continue;
    sessionStorage.removeItem(key);
    sessionStorage.removeItem(`draft:${name}`);
  }
};

// How many characters are left.
const countDown = (area) => {
  const words = document.getElementById(`${area.id}-reste`);
  area.addEventListener("input", () => {
    const left = area.dataset.counter - area.value.length;
    words.textContent = (left < 0 ? words.dataset.over : words.dataset.left).replace("{n}", Math.abs(left));
  });
};

// Show what is typed into a password field.
const offerReveal = (field) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link reveal";
  button.textContent = field.dataset.reveal;
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => {
    const hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    button.textContent = hidden ? field.dataset.conceal : field.dataset.reveal;
  });
  field.after(button);
};

// The account menu closes as menus do.
const closeMenus = (but) =>
  document.querySelectorAll("[data-menu][open]").forEach((menu) => menu.contains(but) || (menu.open = false));
document.addEventListener("click", (event) => closeMenus(event.target));

// j and k walk through the cards of a list; a letter goes to the element that declares it.
const off = () => localStorage.getItem("shortcuts") === "off";
const walk = (step) => {
  const cards = [...document.querySelectorAll("[data-shortcuts] [data-card]")];
  const here = cards.indexOf(document.activeElement.closest("[data-card]"));
  cards[Math.min(Math.max(here + step, 0), cards.length - 1)]?.focus();
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    document.querySelector("[data-menu][open] > summary")?.focus();
    return closeMenus(null);
  }
  const list = document.querySelector("[data-shortcuts]");
  if (!list || off() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  if (event.key === "j") return walk(1);
  if (event.key === "k") return walk(-1);
  const card = document.activeElement.closest("[data-card]") || list;
  const target = card.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("a")) target.click();
  else target.focus();
});
const offerSwitch = (button) => {
  const say = () => (button.textContent = off() ? button.dataset.off : button.dataset.on);
  button.hidden = false;
  button.addEventListener("click", () => {
    localStorage.setItem("shortcuts", off() ? "on" : "off");
    say();
  });
  say();
};

const setUp = (root) => {
  const each = (selector, act) => root.querySelectorAll(selector).forEach(act);
  each("form[data-keep]", keepDraft);
  each("[data-counter]", countDown);
  each("[data-reveal]", offerReveal);
  each("[data-shortcuts-switch]", offerSwitch);
  each("[data-focus]", (box) => box.focus());
};
dropSentDrafts();
setUp(document);
document.addEventListener("htmx:afterSwap", (event) => setUp(event.target));
