// Something goes on at the server: its figures are read again every 2 s, and the page is opened anew when it has ended.

const pause = 2_000

export function start([shown]) {
    async function look() {
        try {
            const answer = await fetch(location.href, { credentials: "same-origin" })
            const page = new DOMParser().parseFromString(await answer.text(), "text/html")
            const fresh = page.querySelector("[data-progress]")
            if (!fresh) return location.reload()
            if (fresh.textContent !== shown.textContent) shown.replaceChildren(...fresh.childNodes)
        } catch {
            // No network for a moment: the next look may have it.
        }
        setTimeout(look, pause)
    }
    setTimeout(look, pause)
}
