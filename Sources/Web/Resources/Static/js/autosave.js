// Saves a form 2 s after a change: POST of its fields to data-autosave. Answer 2xx, as JSON perhaps { version };
// 401 asks to sign in again, 409 { detail } says who was first and stops saving.

import { text, announce, clock } from "./texts.js"

export function start(forms) {
    for (const form of forms) watch(form)
}

function watch(form) {
    const state = form.querySelector("[data-save-state]")
    let timer = 0, dirty = false, saving = false, failed = false, stopped = false, lastSaid = 0

    const show = message => { if (state) state.textContent = message }

    function body() {
        const fields = new URLSearchParams()
        for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value)
        fields.set("action", "autosave")
        return fields
    }

    async function save() {
        clearTimeout(timer)
        if (!dirty || saving || stopped || form.dataset.busy) return
        saving = true
        dirty = false
        try {
            const answer = await fetch(form.dataset.autosave, {
                method: "POST", body: body(), headers: { Accept: "application/json" }, redirect: "error",
            })
            if (answer.status === 401) return lost(() => document.dispatchEvent(new CustomEvent("tongban:signed-out")))
            if (answer.status === 409) {
                stopped = true
                show((await answer.json().catch(() => ({}))).detail ?? text("saveFailed"))
                return
            }
            if (!answer.ok) return lost()
            const reply = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {}
            const version = form.querySelector('input[name="version"]')
            if (version && reply.version !== undefined) version.value = reply.version
            succeed()
        } catch {
            lost()
        } finally {
            saving = false
            if (dirty && !failed) schedule()
        }
    }

    function succeed() {
        failed = false
        document.dispatchEvent(new CustomEvent("tongban:alive"))
        const message = text("autosaved", { time: clock() })
        show(message)
        if (Date.now() - lastSaid >= 60_000) {
            lastSaid = Date.now()
            announce(message)
        }
    }

    function lost(then) {
        dirty = true
        failed = true
        show(text("saveFailed"))
        then?.()
        timer = setTimeout(save, 15_000)
    }

    function schedule() {
        clearTimeout(timer)
        timer = setTimeout(save, 2_000)
    }

    const changed = event => {
        if (event.target.type === "file") return
        dirty = true
        schedule()
    }
    form.addEventListener("input", changed)
    form.addEventListener("change", changed)
    // Typed before this script was here.
    if ([...form.elements].some(isTouched)) {
        dirty = true
        schedule()
    }
    addEventListener("online", save)
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save() })
    addEventListener("pagehide", () => {
        if (dirty && !stopped && !form.dataset.busy) {
            fetch(form.dataset.autosave, { method: "POST", body: body(), keepalive: true }).catch(() => {})
        }
    })
    addEventListener("beforeunload", event => { if (failed && dirty && !form.dataset.busy) event.preventDefault() })
}

const isTouched = control => control.matches("input:not([type=hidden], [type=file]), textarea")
    && (control.value !== control.defaultValue || Boolean(control.checked) !== Boolean(control.defaultChecked))
