// Guiding questions: each answer brings the list that follows from it. The form's own GET URL with fragment=materials answers
// HTML; every element in it with an id and data-live (and the one named by data-target) replaces its namesake.

import { text, announce, make } from "./texts.js"

export function start(forms) {
    forms.forEach(arm)
}

function arm(form) {
    let request = null
    for (const button of form.querySelectorAll('button[type="submit"], button:not([type])')) button.hidden = true

    // Who applies at once applies with the answers on the screen, whether or not the server's list has come back.
    document.addEventListener("submit", event => {
        const sent = event.target
        if (sent === form || sent.method !== "post" || !sent.closest("[data-live]")) return
        for (const stale of sent.querySelectorAll('input[type="hidden"][name^="s."]')) stale.remove()
        for (const [name, value] of new FormData(form)) {
            const field = make("input")
            Object.assign(field, { type: "hidden", name, value })
            sent.append(field)
        }
    })

    form.addEventListener("change", async () => {
        const query = new URLSearchParams(new FormData(form))
        const target = new URL(form.getAttribute("action") || location.pathname, location.href)
        target.search = query
        const shareable = target.href
        query.set("fragment", "materials")
        target.search = query
        request?.abort()
        request = new AbortController()
        try {
            const answer = await fetch(target, { headers: { Accept: "text/html" }, signal: request.signal })
            if (!answer.ok) throw new Error(String(answer.status))
            swap(form, new DOMParser().parseFromString(await answer.text(), "text/html"))
            history.replaceState(null, "", shareable)
        } catch (error) {
            if (error.name !== "AbortError") for (const button of form.querySelectorAll("button")) button.hidden = false
        }
    })
    // Answered before this script was here.
    if ([...form.elements].some(control => control.checked !== control.defaultChecked)) form.dispatchEvent(new Event("change"))
}

function swap(form, page) {
    const wanted = form.dataset.target
    let count
    for (const fresh of page.querySelectorAll(`[data-live][id]${wanted ? `, #${CSS.escape(wanted)}` : ""}`)) {
        const stale = document.getElementById(fresh.id)
        if (!stale || stale.contains(document.activeElement)) continue
        count ??= fresh.dataset.count
        stale.replaceWith(document.adoptNode(fresh))
    }
    if (count !== undefined) announce(text("materials", { count }))
}
