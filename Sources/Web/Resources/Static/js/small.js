// Small conveniences: menus close, error links focus the control, passwords can be shown, numbers copy without spaces,
// details open for paper, pages are read aloud, dialogs open.

import { text, announce, make } from "./texts.js"

export function start() {
    menus()
    errorLinks()
    passwords()
    copying()
    printing()
    dialogs()
    reading()
}

function menus() {
    const close = menu => {
        const inside = menu.contains(document.activeElement)
        menu.open = false
        if (inside) menu.querySelector("summary").focus()
    }
    document.addEventListener("click", event => {
        for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false
    })
    document.addEventListener("keydown", event => {
        if (event.key === "Escape") document.querySelectorAll("details[data-menu][open]").forEach(close)
    })
    document.addEventListener("focusin", event => {
        for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false
    })
}

function errorLinks() {
    document.addEventListener("click", event => {
        const link = event.target.closest(".error-summary a[href^='#']")
        const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)))
        if (!target) return
        event.preventDefault()
        const control = target.matches("input, select, textarea")
            ? target : target.querySelector('[aria-invalid="true"]:is(input, select, textarea), input, select, textarea, button') ?? target
        ;(target.closest(".field") ?? target).scrollIntoView({ block: "start" })
        control.focus({ preventScroll: true })
    })
}

function passwords() {
    for (const box of document.querySelectorAll("[data-password]")) {
        const input = box.querySelector("input")
        const button = make("button", "button button-secondary", text("show"))
        button.type = "button"
        button.setAttribute("aria-controls", input.id)
        button.addEventListener("click", () => {
            const hidden = input.type === "password"
            input.type = hidden ? "text" : "password"
            button.textContent = text(hidden ? "hide" : "show")
        })
        box.append(button)
    }
}

function copying() {
    document.addEventListener("copy", event => {
        const selection = getSelection()
        const copied = selection.toString()
        const within = node => (node?.nodeType === 1 ? node : node?.parentElement)?.closest(".case-number")
        if (!within(selection.anchorNode) || !within(selection.focusNode) || !/\s/.test(copied)) return
        const plain = copied.replace(/\s+/g, "")
        event.clipboardData.setData("text/plain", plain)
        event.preventDefault()
        announce(text("copied", { text: plain }))
    })
}

function printing() {
    for (const button of document.querySelectorAll("[data-print]")) {
        button.hidden = false
        button.addEventListener("click", () => print())
    }
    let opened = []
    addEventListener("beforeprint", () => {
        opened = [...document.querySelectorAll("details:not([open]):not([data-menu])")]
        for (const details of opened) details.open = true
    })
    addEventListener("afterprint", () => { for (const details of opened) details.open = false })
}

function dialogs() {
    document.addEventListener("click", event => {
        const opener = event.target.closest("[data-dialog]")
        const dialog = opener && document.getElementById(opener.dataset.dialog)
        if (dialog?.showModal) {
            event.preventDefault()
            dialog.showModal()
        }
        const closer = event.target.closest("[data-dialog-close]")
        closer?.closest("dialog")?.close()
    })
}

function reading() {
    const heading = document.querySelector("html.elder main h1")
    if (!heading || !("speechSynthesis" in window)) return
    const button = make("button", "button button-secondary reader", text("speak"))
    button.type = "button"
    const quiet = () => {
        speechSynthesis.cancel()
        button.textContent = text("speak")
    }
    button.addEventListener("click", () => {
        if (speechSynthesis.speaking) return quiet()
        const main = document.getElementById("main").cloneNode(true)
        main.querySelectorAll("button, [hidden], .visually-hidden, [aria-hidden=true], input, select, textarea").forEach(part => part.remove())
        const parts = main.innerText.split(/\n+/).map(line => line.trim()).filter(Boolean)
        parts.forEach((part, index) => {
            const utterance = new SpeechSynthesisUtterance(part)
            utterance.lang = document.documentElement.lang.startsWith("zh") ? "zh-CN" : document.documentElement.lang
            utterance.rate = 0.9
            if (index === parts.length - 1) utterance.onend = quiet
            speechSynthesis.speak(utterance)
        })
        button.textContent = text("speakStop")
    })
    const offer = () => {
        if (!button.isConnected && speechSynthesis.getVoices().length > 0) heading.after(button)
    }
    speechSynthesis.addEventListener?.("voiceschanged", offer)
    addEventListener("pagehide", quiet)
    offer()
}
