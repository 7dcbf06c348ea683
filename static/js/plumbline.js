/* What a page gains when scripts run. Every page works without this file. */
(() => {
  "use strict";

  // Clocks. The arc drains by itself (SMIL); the digits, the colour and the spoken words come from here.
  // They run on the server's time: the page says when it was made, the browser when it arrived.
  const [page] = performance.getEntriesByType("navigation");
  const skew = Date.parse(document.documentElement.dataset.now) - performance.timeOrigin - (page ? page.responseStart : 0);
  const left = (clock) => Math.max(0, Math.round((Date.parse(clock.dataset.deadline) - Date.now() - skew) / 1000));
  const say = (words) => { const voice = document.getElementById("voice"); if (voice && words) voice.textContent = words; };

  const tick = () => document.querySelectorAll("[data-deadline]").forEach((clock) => {
    const seconds = left(clock);
    clock.querySelector("b").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    clock.classList.toggle("low", seconds < 600);
    for (const mark of [600, 300, 60]) if (clock.dataset.left > mark && seconds <= mark) say(clock.dataset[`say${mark}`]);
    clock.dataset.left = seconds;
    if (seconds || clock.dataset.done) return;
    clock.dataset.done = "1";
    say(clock.dataset.say0);
    clock.dispatchEvent(new CustomEvent("clock:end", { bubbles: true }));
  });
  setInterval(tick, 1000);
  tick();

  // A sleeping phone stops SMIL and polling, a lost connection the polling: catch up at once when the page is seen or connected again.
  const wake = () => {
    if (document.hidden) return;
    document.querySelectorAll("[data-deadline] svg").forEach((svg) => {
      const arc = svg.querySelector("animate");
      if (arc) svg.setCurrentTime(Math.max(0, parseFloat(arc.getAttribute("dur")) - left(svg.parentElement)));
    });
    tick();
    document.body.dispatchEvent(new CustomEvent("wake"));
  };
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);

  // Live parts: hx-trigger="every 5s, wake from:body". A hidden page asks nothing; an unchanged part costs a 304.
  document.addEventListener("htmx:configRequest", ({ target, detail }) => {
    if (detail.verb === "get" && target.dataset.etag) detail.headers["If-None-Match"] = target.dataset.etag;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const live = (event.target.getAttribute("hx-trigger") || "").startsWith("every");
    if (live && document.hidden) event.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
    if (!target.hasAttribute || !target.hasAttribute("hx-get")) return;
    const etag = detail.xhr && detail.xhr.getResponseHeader("ETag");
    if (etag) target.dataset.etag = etag; else delete target.dataset.etag;
  });

  // No answer, or a broken one: say so, keep what was typed.
  const failed = () => { const note = document.getElementById("failed"); if (note) note.hidden = false; };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:afterOnLoad", ({ detail }) => {
    const note = document.getElementById("failed");
    if (note && detail.xhr.status < 400) note.hidden = true;
  });

  // Where to go on: at the list of problems, or where a new part says. The browser's own autofocus comes while the part is still
  // being put in, and scrolls to where it will not be: it may not see the word.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    detail.serverResponse = detail.serverResponse.replaceAll(" autofocus", " data-begin");
  });
  const begin = (root) => {
    const first = root.querySelector("[data-problems]") || root.querySelector("[data-begin]");
    if (first) first.focus();
  };
  document.addEventListener("htmx:load", ({ detail }) => { begin(detail.elt); reveal(detail.elt); offer(detail.elt); });

  // A row of tabs that scrolls sideways shows the one we are on.
  const reveal = (root) => root.querySelectorAll(":is(.tabs.sub, .chips) [aria-current]").forEach((tab) => {
    const bar = tab.parentElement;
    bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
  });

  // <button data-copy="text"> copies; without the clipboard it stays hidden.
  const offer = (root) => navigator.clipboard && root.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    say(button.dataset.copied);
  });
  begin(document);
  reveal(document);
  offer(document);

  // Menus close on Escape, on a tap elsewhere and when the focus goes on.
  const close = (except) => document.querySelectorAll(".menu[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  for (const event of ["click", "focusin"]) document.addEventListener(event, ({ target }) => close(target.closest(".menu")));
  document.addEventListener("keydown", ({ key }) => {
    const menu = key === "Escape" && document.querySelector(".menu[open]");
    if (menu) { close(); menu.querySelector("summary").focus(); }
  });
})();
