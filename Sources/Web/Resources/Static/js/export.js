// A download that is made while it is sent: the page shows how far it is, asking once a second.

import { announce, make } from "./texts.js"

const pause = 1_000
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
const grouped = number => number.toLocaleString("en-US")

export function start([row]) {
    const line = document.querySelector("[data-export-line]")
    let current = ""

    row.querySelectorAll("a[download]").forEach(link => {
        const plain = link.getAttribute("href")
        link.addEventListener("click", () => {
            current = crypto.randomUUID()
            link.href = `${plain}${plain.includes("?") ? "&" : "?"}job=${current}`
            setTimeout(() => look(current, 0), pause)
        })
    })

    async function look(job, misses) {
        if (job !== current) return
        let state = null
        try {
            const answer = await fetch(`${row.dataset.export}?job=${job}`, { headers: { Accept: "application/json" } })
            if (answer.ok) state = await answer.json()
        } catch {
            // No network for a moment: the next look may have it.
        }
        if (!state) return misses < 10 ? setTimeout(() => look(job, misses + 1), pause) : undefined
        const values = { rows: grouped(state.rows), total: grouped(state.total) }
        const words = fill(state.failed ? row.dataset.failed : state.ended ? row.dataset.done : row.dataset.running, values)
        const bar = make("progress", "")
        bar.max = Math.max(1, state.total)
        bar.value = state.ended && !state.failed ? bar.max : state.rows
        bar.setAttribute("aria-hidden", "true")
        line.hidden = false
        line.replaceChildren(bar, ` ${words}`)
        if (state.ended) announce(words)
        else setTimeout(() => look(job, 0), pause)
    }
}
