// SPDX-License-Identifier: AGPL-3.0-or-later
// bundle.mjs FOLDER: the two client pages as one file each, from the packages installed in FOLDER.
import { createRequire } from "node:module";
import path from "node:path";

const folder = path.resolve(process.argv[2]), esbuild = createRequire(path.join(folder, "x.js"))("esbuild");
const files = { config: "config", widgets: "src/js/widgets", translator: "src/js/fake-translator", dialog: "src/js/fake-dialog",
  "file-manager": "src/js/file-manager", "xpath-evaluator-binding": "src/js/xpath-evaluator-binding" };
const parts = { name: "parts of Enketo that a host may replace",
  setup(build) { build.onResolve({ filter: /^enketo\// }, (x) => ({ path: path.join(folder, "node_modules/enketo-core", `${files[x.path.slice(7)]}.js`) })); } };
await esbuild.build({ entryPoints: [path.join(folder, "odk.js"), path.join(folder, "enketo.js")], outdir: path.join(folder, "out"), bundle: true, format: "esm",
  mainFields: ["browser", "module", "main"], external: ["libxslt"], define: { "process.env.NODE_ENV": '"production"', global: "window" }, plugins: [parts],
  logLevel: "warning" });
