// Speaks to a server as any program with GitHub's own client does: makes the calls that it is given and prints,
// one line of JSON for each, what the client made of the answers.
//
// node speak.mjs FOLDER BASE TOKEN CALLS: the folder whose node_modules has the client; CALLS is a JSON array of
// {route, parameters?, pages?}. With `pages` the client follows the Link header and there is a line for each page.

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, baseUrl, auth, calls] = process.argv.slice(2);
const { resolve } = createRequire(join(folder, "package.json"));
const load = (name) => import(pathToFileURL(resolve(name)).href);
const { Octokit } = await load("@octokit/core");
const { paginateRest } = await load("@octokit/plugin-paginate-rest");

const PagingOctokit = Octokit.plugin(paginateRest);
const octokit = new PagingOctokit({ baseUrl, auth, log: { debug() {}, info() {}, warn() {}, error() {} } });

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

for (const { route, parameters, pages } of JSON.parse(calls)) {
  try {
    const answers = pages ? octokit.paginate.iterator(route, parameters) : [await octokit.request(route, parameters)];
    for await (const { status, url, headers, data } of answers) {
      print({ status, url, headers, data });
    }
  } catch (error) {
    if (!error.response) throw error;
    const { status, url, headers, data } = error.response;
    print({ status, url, headers, data, error: { name: error.name, status: error.status, message: error.message } });
  }
}
