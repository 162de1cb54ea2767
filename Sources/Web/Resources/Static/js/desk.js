// The desk: shortcuts everywhere, and the parts its pages ask for.

import { bind, press, listen, areOff, turn } from "./keys.js"
import { text } from "./texts.js"

const go = letter => () => press(`.rail [data-go="${letter}"]`)
bind("Slash", () => {
    const box = document.getElementById("site-search")
    box?.focus()
    box?.select()
    return Boolean(box)
})
bind("KeyG KeyT", go("t"))
bind("KeyG KeyS", go("s"))
bind("KeyG KeyB", go("b"))
bind("Shift+Slash", list)
bind("Escape", event => {
    if (event.target.id !== "site-search") return false
    document.getElementById("main").focus()
}, { inFields: true })

function list() {
    const content = document.getElementById("keys-list")?.content
    if (!content) return false
    let dialog = document.getElementById("keys-dialog")
    if (!dialog) {
        document.body.append(content.cloneNode(true))
        dialog = document.getElementById("keys-dialog")
    }
    const opener = document.activeElement
    dialog.addEventListener("close", () => opener?.focus(), { once: true })
    dialog.showModal()
}

const listButton = document.querySelector("[data-keys-list]")
const toggle = document.querySelector("[data-keys-toggle]")
if (listButton && toggle) {
    listButton.hidden = toggle.hidden = false
    listButton.addEventListener("click", list)
    const label = () => { toggle.textContent = text(areOff() ? "keysOn" : "keysOff") }
    toggle.addEventListener("click", () => { turn(!areOff()); label() })
    label()
}
listen()

const parts = [
    ["[data-tasks]", () => import("./tasks.js")],
    ["[data-workspace]", () => import("./workspace.js")],
    ["form[data-composer]", () => import("./composer.js")],
]
for (const [selector, load] of parts) {
    const found = document.querySelector(selector)
    if (found) load().then(part => part.start(found))
}
