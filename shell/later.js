// Brings the second part of the program. The build splits it off (docs/size.md) and names this file where the
// first part asks for it; the page's link names the second part with its hash: a changed file is refused.

let isStarted;
const firstPart = new Promise((resolve) => {
  isStarted = resolve;
});
let secondPart;

// The first part runs: its memory, table and stack are those of the second part.
export function joinTo(exports) {
  isStarted(exports);
}

// Fetches and compiles the second part, once. A failure is not kept: the next call tries again.
export function fetchLater() {
  secondPart ??= compiled().catch((error) => {
    secondPart = undefined;
    throw error;
  });
  return secondPart;
}

async function compiled() {
  const link = document.querySelector('link[rel="later"]');
  const answer = await fetch(link.href, { integrity: link.dataset.integrity, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the second part of the program was not found (${answer.status})`);
  return WebAssembly.compile(await answer.arrayBuffer());
}

// Called by the first part, which waits for `callback` with `data` and whether it worked.
export async function __wasm_split_load_later(callback, data) {
  const exports = await firstPart;
  let isThere = false;
  try {
    await WebAssembly.instantiate(await fetchLater(), { __wasm_split: exports });
    isThere = true;
  } catch (error) {
    console.warn(error);
  }
  exports.__indirect_function_table.get(callback)(data, isThere);
}
