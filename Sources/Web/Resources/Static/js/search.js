// The search box as a combobox (ARIA 1.2): at most 8 suggestions from data-suggest?q=, JSON [{ title, href, hint }].

import { text, announce, make } from "./texts.js"

const LIMIT = 8

export function start(forms) {
    forms.forEach(arm)
}

function arm(form, number) {
    const input = form.querySelector('input[name="q"]')
    const known = new Map()
    const list = make("ul", "suggestions")
    list.id = `suggestions-${number}`
    list.setAttribute("role", "listbox")
    list.setAttribute("aria-label", form.querySelector("label")?.textContent ?? "")
    list.hidden = true
    form.append(list)
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
        input.setAttribute(name, value)
    }
    let active = -1, timer = 0, request = null, typed = ""

    function close() {
        list.hidden = true
        active = -1
        input.setAttribute("aria-expanded", "false")
        input.removeAttribute("aria-activedescendant")
    }

    function select(index) {
        active = index
        ;[...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)))
        if (index < 0) input.removeAttribute("aria-activedescendant")
        else {
            input.setAttribute("aria-activedescendant", list.children[index].id)
            list.children[index].scrollIntoView({ block: "nearest" })
        }
    }

    function show(found) {
        list.replaceChildren(...found.slice(0, LIMIT).map((entry, index) => {
            const option = make("li", "suggestion", make("span", "", entry.title))
            if (entry.hint) option.append(make("span", "suggestion-hint", entry.hint))
            option.id = `${list.id}-${index}`
            option.setAttribute("role", "option")
            option.setAttribute("aria-selected", "false")
            option.dataset.href = entry.href
            option.addEventListener("pointerdown", event => event.preventDefault())
            option.addEventListener("click", () => { location.href = entry.href })
            return option
        }))
        if (found.length === 0) close()
        else {
            list.hidden = false
            active = -1
            input.removeAttribute("aria-activedescendant")
            input.setAttribute("aria-expanded", "true")
        }
        announce(found.length === 0 ? text("noSuggestions") : text("suggestions", { count: Math.min(found.length, LIMIT) }))
    }

    async function ask() {
        const words = input.value.trim()
        if (words === typed && !list.hidden) return
        typed = words
        request?.abort()
        if (!words) return close()
        if (known.has(words)) return show(known.get(words))
        request = new AbortController()
        try {
            const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(words)}`, {
                headers: { Accept: "application/json" }, signal: request.signal,
            })
            if (!answer.ok) return close()
            const found = await answer.json()
            known.set(words, found)
            if (input.value.trim() === words && document.activeElement === input) show(found)
        } catch {
            // A newer word was typed, or there is no network: the box still works as a form.
        }
    }

    const soon = () => {
        clearTimeout(timer)
        timer = setTimeout(ask, 120)
    }
    input.addEventListener("input", event => { if (!event.isComposing) soon() })
    // Somebody may have begun to type before this script arrived.
    if (document.activeElement === input && input.value.trim()) soon()
    input.addEventListener("compositionend", soon)
    input.addEventListener("blur", close)
    input.addEventListener("keydown", event => {
        if (event.isComposing || event.keyCode === 229) return
        const count = list.hidden ? 0 : list.children.length
        if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count > 0) {
            event.preventDefault()
            const step = event.key === "ArrowDown" ? 1 : -1
            select((active + step + count + 1) % (count + 1) === count ? -1 : (active + step + count + 1) % (count + 1))
        } else if (event.key === "ArrowDown" && input.value.trim()) {
            event.preventDefault()
            ask()
        } else if (event.key === "Enter" && active >= 0) {
            event.preventDefault()
            location.href = list.children[active].dataset.href
        } else if (event.key === "Escape" && count > 0) {
            event.preventDefault()
            event.stopPropagation()
            close()
        }
    })
}
