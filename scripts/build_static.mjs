// Builds what the pages load: one style sheet (NHS components without the hosted font, then our own), the font for
// deployments with the NHS brand, the NHS script as a module, and the NHS images.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as sass from "sass";

const kit = "node_modules/nhsuk-frontend/dist/nhsuk";
const styles = "inroads/design/styles";
const out = "inroads/design/static/built";

function compile(name) {
  return sass.compile(`${styles}/${name}.scss`, {
    style: "compressed",
    loadPaths: ["node_modules/nhsuk-frontend/dist"],
    quietDeps: true,
  }).css;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
cpSync(`${kit}/assets`, `${out}/assets`, { recursive: true });
// Without its pointer to a source map that is not served.
const script = readFileSync(`${kit}/nhsuk-frontend-10.6.1.min.js`, "utf8");
writeFileSync(`${out}/nhsuk-frontend.min.js`, script.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
writeFileSync(`${out}/brand.css`, compile("brand"));
// Last, because make takes this file as the sign that the build is whole.
const css = compile("inroads");
writeFileSync(`${out}/inroads.css`, css);
console.log(`Built the style sheet (${Math.round(css.length / 1024)} kB) and the NHS assets.`);
