// The first two sections, which the Rust side writes as HTML: read, and put in the place of those before. This is the one
// place where anything is read as HTML.
import type { Texts } from "../text/texts";
import { addCopyButtons } from "../view/document";

/** Reads a section. Its links lead to places in the run, and the ids of other runs become links. */
export function readSection(html: string, run: string, t: Texts): HTMLElement {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const link of body.querySelectorAll('a[href^="#"]')) {
    link.setAttribute("href", `#run=${run}&${(link.getAttribute("href") ?? "").slice(1)}`);
  }
  for (const other of body.querySelectorAll("[data-run]")) {
    const link = document.createElement("a");
    link.href = `#run=${other.getAttribute("data-run") ?? ""}`;
    link.append(...other.childNodes);
    other.replaceWith(link);
  }
  addCopyButtons(body, t);
  return body;
}

/** Makes what `shown` holds the same as what `wanted` holds. Nodes that are alike stay, with the focus and the selection. */
export function morph(shown: Element, wanted: Element): void {
  const nodes = [...wanted.childNodes];
  nodes.forEach((node, at) => {
    const have = shown.childNodes[at];
    if (!have) shown.append(document.adoptNode(node));
    else if (have instanceof Element && node.nodeType === Node.ELEMENT_NODE && have.nodeName === node.nodeName) {
      copyAttributes(have, node as Element);
      morph(have, node as Element);
    } else if (have instanceof Text && node.nodeType === Node.TEXT_NODE) {
      if (have.data !== node.nodeValue) have.data = node.nodeValue ?? "";
    } else have.replaceWith(document.adoptNode(node));
  });
  while (shown.childNodes.length > nodes.length) shown.lastChild?.remove();
}

function copyAttributes(shown: Element, wanted: Element): void {
  for (const { name } of [...shown.attributes]) if (!wanted.hasAttribute(name)) shown.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
}
