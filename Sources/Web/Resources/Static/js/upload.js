// Files go up as soon as they are chosen, three at a time, each in its own row; a lost network pauses, its return resumes: a large
// file, where the box has data-upload-parts, in the part where it stopped.
// POST multipart to data-upload: csrf and the file under data-upload-name, or filename and upload (the ticket of what went up in
// parts). Answer 2xx JSON { name, size, href, remove, ready }; `remove` is a URL to POST, `ready` the text for [data-ready]. Anything else: problem+json { detail }, shown in the row.

import { text, announce, make, token } from "./texts.js"
import { bring, send, Lost, PART } from "./parts.js"

const PARALLEL = 3
const waiting = []
let running = 0

export function start(boxes) {
    boxes.forEach(arm)
    addEventListener("online", () => {
        for (const row of document.querySelectorAll("[data-paused]")) row.dispatchEvent(new Event("resume"))
    })
    addEventListener("beforeunload", event => { if (running > 0 && navigator.onLine) event.preventDefault() })
}

function arm(box) {
    const input = box.querySelector('input[type="file"]')
    if (!input) return
    const take = () => {
        const files = [...input.files]
        input.value = ""
        for (const file of files) add(box, input, file)
    }
    input.addEventListener("change", take)
    // Chosen before this script was here.
    if (input.files.length > 0) take()
    box.addEventListener("dragover", event => event.preventDefault())
    box.addEventListener("drop", event => {
        event.preventDefault()
        for (const file of event.dataTransfer.files) add(box, input, file)
    })
}

