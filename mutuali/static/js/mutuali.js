// What pages do a little better with JavaScript; all of them work without it.
(function () {
  "use strict";
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  // A second press on a button that is already at work does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    all("[type=submit]", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    setTimeout(() => release(form), 10000);
  });
  function release(form) {
    delete form.dataset.sent;
    all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  }
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest && event.target.closest("form");
    if (form) release(form);
  });

  // What was typed into a long form outlives a lost connection, in this tab only, until it is sent.
  const PREFIX = "brouillon:";
  const SKIPPED = ["password", "file", "hidden", "submit", "button"];
  const draftName = (form) => PREFIX + location.pathname + location.search + "#" + form.dataset.keep;
  const kept = (form) => Array.from(form.elements).filter((field) => field.name && !SKIPPED.includes(field.type));
  function saveDraft(form) {
    const draft = kept(form).map((field) => [field.name, field.value, Boolean(field.checked)]);
    sessionStorage.setItem(draftName(form), JSON.stringify(draft));
  }
  function restoreDraft(form) {
    const draft = JSON.parse(sessionStorage.getItem(draftName(form)) || "[]");
    const fields = kept(form);
    draft.forEach(([name, value, checked], index) => {
      const field = fields[index];
      if (!field || field.name !== name) return;
      if (field.type === "checkbox" || field.type === "radio") field.checked = checked && field.value === value;
      else field.value = value;
    });
  }
  function keepDrafts() {
    const sent = sessionStorage.getItem("envoye");
    const here = all("form[data-keep]");
    const refused = document.querySelector(".error-summary");
    // The next page, or words of success on this one, mean that it arrived.
    if (sent && !refused && (!here.some((form) => draftName(form) === sent) || document.querySelector(".flash-success"))) sessionStorage.removeItem(sent);
    sessionStorage.removeItem("envoye");
    here.forEach((form) => {
      if (!refused) restoreDraft(form);
      form.addEventListener("input", () => saveDraft(form));
      form.addEventListener("submit", () => sessionStorage.setItem("envoye", draftName(form)));
    });
    all("form[action='/deconnexion']").forEach((form) => form.addEventListener("submit", () => sessionStorage.clear()));
  }

  // The receipt of a code stands after the #, which no server sees; it goes into the form, and out
  // of the address.
  function takeReceipt() {
    const form = document.querySelector("form[data-receipt]");
    if (!form || location.hash.length < 20) return;
    form.elements.receipt.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
  }

  function countCharacters(root) {
    all("textarea[data-counter]", root).forEach((area) => {
      const words = document.getElementById(area.id + "-reste");
      const show = () => {
        const left = area.dataset.counter - Array.from(area.value).length;
        words.textContent = (left < 0 ? words.dataset.over : words.dataset.left).replace("{n}", Math.abs(left));
        words.classList.toggle("is-over", left < 0);
      };
      area.addEventListener("input", show);
      if (area.value) show();
    });
  }

  function revealPasswords() {
    all("input[data-reveal]").forEach((input) => {
      const row = document.createElement("div");
      const button = document.createElement("button");
      row.className = "with-reveal";
      button.type = "button";
      button.className = "btn btn-secondary";
      button.textContent = input.dataset.reveal;
      button.setAttribute("aria-controls", input.id);
      button.addEventListener("click", () => {
        const hidden = input.type === "password";
        input.type = hidden ? "text" : "password";
        button.textContent = hidden ? input.dataset.conceal : input.dataset.reveal;
      });
      input.replaceWith(row);
      row.append(input, button);
    });
  }

  function closeMenus(except) {
    all("details[data-menu][open]").forEach((menu) => { if (!except || !menu.contains(except)) menu.open = false; });
  }
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details[data-menu][open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });

  // One-letter shortcuts, off until the person turns them on: they get in the way of speech input.
  let shortcuts = localStorage.getItem("raccourcis") === "oui";
  function offerShortcuts() {
    all("[data-shortcuts-switch]").forEach((button) => {
      const show = () => { button.textContent = shortcuts ? button.dataset.on : button.dataset.off; };
      button.hidden = false;
      button.addEventListener("click", () => {
        shortcuts = !shortcuts;
        localStorage.setItem("raccourcis", shortcuts ? "oui" : "non");
        show();
      });
      show();
    });
  }
  document.addEventListener("keydown", (event) => {
    const list = document.querySelector("[data-shortcuts]");
    if (!shortcuts || !list || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const cards = all("[data-card]", list);
    const at = cards.findIndex((card) => card.contains(document.activeElement));
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      const next = cards[Math.min(Math.max(at + (key === "j" ? 1 : -1), 0), cards.length - 1)];
      if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); event.preventDefault(); }
    } else if (at >= 0) {
      const target = all("[data-key]", cards[at]).find((one) => one.dataset.key === key);
      if (target) { target.focus(); if (target.matches("a, summary, [type=checkbox]")) target.click(); event.preventDefault(); }
    }
  });

  function load(tag, attributes) {
    return new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement(tag), attributes, { onload: resolve, onerror: reject });
      document.head.append(element);
    });
  }
  async function openMap(frame) {
    const canvas = frame.querySelector(".map-canvas");
    await Promise.all([
      load("link", { rel: "stylesheet", href: frame.dataset.style }),
      load("script", { src: frame.dataset.script }),
    ]);
    const answer = await fetch(frame.dataset.shapes);
    if (!answer.ok) throw new Error(answer.status);
    const shapes = await answer.json();
    canvas.hidden = false;
    const map = L.map(canvas, { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25 });
    const ground = L.geoJSON(shapes, { interactive: false, style: () => ({ className: "map-borough leaflet-interactive" }) }).addTo(map);
    map.fitBounds(ground.getBounds());
    // Places are coarse: several listings share a point, and one mark names them all.
    const places = new Map();
    JSON.parse(frame.dataset.points).forEach((point) => {
      const key = point.lat + "," + point.lon;
      places.set(key, (places.get(key) || []).concat(point));
    });
    places.forEach((points) => {
      const list = document.createElement("ul");
      points.forEach((point) => {
        const link = Object.assign(document.createElement("a"), { href: point.href, textContent: point.title });
        const item = document.createElement("li");
        item.append(link);
        list.append(item);
      });
      const icon = L.divIcon({ className: "map-mark", html: String(points.length), iconSize: [32, 32] });
      const name = points.map((point) => point.title).join(", ");
      L.marker([points[0].lat, points[0].lon], { icon, alt: name, title: name }).addTo(map).bindPopup(list);
    });
    canvas.focus();
  }
  function offerMaps(root) {
    all("[data-map-open]", root).forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => {
        button.hidden = true;
        const frame = button.closest("[data-map]");
        openMap(frame).catch(() => { frame.querySelector(".map-failed").hidden = false; });
      });
    });
  }

  keepDrafts();
  takeReceipt();
  countCharacters();
  revealPasswords();
  offerShortcuts();
  offerMaps();
  document.addEventListener("htmx:load", (event) => {
    if (event.target === document.body) return;
    countCharacters(event.target);
    offerMaps(event.target);
  });
  const focused = document.querySelector("[data-focus]");
  if (focused) focused.focus();
})();
