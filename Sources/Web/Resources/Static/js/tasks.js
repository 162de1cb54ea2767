// The list of tasks: j k move, Enter opens (the link has the focus), x selects; new tasks are announced, rows never jump.
// [data-selection] is the bar of acts on selected rows, [data-selected] its number; [data-new-tasks] (hidden link to the
// same page) appears when data-poll, JSON { new }, counts more.

import { bind, press } from "./keys.js"
import { text, announce } from "./texts.js"

export function start(table) {
    const links = () => [...table.querySelectorAll("tbody .task-link")]
    const row = () => document.activeElement?.closest("tbody tr")

    function move(step) {
        const all = links()
        if (all.length === 0) return false
        const here = all.findIndex(link => link.closest("tr") === row())
        const next = all[Math.min(all.length - 1, Math.max(0, here === -1 ? (step > 0 ? 0 : all.length - 1) : here + step))]
        next.focus()
        next.scrollIntoView({ block: "nearest" })
    }
    bind("KeyJ", () => move(1))
    bind("KeyK", () => move(-1))
    bind("KeyX", () => {
        const box = row()?.querySelector('input[type="checkbox"]')
        box?.click()
        return Boolean(box)
    })
    bind("KeyF", () => press(".filters input:not([type=hidden]), .filters select"))
    for (let view = 1; view <= 6; view += 1) {
        bind(`Digit${view}`, () => {
            const link = document.querySelectorAll(".views .view")[view - 1]
            link?.click()
            return Boolean(link)
        })
    }
    for (const letter of ["a", "t", "p"]) bind(`Key${letter.toUpperCase()}`, () => press(`[data-key="${letter}"]`))

    const bar = document.querySelector("[data-selection]")
    function selected() {
        let count = 0
        for (const box of table.querySelectorAll('tbody input[type="checkbox"]')) {
            box.closest("tr").classList.toggle("is-selected", box.checked)
            if (box.checked) count += 1
        }
        if (bar) bar.hidden = count === 0
        for (const place of document.querySelectorAll("[data-selected]")) place.textContent = count
    }
    table.addEventListener("change", selected)
    addEventListener("pageshow", selected)
    selected()

    if (table.dataset.poll) setInterval(() => poll(table.dataset.poll), 30_000)
}

let told = 0
async function poll(url) {
    const link = document.querySelector("[data-new-tasks]")
    if (document.hidden || !link) return
    const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null)
    if (!answer?.ok) return
    const count = (await answer.json()).new ?? 0
    if (count <= told) return
    told = count
    link.textContent = text("newTasks", { count })
    link.hidden = false
    announce(link.textContent)
}
