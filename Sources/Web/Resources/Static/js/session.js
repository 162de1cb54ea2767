// A lapsing sign-in is announced 2 minutes before, what was typed stays; a lost network shows a strip.

import { text, alarm, announce } from "./texts.js"

const WARNING = 120_000

export function start() {
    network()
    const dialog = document.getElementById("session-dialog")
    const seconds = Number(document.body.dataset.sessionEnds)
    if (!dialog) return
    let ends = seconds > 0 ? Date.now() + seconds * 1000 : Infinity
    let dismissed = false

    const part = name => dialog.querySelector(`[data-session-${name}]`)
    function show(lapsed) {
        for (const part of dialog.querySelectorAll("[data-session-live], [data-session-stay]")) part.hidden = lapsed
        for (const part of dialog.querySelectorAll("[data-session-lapsed], [data-session-sign-in]")) part.hidden = !lapsed
        if (!dialog.open) dialog.showModal()
        alarm(dialog.querySelector(lapsed ? "p[data-session-lapsed]" : "p[data-session-live]").textContent)
    }
    function check() {
        const left = ends - Date.now()
        if (left <= 0 && dismissed !== "lapsed") { dismissed = "lapsed"; show(true) }
        else if (left > 0 && left <= WARNING && !dismissed) { dismissed = "warned"; show(false) }
    }
    const renew = () => {
        if (seconds > 0) ends = Date.now() + seconds * 1000
        dismissed = false
    }

    part("stay").addEventListener("click", async () => {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" }).catch(() => null)
        if (!answer?.ok) return show(true)
        renew()
        dialog.close()
    })
    // Signed in again in another window: forms of this page need the token of the new sign-in.
    addEventListener("focus", async () => {
        if (dismissed !== "lapsed") return
        const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" }).catch(() => null)
        const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null
        const token = page?.querySelector('input[name="csrf"]')?.value
        if (!token) return
        for (const input of document.querySelectorAll('input[name="csrf"]')) input.value = token
        renew()
        dialog.close()
        document.dispatchEvent(new CustomEvent("tongban:signed-in"))
    })
    part("later").addEventListener("click", () => dialog.close())
    part("sign-in")?.addEventListener("click", () => { ends = Infinity; dialog.close() })
    document.addEventListener("tongban:alive", renew)
    document.addEventListener("tongban:signed-out", () => { dismissed = "lapsed"; show(true) })
    document.addEventListener("visibilitychange", check)
    setInterval(check, 15_000)
}

function network() {
    const strip = document.getElementById("offline")
    if (!strip) return
    const update = () => { strip.hidden = navigator.onLine }
    addEventListener("offline", () => { update(); alarm(text("offline")) })
    addEventListener("online", () => { update(); announce(text("online")) })
    update()
}
