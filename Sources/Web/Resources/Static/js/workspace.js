// The workspace of a case. Materials are links with data-doc, data-kind (image, pages, pdf, other), data-pages (JSON list of
// image URLs) and data-material; the form data-marks posts { csrf, material, mark } for the one shown.

import { bind, press } from "./keys.js"
import { text, announce, make, token } from "./texts.js"

const STEPS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4]

export function start(workspace) {
    const docs = [...workspace.querySelectorAll("a[data-doc]")]
    const stage = workspace.querySelector("[data-viewer-stage]")
    const marks = workspace.querySelector("form[data-marks]")
    let index = Math.max(0, docs.findIndex(link => link.closest("[aria-current]")))
    let page = 0, zoom = 3, turned = 0

    const pagesOf = link => link.dataset.pages ? JSON.parse(link.dataset.pages) : [link.href]

    function draw() {
        const link = docs[index]
        if (!link || !stage) return
        const kind = link.dataset.kind ?? "other"
        const pages = pagesOf(link)
        stage.classList.toggle("viewer-full", kind === "pdf")
        if (kind === "image" || kind === "pages") {
            const image = make("img")
            image.alt = link.textContent.trim()
            image.addEventListener("load", () => scale(image))
            image.addEventListener("error", () => failed(link))
            image.src = pages[page]
            stage.replaceChildren(make("div", "viewer-sheet", image))
        } else if (kind === "pdf") {
            const frame = make("iframe")
            frame.title = link.textContent.trim()
            frame.src = link.href
            stage.replaceChildren(frame)
        } else failed(link)
        const label = workspace.querySelector("[data-viewer-page]")
        if (label) label.textContent = pages.length > 1 ? text("page", { page: page + 1, pages: pages.length }) : ""
        stage.setAttribute("aria-label", link.textContent.trim())
    }

    function failed(link) {
        const download = link.cloneNode(true)
        download.removeAttribute("data-doc")
        download.target = "_blank"
        stage.replaceChildren(make("p", "viewer-failed", download))
    }

    function scale(image) {
        const sideways = turned % 180 !== 0
        const fit = Math.min(1, (stage.clientWidth - 32) / (sideways ? image.naturalHeight : image.naturalWidth) || 1)
        const width = image.naturalWidth * fit * STEPS[zoom], height = image.naturalHeight * fit * STEPS[zoom]
        image.style.width = `${width}px`
        image.style.height = `${height}px`
        image.style.transform = sideways
            ? `translate(${(height - width) / 2}px, ${(width - height) / 2}px) rotate(${turned}deg)` : `rotate(${turned}deg)`
        image.parentElement.style.width = `${sideways ? height : width}px`
        image.parentElement.style.height = `${sideways ? width : height}px`
    }

    function show(next) {
        if (next < 0 || next >= docs.length) return
        docs[index]?.closest(".doc")?.removeAttribute("aria-current")
        index = next
        page = 0
        turned = 0
        const link = docs[index]
        link.closest(".doc")?.setAttribute("aria-current", "true")
        link.scrollIntoView({ block: "nearest" })
        const name = workspace.querySelector("[data-viewer-name]")
        if (name) name.textContent = link.textContent.trim()
        setMarks(link.dataset.mark)
        draw()
        announce(link.textContent.trim())
    }

    const acts = {
        in: () => { zoom = Math.min(STEPS.length - 1, zoom + 1); redraw() },
        out: () => { zoom = Math.max(0, zoom - 1); redraw() },
        rotate: () => { turned = (turned + 90) % 360; redraw() },
        next: () => { if (docs[index] && page < pagesOf(docs[index]).length - 1) { page += 1; draw() } },
        previous: () => { if (page > 0) { page -= 1; draw() } },
    }
    function redraw() {
        const image = stage?.querySelector("img")
        if (image) scale(image)
    }

    function setMarks(mark) {
        for (const button of marks?.querySelectorAll('button[name="mark"]') ?? []) {
            button.setAttribute("aria-pressed", String(button.value === mark))
        }
    }
    async function mark(button) {
        const link = docs[index]
        if (!link) return
        const body = new URLSearchParams({ csrf: token(marks), material: link.dataset.material ?? "", mark: button.value })
        const answer = await fetch(marks.getAttribute("action"), {
            method: "POST", body, headers: { Accept: "application/json" }, redirect: "error",
        }).catch(() => null)
        if (!answer?.ok) {
            const problem = await answer?.json().catch(() => null)
            return announce(problem?.detail ?? text("markFailed"))
        }
        link.dataset.mark = button.value
        setMarks(button.value)
        const place = link.closest(".doc")?.querySelector("[data-doc-mark]")
        const words = button.dataset.done ?? button.firstChild.textContent.trim()
        if (place) {
            place.textContent = words
            place.className = `doc-mark ${button.value === "good" ? "doc-good" : "doc-bad"}`
        }
        announce(`${link.textContent.trim()}: ${words}`)
    }

    docs.forEach((link, place) => link.addEventListener("click", event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || !stage) return
        event.preventDefault()
        show(place)
        if (tabs) tabs.open(stage.closest(".pane"))
    }))
    for (const button of workspace.querySelectorAll("[data-viewer]")) {
        button.addEventListener("click", () => acts[button.dataset.viewer]?.())
    }
    marks?.addEventListener("submit", event => {
        if (!event.submitter?.value) return
        event.preventDefault()
        mark(event.submitter)
    })

    bind("BracketLeft", () => show(index - 1))
    bind("BracketRight", () => show(index + 1))
    for (const key of ["Equal", "Shift+Equal", "NumpadAdd"]) bind(key, acts.in)
    for (const key of ["Minus", "NumpadSubtract"]) bind(key, acts.out)
    bind("KeyR", acts.rotate)
    bind("PageDown", acts.next)
    bind("PageUp", acts.previous)
    bind("KeyY", () => press('form[data-marks] [value="good"]'))
    bind("KeyN", () => press('form[data-marks] [value="bad"]'))
    bind("KeyC", () => press('[data-key="c"]'))
    bind("KeyD", () => focus("#decision"))
    for (let number = 1; number <= 9; number += 1) bind(`Digit${number}`, () => {
        const button = document.querySelectorAll("#decision :is(button, a.button)")[number - 1]
        button?.focus()
        return Boolean(button)
    })
    bind("KeyA", () => focus('[data-key="a"]'))
    bind("KeyT", () => focus("#person"))
    bind("KeyI", () => focus("#note"))
    bind("KeyL", () => focus("#timeline"))
    bind("Shift+KeyJ", () => press("[data-next]"))
    bind("Shift+KeyK", () => press("[data-previous]"))
    bind("KeyU", () => press("[data-back]"))

    function focus(selector) {
        const target = document.querySelector(selector)
        if (!target) return false
        tabs?.open(target.closest(".pane"))
        target.focus()
        target.scrollIntoView({ block: "nearest" })
    }

    const tabs = paneTabs(workspace)
    const shown = stage?.querySelector("img")
    if (shown) shown.complete && shown.naturalWidth ? scale(shown) : shown.addEventListener("load", () => scale(shown))
    else if (stage && docs.length > 0 && stage.childElementCount === 0) draw()
}

// Under 1024 px the panes are tabs; the sheet decides when.
function paneTabs(workspace) {
    const panes = [...workspace.querySelectorAll(":scope > .pane[data-pane]")]
    if (panes.length < 2) return null
    const bar = make("div", "tabs pane-tabs")
    const buttons = panes.map(pane => {
        const button = make("button", "tab", pane.dataset.pane)
        button.type = "button"
        button.addEventListener("click", () => open(pane))
        bar.append(button)
        return button
    })
    const open = chosen => panes.forEach((pane, place) => {
        pane.classList.toggle("is-open", pane === chosen)
        buttons[place].setAttribute("aria-pressed", String(pane === chosen))
    })
    workspace.before(bar)
    workspace.parentElement.classList.add("js-tabs")
    open(panes[0])
    return { open }
}
