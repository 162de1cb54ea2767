// Every page works without this. Each part is fetched only where the page has something for it.

import { start as small } from "./small.js"
import { start as submit } from "./submit.js"
import { start as session } from "./session.js"

const parts = [
    ["form:has([data-show])", () => import("./show.js")],
    ["form[data-autosave]", () => import("./autosave.js")],
    ["[data-upload]", () => import("./upload.js")],
    ["form[data-search]", () => import("./search.js")],
    ["form[data-questions]", () => import("./questions.js")],
    ["[data-export]", () => import("./export.js")],
    ["[data-progress]", () => import("./progress.js")],
]

document.documentElement.classList.add("js")
small()
submit()
session()

for (const [selector, load] of parts) {
    const found = [...document.querySelectorAll(selector)]
    if (found.length > 0) load().then(part => part.start(found))
}
