// Shortcuts of the desk, matched by the key's place (code). They rest in fields, in menus and while an input method composes,
// can be switched off, and only press what is visible: none does anything a button does not.

import { token } from "./texts.js"

const bindings = new Map()
let prefix = null, prefixTimer = 0

/** What an event is called: "KeyJ", "Shift+KeyJ", "Alt+KeyN", "Ctrl+Enter". */
function nameOf(event) {
    const held = [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey ? "Shift" : ""]
    return [...held.filter(Boolean), event.code].join("+")
}

/** Binds a key, or two pressed one after the other ("KeyG KeyT"); `inFields` also while typing. An action returns false to pass. */
export function bind(name, action, { inFields = false } = {}) {
    bindings.set(name, { action, inFields })
}

const isField = target => target.isContentEditable
    || target.matches?.("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])")

export const areOff = () => document.body.dataset.keys === "off"

/** Switches the shortcuts off or on; the server remembers it for this browser. */
export function turn(off) {
    document.body.dataset.keys = off ? "off" : "on"
    const body = new URLSearchParams({ csrf: token(), keys: document.body.dataset.keys, back: "/" })
    fetch("/preferences", { method: "POST", body, redirect: "manual" }).catch(() => {})
}

/** Presses a visible control, or moves into a visible field; false when there is none. */
export function press(selector, within = document) {
    const control = [...within.querySelectorAll(selector)].find(
        found => found.checkVisibility?.() ?? found.offsetParent !== null)
    if (!control || control.getAttribute("aria-disabled") === "true") return false
    if (control.matches("input:not([type=checkbox]), textarea, select")) control.focus()
    else control.click()
    return true
}

export function listen() {
    document.addEventListener("keydown", event => {
        if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || areOff()) return
        if (/^(Shift|Control|Alt|Meta)/.test(event.code)) return
        if (document.querySelector("dialog[open]")) return
        const alone = nameOf(event)
        const name = prefix ? `${prefix} ${alone}` : alone
        prefix = null
        clearTimeout(prefixTimer)
        const binding = bindings.get(name) ?? bindings.get(alone)
        const typing = isField(event.target)
        if (binding && (!typing || binding.inFields)) {
            if (binding.action(event) !== false) event.preventDefault()
        } else if (!typing && [...bindings.keys()].some(key => key.startsWith(`${alone} `))) {
            prefix = alone
            prefixTimer = setTimeout(() => { prefix = null }, 1_500)
        }
    })
}
