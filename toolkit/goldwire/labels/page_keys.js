/* What Label Studio lets only a mouse do, on two keys: F8 marks the selected words, or clicks the span in which the
   caret stands; F9 opens the list of labels of the relation that was drawn last. Comments are taken out, line ends too:
   every statement ends in a semicolon. */
(() => {
  if (window.goldwireKeys) return;
  window.goldwireKeys = true;
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const send = (place, ...types) => types.forEach(type => place?.dispatchEvent(new MouseEvent(type, { bubbles: true })));
  const soon = next => setTimeout(next, 60);
  const mark = (article, selection) => {
    const box = selection.getRangeAt(0).getClientRects()[0];
    send(article, "mouseup", "click");
    soon(() => {
      const first = document.caretRangeFromPoint(box.left + 1, box.top + box.height / 2);
      selection.collapse(first.startContainer, first.startOffset);
    });
  };
  const relation = () => {
    send(all(".lsf-panel-tabs__draggable-tab").find(tab => tab.innerText === "Relations"), "mousedown", "mouseup");
    soon(() => {
      const last = all(".lsf-relations__item").pop();
      send(last, "mouseover");
      soon(() => {
        all("[aria-label='Show Relation Labels']", last).forEach(button => button.click());
        soon(() => {
          all(".lsf-relation-meta button", last).forEach(button => button.click());
          soon(() => all("[cmdk-root]").pop().focus());
        });
      });
    });
  };
  document.addEventListener("keydown", event => {
    const selection = getSelection();
    const article = document.querySelector(".gw-article .lsf-richtext__container");
    if (event.key === "F9") relation();
    if (event.key !== "F8" || !article?.contains(selection.focusNode)) return;
    if (selection.isCollapsed) send(selection.focusNode.parentElement.closest(".htx-highlight"), "click");
    else mark(article, selection);
  });
})();
