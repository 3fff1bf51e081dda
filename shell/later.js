// Brings the parts of the program that are not there at once. The build splits them off (docs/size.md) and names
// this file where the first part asks for them. A part is what the page's links with `data-later` say: programs,
// each with the parts that it is wanted by, and the sheets of all of them. A changed file is refused.

let isStarted;
const firstPart = new Promise((resolve) => {
  isStarted = resolve;
});
const fetched = new Map();
const joined = new Map();

// The first part runs: its memory, table and stack are those of the other parts.
export function joinTo(exports) {
  isStarted(exports);
}

// Fetches and compiles what a part is made of, once.
export function fetchPart(part) {
  return Promise.all(linksOf(part).map(fetchLink));
}

function linksOf(part) {
  const isWanted = (link) => link.dataset.later === "" || link.dataset.later.split(" ").includes(part);
  return [...document.querySelectorAll("link[data-later]")].filter(isWanted);
}

// A failure is not kept: the next call tries again.
function once(kept, link, make) {
  if (!kept.has(link)) {
    const made = make().catch((error) => {
      kept.delete(link);
      throw error;
    });
    kept.set(link, made);
  }
  return kept.get(link);
}

function fetchLink(link) {
  return once(fetched, link, () => (isSheet(link) ? applied(link) : compiled(link)));
}

function isSheet(link) {
  return link.dataset.later === "";
}

// The sheet stays at its place among the others.
function applied(link) {
  return new Promise((resolve, reject) => {
    link.onload = () => resolve();
    link.onerror = () => {
      link.rel = "later";
      reject(new Error("a style sheet was not found"));
    };
    link.integrity = link.dataset.integrity;
    link.rel = "stylesheet";
  });
}

async function compiled(link) {
  const answer = await fetch(link.href, { integrity: link.dataset.integrity, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`a part of the program was not found (${answer.status})`);
  return WebAssembly.compile(await answer.arrayBuffer());
}

// What several parts want comes first among the links, and is joined once.
async function join(part) {
  const exports = await firstPart;
  await fetchPart(part);
  for (const link of linksOf(part).filter((link) => !isSheet(link))) {
    await once(joined, link, async () => WebAssembly.instantiate(await fetchLink(link), { __wasm_split: exports }));
  }
}

// Called by the first part, which waits for `callback` with `data` and whether it worked.
function loader(part) {
  return async (callback, data) => {
    let isThere = false;
    try {
      await join(part);
      isThere = true;
    } catch (error) {
      console.warn(error);
    }
    (await firstPart).__indirect_function_table.get(callback)(data, isThere);
  };
}

export const __wasm_split_load_later = loader("later");
export const __wasm_split_load_files = loader("files");
