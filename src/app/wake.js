(async (script, module) => {
  // Reading comes first: what is there works before it is awake.
  await new Promise((go) => (window.requestIdleCallback ? requestIdleCallback(go, { timeout: 1000 }) : setTimeout(go)));
  // A page that comes back from a browser's memory waits for nothing any more.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) for (const busy of document.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  });
  const islands = await import(script);
  await islands.default({ module_or_path: module });
  islands.hydrate();
  // For browsers that don't know what a button's command is yet.
  if (!("command" in HTMLButtonElement.prototype)) {
    addEventListener("click", ({ target }) => {
      const button = target.closest?.("[commandfor]");
      const dialog = button && document.getElementById(button.getAttribute("commandfor"));
      if (button?.getAttribute("command") === "close") dialog?.close();
      else if (dialog?.open === false) dialog.showModal();
    });
  }
  // An island within another one's children takes part in what that one provides.
  const around = [];
  const wake = async (node) => {
    if (node.localName === "leptos-island") {
      around.at(-1)?.();
      await islands[node.dataset.component]?.(node);
    }
    const holds = node.localName === "leptos-children";
    if (holds) around.push(node.$$on_hydrate);
    for (const child of node.children) await wake(child);
    if (holds) around.pop();
  };
  await wake(document.body);
  // A part of the page that was made anew.
  addEventListener("wake", ({ target }) => wake(target));
  // Tests wait for it, and so may styles.
  document.documentElement.dataset.hydrated = "true";
})