const readable = bytes => bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`

function refusal(box, input, file) {
    const limit = Number(box.dataset.uploadLimit ?? 50 * 1024 * 1024)
    if (file.size > limit) {
        return text("fileTooLarge", { name: file.name, size: readable(file.size), limit: readable(limit) })
    }
    const kinds = (input.accept || "").split(",").map(kind => kind.trim().toLowerCase()).filter(Boolean)
    const fits = kind => kind.startsWith(".") ? file.name.toLowerCase().endsWith(kind)
        : kind.endsWith("/*") ? file.type.startsWith(kind.slice(0, -1)) : file.type === kind
    return kinds.length > 0 && !kinds.some(fits) ? text("fileType", { name: file.name }) : null
}

function add(box, input, file) {
    const row = rowFor(box, file)
    const reason = refusal(box, input, file)
    if (reason) return row.fail(reason, false)
    const job = () => work(box, input, file, row)
    row.retry = () => enqueue(job, row)
    enqueue(job, row)
}

function enqueue(job, row) {
    clearTimeout(row.timer)
    if (row.waits) return
    row.wait()
    waiting.push(job)
    next()
}

function next() {
    while (running < PARALLEL && waiting.length > 0) {
        running += 1
        waiting.shift()()
    }
}

async function work(box, input, file, row) {
    row.begin()
    let forget = () => {}
    try {
        const form = new FormData()
        form.append("csrf", token(box))
        const place = box.dataset.uploadParts
        if (place && file.size > PART) {
            const whole = await bring(file, place, () => token(box), sent => row.progress(sent / file.size))
            forget = whole.forget
            row.check()
            form.append("filename", file.name)
            form.append("upload", whole.ticket)
        } else {
            form.append(box.dataset.uploadName || input.name, file)
        }
        const reply = await send("POST", box.dataset.upload, form, {}, (sent, all) => {
            if (form.has("upload")) return
            if (sent < all) row.progress(sent / all)
            else row.check()
        })
        forget()
        row.succeed(reply)
    } catch (error) {
        if (error instanceof Lost) return later(row, error.seconds)
        const { status, reply } = error
        // The server has it no more: it begins anew.
        if (status === 404) forget()
        if (status === 401) document.dispatchEvent(new CustomEvent("tongban:signed-out"))
        const again = !status || status >= 500 || status === 401 || status === 404 || reply.reason === "web.fault.csrf"
        row.fail(status !== 404 && reply?.detail || text("fileFailed"), again)
    } finally {
        running -= 1
        next()
    }
}

/** A lost line is tried again when the browser says that it is back, and by and by, as it does not always say so. */
function later(row, seconds) {
    row.pause()
    const pause = Math.max(seconds, Math.min(30, 2 ** (row.tries = (row.tries ?? 0) + 1)))
    row.timer = setTimeout(() => row.retry(), pause * 1000)
}

function rowFor(box, file) {
    const list = box.querySelector("[data-upload-list]") ?? box.appendChild(make("ul", "file-list"))
    list.hidden = false
    const state = make("span", "file-state", "…")
    state.setAttribute("aria-hidden", "true")
    const word = make("span", "file-word")
    const bar = make("progress")
    bar.max = 100
    bar.hidden = true
    bar.setAttribute("aria-label", file.name)
    const acts = make("div", "file-acts")
    const element = make("li", "", state,
        make("div", "file-text", make("span", "file-name", file.name), " ", make("span", "file-size", readable(file.size)), bar, word), acts)
    list.append(element)

    const button = (label, action) => {
        const control = make("button", "link-button", label, make("span", "visually-hidden", ` ${file.name}`))
        control.type = "button"
        control.addEventListener("click", action)
        return control
    }
    const say = key => announce(`${file.name}: ${text(key)}`)
    const drop = () => {
        const beside = element.nextElementSibling ?? element.previousElementSibling
        element.remove()
        list.hidden = list.children.length === 0
        const target = beside?.querySelector("a, button") ?? box.querySelector('input[type="file"]')
        target?.focus()
        announce(text("removed", { name: file.name }))
    }
    const row = {
        waits: false,
        retry: () => {},
        wait() { row.waits = true; delete element.dataset.paused; element.classList.remove("file-failed"); state.textContent = "…"; word.textContent = text("fileWaiting"); acts.replaceChildren() },
        begin() {
            row.waits = false
            bar.hidden = false
            row.progress(row.part ?? 0)
            announce(`${file.name}: ${word.textContent}`)
        },
        progress(part) { row.part = part; bar.value = part * 100; word.textContent = text("fileUploading", { percent: Math.floor(part * 100) }) },
        check() { bar.removeAttribute("value"); word.textContent = text("fileChecking") },
        pause() { bar.hidden = !row.part; element.dataset.paused = "1"; word.textContent = text("filePaused"); acts.replaceChildren(button(text("retry"), () => row.retry())); say("filePaused") },
        fail(reason, again) {
            bar.hidden = true
            element.classList.add("file-failed")
            state.textContent = "✕"
            word.textContent = reason
            acts.replaceChildren(...(again ? [button(text("retry"), () => row.retry())] : []), button(text("remove"), drop))
            announce(reason)
        },
        succeed(reply) {
            bar.hidden = true
            state.textContent = "✓"
            word.textContent = text("fileDone")
            acts.replaceChildren()
            if (reply.href) {
                const link = make("a", "", text("view"), make("span", "visually-hidden", ` ${file.name}`))
                link.href = reply.href
                link.target = "_blank"
                link.rel = "noopener"
                acts.append(link)
            }
            if (reply.remove) acts.append(button(text("remove"), async () => {
                const answer = await fetch(reply.remove, {
                    method: "POST", body: new URLSearchParams({ csrf: token(box) }), headers: { Accept: "application/json" },
                }).catch(() => null)
                if (!answer?.ok) return row.fail(text("fileFailed"), false)
                ready(await answer.json().catch(() => ({})))
                drop()
            }))
            ready(reply)
            document.dispatchEvent(new CustomEvent("tongban:alive"))
            say("fileDone")
        },
    }
    element.addEventListener("resume", () => row.retry())
    return row
}

function ready(reply) {
    if (reply.ready === undefined) return
    for (const place of document.querySelectorAll("[data-ready]")) place.textContent = reply.ready
}
