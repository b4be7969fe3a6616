/* Small helpers. Every page works without them. */
(() => {
  "use strict";

  const each = (root, selector, act) => root.querySelectorAll(selector).forEach(act);

  // Menus: one open at a time, with the groups inside it; Escape and a click elsewhere close them.
  const closeMenus = (except) =>
    each(document, "details.menu[open]", (menu) => {
      if (!menu.contains(except)) menu.open = false;
    });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = [...document.querySelectorAll("details.menu[open]")].pop();
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // Filters stand behind a button on a phone.
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".filters__toggle");
    if (button) button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
  });

  // A button that prints the page.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  // A text area says how many characters are left.
  const count = (note) => {
    const field = document.getElementById(note.dataset.countFor);
    const limit = field ? field.maxLength : -1;
    if (!field || limit < 0) return;
    const left = limit - field.value.length;
    note.textContent = `${left < 0 ? note.dataset.over : note.dataset.left} ${Math.abs(left)}`;
    note.classList.toggle("char-count--over", left < 0);
  };
  document.addEventListener("input", (event) => {
    const note = event.target.id && document.querySelector(`[data-count-for="${CSS.escape(event.target.id)}"]`);
    if (note) count(note);
  });

  // Keys 0 to 4 choose a score while one of the group has the focus.
  document.addEventListener("keydown", (event) => {
    const group = event.target.closest && event.target.closest(".score");
    if (!group || event.ctrlKey || event.metaKey || event.altKey) return;
    const radio = group.querySelector(`.score__input[value="${CSS.escape(event.key)}"]`);
    if (!radio || radio.disabled) return;
    event.preventDefault();
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // A second click must not send a form twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 5000); // a download leaves the page standing
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) each(document, "form[data-sent]", (form) => delete form.dataset.sent);
  });

  // A form that has to wait for its turn sends itself when the turn has come.
  each(document, "form[data-send-after]", (form) =>
    setTimeout(() => form.requestSubmit(), Number(form.dataset.sendAfter) * 1000),
  );

  // A page that renews itself waits while someone types, and leaves place and focus as they are.
  const renews = (event) => event.detail.requestConfig.elt.hasAttribute("data-renews");
  let kept = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (renews(event) && document.activeElement.matches("input, select, textarea")) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 409) event.detail.shouldSwap = true; // what was not taken is said in its place
    kept = renews(event) ? { top: window.scrollY, href: document.activeElement.getAttribute("href") } : null;
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!kept) return;
    const link = kept.href && document.querySelector(`#page-body a[href="${CSS.escape(kept.href)}"]`);
    if (link) link.focus({ preventScroll: true });
    window.scrollTo(0, kept.top);
    kept = null;
  });

  const prepare = (root) => {
    each(root, "[data-count-for]", count);
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  };
  prepare(document);
  document.addEventListener("htmx:afterSwap", (event) => {
    each(event.target, "form[data-sent]", (form) => delete form.dataset.sent);
    prepare(event.target);
  });
})();
