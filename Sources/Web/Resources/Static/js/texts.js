// Texts of the interface for scripts (from the page's template "strings"), and what screen readers are told.

const source = document.getElementById("strings")?.content

/** The text of a key with its parameters {name} filled in; empty when the page has none. */
export function text(key, values = {}) {
    const found = source?.querySelector(`[data-key="${key}"]`)?.textContent ?? ""
    return found.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
}

function say(id, message) {
    const region = document.getElementById(id)
    if (!region || !message) return
    region.textContent = ""
    setTimeout(() => { region.textContent = message }, 50)
}

/** Said when the reader pauses. */
export const announce = message => say("status", message)

/** Said at once: only a lapsing sign-in and a lost network. */
export const alarm = message => say("alert", message)

/** 14:32 in the reader's clock. */
export const clock = (date = new Date()) =>
    `${date.getHours()}:${String(date.getMinutes()).padStart(2, "0")}`

/** An element with a class and children. */
export function make(name, className, ...children) {
    const element = document.createElement(name)
    if (className) element.className = className
    element.append(...children)
    return element
}

/** The token of the form the element belongs to, or of any form of the page. */
export const token = element =>
    (element?.closest("form") ?? document).querySelector('input[name="csrf"]')?.value
    ?? document.querySelector('input[name="csrf"]')?.value ?? ""
