// Composing a notice: the preview follows the words (POST of the form with fragment=preview to data-preview, HTML back),
// phrases go where the cursor was, Alt+N adds a point, Ctrl+Enter presses the primary button.

import { bind, press } from "./keys.js"
import { text, announce } from "./texts.js"

export function start(form) {
    const target = form.querySelector("[data-preview-target]")
    let timer = 0, request = null, lastField = null

    async function preview() {
        request?.abort()
        request = new AbortController()
        const body = new URLSearchParams()
        for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value)
        body.set("fragment", "preview")
        try {
            const answer = await fetch(form.dataset.preview, { method: "POST", body, headers: { Accept: "text/html" }, signal: request.signal })
            if (!answer.ok) throw new Error(String(answer.status))
            const page = new DOMParser().parseFromString(await answer.text(), "text/html")
            target.replaceChildren(...page.body.childNodes)
        } catch (error) {
            if (error.name !== "AbortError") announce(text("previewFailed"))
        }
    }
    if (target && form.dataset.preview) {
        const soon = () => {
            clearTimeout(timer)
            timer = setTimeout(preview, 400)
        }
        form.addEventListener("input", soon)
        form.addEventListener("change", soon)
    }

    form.addEventListener("focusin", event => {
        if (event.target.matches("textarea, input[type=text]")) lastField = event.target
    })
    form.addEventListener("click", event => {
        const phrase = event.target.closest("[data-phrase]")
        if (!phrase) return
        const point = phrase.closest(".point, .field") ?? form
        const named = phrase.dataset.for && document.getElementById(phrase.dataset.for)
        const field = named || (point.contains(lastField) ? lastField : point.querySelector("textarea"))
        if (!field) return
        field.focus()
        field.setRangeText(phrase.dataset.phrase, field.selectionStart, field.selectionEnd, "end")
        field.dispatchEvent(new Event("input", { bubbles: true }))
    })

    bind("Alt+KeyN", () => press('[data-key="alt+n"]', form), { inFields: true })
    bind("Ctrl+Enter", () => press(".button:not(.button-secondary, .button-quiet, .default-submit)", form), { inFields: true })
    bind("KeyU", () => press("[data-back]"))
}
