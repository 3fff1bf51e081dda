// Starts the page. Trunk's own start script is inline, which the content security policy forbids; this one is
// a file. It takes the addresses from the links that Trunk writes, with the hashes of what they lead to: a
// changed file is refused.

// Leptos builds elements from templates that are fixed when it is compiled. Nothing else has a reason to
// write HTML, and nothing that could run is let through.
const FORBIDDEN_TAGS = /<\s*\/?\s*(?:script|style|iframe|frame|frameset|object|embed|link|meta|base|template|noscript|math|foreignobject|annotation-xml|portal|set|animate\w*|handler|listener)\b/i;
const FORBIDDEN_ATTRIBUTES = /[\s"'/](?:on[\w-]*|style|src\w*|action|formaction|ping|background|data|xlink:href|attributename)\s*=/i;
const ADDRESSES = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]*))/gi;
const ALLOWED_ADDRESS = /^(?:https:\/\/|#|\.?\/(?!\/)|$)/;

function isInert(html) {
  if (FORBIDDEN_TAGS.test(html) || FORBIDDEN_ATTRIBUTES.test(html)) return false;
  return [...html.matchAll(ADDRESSES)].every((match) => ALLOWED_ADDRESS.test(match[1] ?? match[2] ?? match[3] ?? ""));
}

globalThis.trustedTypes?.createPolicy("default", {
  createHTML(html) {
    if (isInert(html)) return html;
    throw new TypeError("refused to write HTML that could run");
  },
});

function tell(sentence) {
  const notice = document.createElement("div");
  notice.className = "crash-notice";
  notice.setAttribute("role", "alert");
  notice.textContent = sentence;
  document.body.prepend(notice);
}

// What the parts that are loaded later are called, by the beginnings of the addresses that need them.
const PARTS = { "#/tasks/": "later", "#/file": "files" };

// What brings the later parts of the program, where the build has split it. A page that needs one of them needs the
// first part too: they are fetched side by side. That it failed is told when it is asked for again.
async function importLater(address) {
  const later = await import(address);
  for (const [beginning, part] of Object.entries(PARTS)) {
    if (location.hash.startsWith(beginning)) later.fetchPart(part).catch(() => {});
  }
  return later;
}

async function startPage() {
  // The build moves the wasm's hash to `data-integrity`, because browsers warn about it on this kind of link.
  const [glue, joint] = document.querySelectorAll('link[rel="modulepreload"]');
  const wasm = document.querySelector('link[rel="preload"][as="fetch"]');
  try {
    const [{ default: start }, later, answer] = await Promise.all([
      import(glue.href),
      joint && importLater(joint.href),
      fetch(wasm.href, { integrity: wasm.integrity || wasm.dataset.integrity || "", credentials: "same-origin" }),
    ]);
    if (!answer.ok) throw new Error(`the program was not found (${answer.status})`);
    const exports = await start({ module_or_path: answer });
    later?.joinTo(exports);
  } catch (error) {
    // A panic of the page has been told by the page itself.
    if (!(error instanceof WebAssembly.RuntimeError)) {
      tell("Flightdeck could not be loaded: there may be a new version. Reload the page.");
      throw error;
    }
  }
}

// A page inside another one could be clicked by somebody who does not see it. Hosts that send headers forbid
// that; for the others nothing is shown there.
if (window.top === window.self) {
  await startPage();
} else {
  document.documentElement.dataset.framed = "";
}
