"""How does whoever uses the keyboard stay where they were while the page is drawn anew?"""

from __future__ import annotations

# Vue puts a new button where the old one was, and the browser lets the focus fall back to the
# page, so that Tab begins at the top. Only the browser knows what had the focus; it is found again
# by its name, else by its place, in the innermost part of the page that is still there.
KEEPER = """
<script>
(() => {
  const takes = 'a[href], button, input, textarea, summary, [tabindex]';
  const name = (one) => one.getAttribute('aria-label') || one.textContent;
  const among = (part) => [...part.querySelectorAll(takes)];
  let last = null;
  const isLost = () =>
    last && !last.one.isConnected && document.activeElement === document.body;
  const refocus = (parts) => {
    for (const { part, place } of isLost() ? parts : []) {
      const all = among(part);
      const again = all.find((each) => name(each) === last.name) || all[place] || all.at(-1);
      if (again) return again.focus({ preventScroll: true });
    }
  };
  document.addEventListener('focusin', ({ target: one }) => {
    const parts = [];
    for (let part = one.parentElement; part?.closest('.app > *'); part = part.parentElement)
      parts.push({ part, place: among(part).indexOf(one) });
    last = { one, name: name(one), parts };
  });
  // Whoever clicks into the void wants the focus nowhere.
  document.addEventListener('pointerdown', ({ target }) => {
    if (!target.closest(takes)) last = null;
  });
  new MutationObserver(() => {
    if (!isLost()) return;
    const parts = last.parts.filter(({ part }) => part.isConnected);
    refocus(parts.slice(0, 1));
    setTimeout(() => refocus(parts), 100); // what comes in two parts is whole by then
  }).observe(document, { childList: true, subtree: true });
})();
</script>
"""

# On a phone the keyboard would cover half of the channel.
_BY_KEYBOARD = "if (matchMedia('(pointer: fine)').matches) runMethod({id}, 'focus', [])"


def unless_touched(element_id: int) -> str:
    """The script that puts the focus on an element where people point with more than a thumb."""
    return _BY_KEYBOARD.replace("{id}", str(element_id))
