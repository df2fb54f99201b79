// A map that loads only when it is asked for; boroughs as shapes, no outside tiles.
"use strict";

const added = (tag, attributes) =>
  new Promise((done, failed) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.onload = done;
    element.onerror = failed;
    document.head.append(element);
  });

const draw = async (box, canvas) => {
  const { script, style, shapes, points } = box.dataset;
  const [boroughs] = await Promise.all([
    fetch(shapes).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))),
    added("link", { rel: "stylesheet", href: style }),
    added("script", { src: script }),
  ]);
  canvas.hidden = false;
  const map = L.map(canvas, { attributionControl: false, scrollWheelZoom: false });
  const ground = L.geoJSON(boroughs, { interactive: false, style: { className: "map-shape", weight: 1 } }).addTo(map);
  const marks = JSON.parse(points).map(({ lat, lon, title, href }) => {
    const link = Object.assign(document.createElement("a"), { href, textContent: title });
    return L.circleMarker([lat, lon], { className: "map-point", radius: 9, weight: 2 }).bindPopup(link);
  });
  const group = L.featureGroup(marks).addTo(map);
  map.fitBounds((marks.length ? group : ground).getBounds().pad(0.2), { maxZoom: 14 });
};

for (const box of document.querySelectorAll("[data-map]")) {
  const button = box.querySelector("[data-map-open]");
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    draw(box, box.querySelector(".map-canvas")).then(
      () => (button.hidden = true),
      () => (box.querySelector(".map-failed").hidden = false),
    );
  });
}
