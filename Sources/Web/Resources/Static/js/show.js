// Fields that apply only to some answers: data-show holds the rule. Hidden answers stay in the page and are not sent.
// The form may carry data-answers (JSON: what other sections know) data-prefix (what names
// begin with), data-today (ISO) and data-calendar (JSON { works, rests }: make-up days and holidays).

import { evaluator, holds } from "./jsonlogic.js"

function put(data, path, value) {
    const parts = path.split(".")
    let place = data
    parts.forEach((part, index) => {
        const last = index === parts.length - 1
        const key = /^\d+$/.test(part) ? Number(part) : part
        if (last) place[key] = value
        else place = place[key] ??= /^\d+$/.test(parts[index + 1]) ? [] : {}
    })
}

/** The answers a form holds now, as rules read them. */
export function answers(form) {
    const data = form.dataset.answers ? JSON.parse(form.dataset.answers) : {}
    const prefix = form.dataset.prefix ?? ""
    const lists = new Set()
    const dates = new Map()
    for (const control of form.elements) {
        if (!control.name?.startsWith(prefix) || ["file", "submit", "button", "hidden"].includes(control.type)) continue
        const name = control.name.slice(prefix.length)
        if (!name || /[^\w.-]/.test(name) || /(^|\.)(__proto__|constructor|prototype)(\.|$)/.test(name)) continue
        if (control.type === "radio") {
            if (control.checked) put(data, name, control.value)
        } else if (control.type === "checkbox") {
            if (!lists.has(name)) lists.add(name) && put(data, name, [...form.elements].filter(
                other => other.name === control.name && other.checked).map(other => other.value))
        } else if (/\.(year|month|day)$/.test(name) && control.closest(".date-boxes")) {
            const [, base, part] = name.match(/^(.*)\.(year|month|day)$/)
            dates.set(base, { ...dates.get(base), [part]: control.value.trim() })
        } else if (control.classList.contains("input-number")) {
            const digits = control.value.replace(/[\s,,]/g, "")
            put(data, name, digits === "" || Number.isNaN(Number(digits)) ? null : Number(digits))
        } else {
            put(data, name, control.value.trim())
        }
    }
    for (const [name, { year, month, day }] of dates) {
        put(data, name, year && month && day ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : null)
    }
    return data
}

function setShown(element, shown) {
    element.hidden = !shown
    for (const control of element.querySelectorAll("input, select, textarea, button")) {
        if (shown && control.dataset.asleep) {
            control.disabled = false
            delete control.dataset.asleep
        } else if (!shown && !control.disabled) {
            control.disabled = true
            control.dataset.asleep = "1"
        }
    }
}

function calendarOf(form) {
    const { works = [], rests = [] } = form.dataset.calendar ? JSON.parse(form.dataset.calendar) : {}
    return { works: new Set(works), rests: new Set(rests) }
}

export function start(forms) {
    for (const form of forms) {
        const evaluate = evaluator(calendarOf(form), form.dataset.today)
        const conditional = [...form.querySelectorAll("[data-show]")]
        const update = () => {
            const data = answers(form)
            for (const element of conditional) {
                try {
                    setShown(element, holds(JSON.parse(element.dataset.show), data, evaluate))
                } catch {
                    setShown(element, true)
                }
            }
        }
        form.addEventListener("input", update)
        form.addEventListener("change", update)
        update()
    }
}
