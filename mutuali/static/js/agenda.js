// Arrow keys go from day to day of an agenda; beyond its edge, to the week or month beside it.
(function () {
  "use strict";
  const table = document.querySelector("[data-agenda]");
  if (!table) return;
  const across = Number(table.dataset.agenda);
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across };
  document.querySelector("[data-agenda-keys]").hidden = false;
  table.addEventListener("keydown", (event) => {
    const here = event.target.closest("a[data-day]");
    const step = steps[event.key];
    if (!here || !step || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const days = Array.from(table.querySelectorAll("a[data-day]")).filter((day) => day.offsetParent);
    const next = days[days.indexOf(here) + step];
    if (next) next.focus();
    else document.querySelector(step < 0 ? "[rel=prev]" : "[rel=next]").click();
  });
})();
