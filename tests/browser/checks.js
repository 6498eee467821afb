// What no page may do, asked inside the page. Each answer lists what is wrong.
(() => {
  const clipped = (element) =>
    element !== null &&
    (getComputedStyle(element).clipPath !== "none" || clipped(element.parentElement));

  const seen = (element) =>
    !element.closest("svg, .trap, [hidden], option") &&
    element.checkVisibility() &&
    !clipped(element);

  const cut = (text) => text.trim().slice(0, 60);

  function lines() {
    const rows = [];
    for (const element of document.body.querySelectorAll("*")) {
      if (!seen(element)) continue;
      for (const node of element.childNodes) {
        if (node.nodeType !== Node.TEXT_NODE || !node.textContent.trim()) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) rows.push([element, box]);
      }
    }
    return rows;
  }

  const violated = async (runOnly) => {
    // Of what is right it would list every element, and how to find it.
    const resultTypes = ["violations"];
    const { violations } = await axe.run(document, { runOnly, resultTypes });
    return violations.map(({ id, nodes }) =>
      [id, ...nodes.slice(0, 3).map((node) => node.html.slice(0, 160))].join(" | "),
    );
  };

  const checks = {
    axe: (rules) => violated(rules),

    contrast: () => violated({ type: "rule", values: ["color-contrast"] }),

    sideways: () => {
      const over = document.documentElement.scrollWidth - window.innerWidth;
      return over > 0 ? [`${over} px too wide`] : [];
    },

    // Texts of elements that do not contain each other, one on the other.
    overlaps: () => {
      const found = [];
      const rows = lines();
      rows.forEach(([a, p], index) => {
        for (const [b, q] of rows.slice(index + 1)) {
          if (a === b || a.contains(b) || b.contains(a)) continue;
          const across = Math.min(p.right, q.right) - Math.max(p.left, q.left);
          const down = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
          if (across > 2 && down > 0.25 * Math.min(p.height, q.height)) {
            found.push(`${cut(a.textContent)} / ${cut(b.textContent)}`);
          }
        }
      });
      return found;
    },

    // Controls are 48 px high; links that stand alone are 24 px, inline ones as they are.
    small: () => {
      const controls = "button, summary, select, textarea, .button, .input, .nav a, .choice";
      const inline = "p a, li a, dd a, th a, td a, .choice *, .folded summary, .small *";
      return [...document.querySelectorAll(`${controls}, a, input:not([type=hidden])`)]
        .filter(seen)
        .filter((element) => {
          if (!element.matches(controls) && element.matches(inline)) return false;
          const loose = element.matches(inline) || !element.matches(controls);
          return element.getBoundingClientRect().height < (loose ? 24 : 48) - 0.5;
        })
        .map((element) => element.outerHTML.slice(0, 120));
    },
  };

  window.checks = checks;
})();
