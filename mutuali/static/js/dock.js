// At the loading dock: a temperature out of range is said at once, and photos are made small before
// they are sent, because the connection is poor there. Without JavaScript both happen on the server.
(function () {
  "use strict";
  const SIDE = 1600;

  document.querySelectorAll("[data-bounds]").forEach((part) => {
    const [low, high] = part.dataset.bounds.split("|").map((text) => (text === "" ? null : Number(text)));
    const input = part.querySelector("input");
    const words = part.querySelector("[data-out-of-bounds]");
    const look = () => {
      const tenths = Math.round(Number(input.value.trim().replace(",", ".").replace("−", "-")) * 10);
      const read = input.value.trim() !== "" && !Number.isNaN(tenths);
      words.hidden = !(read && ((low !== null && tenths < low) || (high !== null && tenths > high)));
    };
    input.addEventListener("input", look);
    look();
  });

  // A reader of codes types what it reads and presses Enter: tick that thing, and send nothing yet.
  document.querySelectorAll("[data-scan]").forEach((input) => {
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !input.value.trim()) return;
      event.preventDefault();
      const read = input.value.trim().replace(/\/+$/, "").split("/").pop().toLowerCase();
      const boxes = Array.from(input.closest("[data-scanned]").querySelectorAll("[name=unit]"));
      const found = boxes.find((box) => box.value.toLowerCase() === read || box.labels[0].textContent.trim().toLowerCase() === read);
      if (!found) return;
      found.checked = true;
      found.dispatchEvent(new Event("input", { bubbles: true }));
      input.value = "";
    });
  });

  async function smaller(file) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    return blob && blob.size < file.size ? new File([blob], file.name, { type: "image/jpeg" }) : file;
  }

  if (!window.createImageBitmap || !window.DataTransfer) return;
  document.querySelectorAll("input[data-shrink]").forEach((input) => {
    let working = null;
    input.addEventListener("change", () => {
      const chosen = Array.from(input.files);
      working = Promise.all(chosen.map((file) => smaller(file).catch(() => file))).then((files) => {
        const kept = new DataTransfer();
        files.forEach((file) => kept.items.add(file));
        input.files = kept.files;
        working = null;
      });
    });
    // Sent while they are still being made small: wait for them, then send.
    input.form.addEventListener("submit", (event) => {
      if (!working) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter;
      working.then(() => input.form.requestSubmit(button));
    }, true);
  });
})();
