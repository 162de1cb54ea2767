// A form is sent once: its button says so, a second press does nothing, and after 10 s the reader learns that it is slow.

import { text, announce, make } from "./texts.js"

export function start() {
    document.addEventListener("submit", event => {
        const form = event.target
        if (form.method !== "post" || form.target === "_blank" || form.hasAttribute("data-unguarded") || event.defaultPrevented) return
        if (form.dataset.busy) return event.preventDefault()
        form.dataset.busy = "1"
        const button = event.submitter ?? form.querySelector(".button:not(.button-secondary)")
        if (button?.classList.contains("button")) wait(button)
        const timer = setTimeout(() => slow(form), 10_000)
        addEventListener("pagehide", () => clearTimeout(timer), { once: true })
    })
    addEventListener("pageshow", event => { if (event.persisted) reset() })
}

function wait(button) {
    button.kept = [...button.childNodes]
    button.style.minWidth = `${button.offsetWidth}px`
    button.replaceChildren(text("submitting"))
    button.setAttribute("aria-disabled", "true")
    announce(text("submitting"))
}

function slow(form) {
    const note = make("p", "save-state", text("slow"))
    note.dataset.slow = "1"
    form.append(note)
    announce(text("slow"))
}

/** Makes sent forms usable again: after going back, or after a script has taken over the sending. */
export function reset() {
    for (const form of document.querySelectorAll("form[data-busy]")) {
        delete form.dataset.busy
        form.querySelector("[data-slow]")?.remove()
    }
    for (const button of document.querySelectorAll('button[aria-disabled="true"]')) {
        if (button.kept) button.replaceChildren(...button.kept)
        button.removeAttribute("aria-disabled")
    }
}
