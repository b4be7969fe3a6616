/* The kind of business: a text box becomes a combobox over what the server finds for the typed words.
   Without it the words are looked up when the form is sent. */
(() => {
  "use strict";

  const WAIT = 120; // milliseconds after the last key
  let made = 0;

  const enhance = (box) => {
    const root = box.closest(".kinds");
    const said = root.querySelector("[data-kinds-said]");
    const list = document.createElement("ul");
    const words = root.querySelector("[data-kinds-for]");
    let found = [];
    let active = -1;
    let timer = 0;
    let asked = null;

    list.id = `kinds-${(made += 1)}`;
    list.className = "kinds__list";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    const label = box.id && document.querySelector(`label[for="${CSS.escape(box.id)}"]`);
    list.setAttribute("aria-label", (label || box).textContent.trim());
    box.after(list);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("aria-controls", list.id);

    const close = () => {
      clearTimeout(timer);
      if (asked) asked.abort();
      list.hidden = true;
      active = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    };

    const mark = (place) => {
      active = place;
      [...list.children].forEach((each, n) => each.setAttribute("aria-selected", String(n === place)));
      if (place < 0) {
        box.removeAttribute("aria-activedescendant");
        return;
      }
      box.setAttribute("aria-activedescendant", list.children[place].id);
      list.children[place].scrollIntoView({ block: "nearest" });
    };

    // The key that is sent: a hidden input, also where the page asked which kind is meant.
    const key = () => {
      const asks = root.querySelector("[data-kinds-found]");
      if (asks) {
        const input = document.createElement("input");
        input.type = "hidden";
        input.name = asks.dataset.kindsName;
        input.dataset.kindsKey = "";
        asks.replaceWith(input);
      }
      return root.querySelector("[data-kinds-key]");
    };

    const choose = (place) => {
      const kind = found[place];
      box.value = kind.label;
      if (words) {
        words.value = kind.label;
        key().value = kind.value;
        const group = root.querySelector(".kinds__group");
        if (group) group.textContent = kind.note;
      }
      close();
      said.textContent = kind.label;
    };

    const draw = (answer) => {
      found = answer.kinds;
      list.replaceChildren(
        ...found.map((kind, n) => {
          const one = document.createElement("li");
          one.id = `${list.id}-${n}`;
          one.className = "kinds__one";
          one.setAttribute("role", "option");
          one.setAttribute("aria-selected", "false");
          one.textContent = kind.label;
          if (kind.note) {
            const note = document.createElement("small");
            note.textContent = kind.note;
            one.append(note);
          }
          return one;
        }),
      );
      active = -1;
      box.removeAttribute("aria-activedescendant");
      list.hidden = !found.length;
      box.setAttribute("aria-expanded", String(found.length > 0));
      said.textContent = answer.said;
    };

    const ask = async (then) => {
      if (asked) asked.abort();
      asked = new AbortController();
      const address = new URL(box.dataset.kinds, window.location.href);
      address.searchParams.set("q", box.value);
      try {
        const answer = await fetch(address, { signal: asked.signal, credentials: "same-origin" });
        if (!answer.ok) return;
        draw(await answer.json());
        if (then && found.length) then();
      } catch (error) {
        if (error.name !== "AbortError") close(); // away: the words are looked up when the form is sent
      }
    };

    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    box.addEventListener("keydown", (event) => {
      const open = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const down = event.key === "ArrowDown";
        if (!open) ask(() => mark(down ? 0 : found.length - 1));
        else mark(down ? (active + 1) % found.length : (active <= 0 ? found.length : active) - 1);
      } else if (event.key === "Enter" && open && active >= 0) {
        event.preventDefault();
        choose(active);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        event.stopPropagation();
        close();
      } else if (event.key === "Tab") {
        close();
      }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => {
      const one = event.target.closest(".kinds__one");
      if (one) choose([...list.children].indexOf(one));
    });
    box.addEventListener("click", () => {
      if (list.hidden && !box.value) ask();
    });
    box.addEventListener("blur", close);
  };

  const prepare = (root) => root.querySelectorAll("[data-kinds]:not([role])").forEach(enhance);
  prepare(document);
  document.addEventListener("htmx:afterSwap", (event) => prepare(event.target));
})();
