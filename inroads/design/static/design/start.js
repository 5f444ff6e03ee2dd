// Starts the NHS components where the browser can run them; every page works without.
import { initAll } from "../built/nhsuk-frontend.min.js";
import { keepAll } from "./keep.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();
keepAll();
